"""What computing a claim twice has shown: the content of a `determinism` statement."""

from __future__ import annotations

import msgspec

__all__ = ["Determinism"]


class Determinism(msgspec.Struct, frozen=True, kw_only=True):
    """How the predictions of two runs of one claim differ.

    Attributes:
        other: The run that it was held against.
        folds: Folds that were computed in both.
        differing_folds: Folds of these with a prediction that is not the same to the bit, or that failed in one.
        predictions: Rows that were compared, over all folds.
        differing: Rows of these with another value.
        max_abs_difference: Largest difference between two numbers; None where no number differs.
        schema: `bancada.determinism/1`.
    """

    other: str
    folds: int
    differing_folds: int
    predictions: int
    differing: int
    max_abs_difference: float | None = None
    schema: str = "bancada.determinism/1"

    @property
    def holds(self) -> bool:
        """True where everything came out the same."""
        return not self.differing_folds
