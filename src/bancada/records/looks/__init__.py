"""Looks at a sealed holdout, and which rows it holds."""

from bancada.records.looks._look import Look
from bancada.records.looks._rows import HoldoutRows, same_rows

__all__ = ["HoldoutRows", "Look", "same_rows"]
