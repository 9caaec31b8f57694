"""The files that a record would have laid out, told alike to whoever shows them and to whoever executes them."""

from bancada.records.laying._files import MOST_BYTES, MOST_FILES, laid_files

__all__ = ["MOST_BYTES", "MOST_FILES", "laid_files"]
