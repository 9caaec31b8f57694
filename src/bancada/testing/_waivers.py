"""Laws that a built-in metric breaks by what it is, each with its reason; a new metric adds a line where it must."""

from __future__ import annotations

__all__ = ["WAIVERS"]

_OF_QUERIES = {
    "better_is_never_worse": "one right score among wrong ones can stand in the wrong place",
    "duplication_changes_nothing": "a row and its double compete within their query",
    "weights_are_counts": "the query weighs, and rows that are doubled compete within it",
}
_CALIBRATION = "it asks how often the interval holds the truth, not how near it is"

# By name, or by what stands before the `@` of it.
WAIVERS: dict[str, dict[str, str]] = {
    "coverage_error": {
        "better_is_never_worse": _CALIBRATION,
        "exchanged_predictions_are_worse": _CALIBRATION,
        "perfect_is_best": _CALIBRATION,
    },
    "explained_variance": {"better_is_never_worse": "an error that all rows share costs nothing"},
    "interval_width": {"exchanged_predictions_are_worse": "it does not look at the truth"},
    "label_coverage_error": {"perfect_is_best": "rows with labels never reach the bound"},
    "map": _OF_QUERIES,
    "mrr": _OF_QUERIES,
    "ndcg": _OF_QUERIES,
    "precision@10": _OF_QUERIES,
    "recall@10": _OF_QUERIES | {"perfect_is_best": "of more relevant rows than k not all are found"},
}
