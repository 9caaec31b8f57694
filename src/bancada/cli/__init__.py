"""The command line: one verb a file; it parses, calls and shows."""

from bancada.cli._main import main

__all__ = ["main"]
