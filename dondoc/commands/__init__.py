"""What each ``dondoc`` command does, a module for each theme; :mod:`dondoc.cli` only puts them together."""
