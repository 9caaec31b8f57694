"""The files that a record would have laid out, told alike to whoever shows them and to whoever executes them."""

from bancada.records.laying._files import laid_files

__all__ = ["laid_files"]
