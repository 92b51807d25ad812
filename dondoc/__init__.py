"""The application: command line, settings, inbox, worker pool. It wires the stages together and holds no rules of its own."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Set before NumPy is imported: pages share the cores between processes already; more threads in each only wait for one another."""
