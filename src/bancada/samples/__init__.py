"""Rows that pass between blocks in memory, and are never stored as such."""

from bancada.samples._samples import FoldPart, Sample, SplitRows

__all__ = ["FoldPart", "Sample", "SplitRows"]
