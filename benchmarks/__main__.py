"""``python -m benchmarks [PART …] [--quick] [--write]``: measure, print the table, and keep it in ``benchmarks/RESULTS.md``.

Run it on a machine that does nothing else: ``throughput`` and ``memory`` compare within one run, but a busy machine still blurs
them. ``--list`` says what each part measures. What a part needs beyond the checkout (the rendered samples, OCRmyPDF, real scans)
it names when that is missing, and the others go on.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import sys
import time
from datetime import date
from pathlib import Path

from benchmarks.figures import Figure, NotReady, Part, table

PARTS = ("body_text", "tables", "orientation", "seals", "real_scans", "transcripts", "throughput", "memory", "lists", "pages")
RESULTS = Path(__file__).with_name("RESULTS.md")


def main(argv: list[str] | None = None) -> int:
    """Measure what was asked for; 1 when a wanted figure was not reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="a small share of the work, to try the code; its figures mean little")
    parser.add_argument("--write", action="store_true", help=f"keep each part's table in {RESULTS.name}; the other parts' stay")
    parser.add_argument("--list", action="store_true", help="say what each part measures")
    args = parser.parse_args(argv)
    if unknown := set(args.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    good = True
    for name in args.parts or PARTS:
        module = importlib.import_module(f"benchmarks.{name}")
        if args.list:
            print(f"{name:12} {(module.__doc__ or '').strip().splitlines()[0]}")
            continue
        good &= _run(name, module, quick=args.quick, write=args.write)
    return 0 if good else 1


def _run(name: str, part: Part, *, quick: bool, write: bool) -> bool:
    begin = time.monotonic()
    figures: list[Figure] = []
    try:
        for figure in part.measure(quick=quick):
            figures.append(figure)
            print(f"{name}: {figure.what} = {figure.value:.4g} {figure.unit}", file=sys.stderr, flush=True)
    except NotReady as error:
        print(f"{name}: {error}", file=sys.stderr)
    if not figures:
        return True
    shown = table(figures)
    print(f"\n{shown}\n", flush=True)
    if write and not quick:
        keep(name, f"{date.today():%Y-%m-%d}, {(time.monotonic() - begin) / 60:.0f} min, {platform.machine()}\n\n{shown}\n")
    return all(figure.reached for figure in figures)


def keep(name: str, text: str, path: Path = RESULTS) -> None:
    """Put ``text`` under the heading of part ``name`` in the kept results, in the order of the parts."""
    kept: dict[str, str] = {}
    if path.exists():
        for section in path.read_text(encoding="utf-8").split("\n## ")[1:]:
            heading, _, body = section.partition("\n")
            kept[heading.strip()] = body.strip()
    kept[name] = text.strip()
    order = sorted(kept, key=lambda part: PARTS.index(part) if part in PARTS else len(PARTS))
    body = "\n\n".join(f"## {part}\n\n{kept[part]}" for part in order)
    path.write_text(f"# The last figures\n\nWritten by `python -m benchmarks --write`.\n\n{body}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
