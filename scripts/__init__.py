"""Tools for the people who work on dondoc; nothing here is installed with it."""
