"""Rows that pass between blocks in memory, and are never stored as such."""

from bancada.samples._samples import FoldPart, LeftOut, Sample, SplitRows, Timeline

__all__ = ["FoldPart", "LeftOut", "Sample", "SplitRows", "Timeline"]
