"""``python -m dondoc`` is ``dondoc``."""

from dondoc.cli import main

if __name__ == "__main__":
    main()
