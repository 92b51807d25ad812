"""Makes the components of :mod:`extract.pipeline` known to spaCy as soon as dondoc is installed.

spaCy imports what the entry points of pyproject.toml name when it makes a pipeline, so that ``nlp.add_pipe("dondoc_roles")`` and
``spacy.load`` of a saved pipeline work without any import of ours. Importing this module does the registering; an entry point needs a
name to point at, and that is :func:`register`.
"""

from extract.pipeline import register

register()

__all__ = ["register"]
