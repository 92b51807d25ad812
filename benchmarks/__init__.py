"""What reading scans costs and how right it is: ``python -m benchmarks``; each module but :mod:`figures` measures one part."""
