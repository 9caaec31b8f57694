"""Which identity fields keep two runs apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bancada.records import MetricIdentity, ProblemIdentity, RunRecord

__all__ = ["differing_fields", "differing_folds", "differing_metric", "differing_problem"]


def differing_fields(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the dotted names of the fields in which two nested mappings differ, sorted.

    A field that only one of them has differs. Lists are compared as wholes.

    Examples:
        >>> differing_fields({"split": {"k": 5, "seed": 0}, "data": "a"}, {"split": {"k": 10, "seed": 0}, "data": "a"})
        ('split.k',)
    """
    found: list[str] = []
    for name in sorted({*a, *b}):
        if name in a and name in b and a[name] == b[name]:
            continue
        first, second = a.get(name), b.get(name)
        if isinstance(first, dict) and isinstance(second, dict):
            found.extend(f"{name}.{inner}" for inner in differing_fields(first, second))
        else:
            found.append(name)
    return tuple(found)


def differing_problem(a: ProblemIdentity, b: ProblemIdentity) -> tuple[str, ...]:
    """Return the problem's fields that differ; empty for equal problems, whatever their names."""
    if a.digest == b.digest:
        return ()
    return differing_fields(a.ingredients, b.ingredients) or ("problem",)


def differing_metric(run: RunRecord, wanted: MetricIdentity) -> tuple[str, ...]:
    """Return why a run has no score by this very metric, as `metric.<name>` and the field; empty where it has one.

    A failed run has no score by any metric: it differs only where its evaluation asked for another one.
    """
    if any(score.metric_id == wanted.digest for score in run.scores):
        return ()
    asked = next((metric for metric in run.evaluation.metrics if metric.name == wanted.name), None)
    if asked is None:
        return (f"metric.{wanted.name}",)
    if asked.digest == wanted.digest:
        return () if run.status != "done" else (f"metric.{wanted.name}",)
    fields = differing_fields(asked.ingredients, wanted.ingredients)
    return tuple(f"metric.{wanted.name}.{field}" for field in fields) or (f"metric.{wanted.name}",)


def differing_folds(a: RunRecord, b: RunRecord) -> tuple[str, ...]:
    """Return why no fold of the one run is a fold of the other; empty where some may be.

    Folds are the same where they have one number in repeats of one table. `split.table` differs where the repeats of
    the same numbers have other tables in both runs, all of them; a table that was not recorded is unlike each that was.
    Where tables are the same, or both unknown, the names are of the sizes that differ, as after a limit of rows.
    """
    tables = {(use.repeat, use.split) for use in a.folds}
    both = {use.repeat for use in a.folds} & {use.repeat for use in b.folds}
    if both and not any((use.repeat, use.split) in tables for use in b.folds):
        return ("split.table",)
    sizes = {(use.repeat, use.split, use.fold): use for use in a.folds}
    pairs = [(sizes[place], use) for use in b.folds if (place := (use.repeat, use.split, use.fold)) in sizes]
    return tuple(
        f"folds.{name}"
        for name in ("n_test", "n_train")
        if any(_differ(getattr(first, name), getattr(second, name)) for first, second in pairs)
    )


def _differ(first: int | None, second: int | None) -> bool:
    """Return whether two counts that are both known differ."""
    return first is not None and second is not None and first != second
