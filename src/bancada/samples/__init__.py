"""Rows that pass between blocks in memory, and are never stored as such."""

from bancada.samples._influence import CellCounts, Influence
from bancada.samples._samples import FitFacts, FoldPart, LeftOut, Sample, SplitRows, Timeline

__all__ = ["CellCounts", "FitFacts", "FoldPart", "Influence", "LeftOut", "Sample", "SplitRows", "Timeline"]
