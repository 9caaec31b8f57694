"""What the names of an expectation mean in a problem."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bancada.definitions._expressions import Comparison, Literal, text
from bancada.definitions._grammar import parse
from bancada.definitions._metrics import named_metrics
from bancada.definitions._slices import Slice
from bancada.exceptions import DefinitionError, NotFoundError, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bancada.definitions._problem import Problem
    from bancada.definitions._project import Project
    from bancada.definitions.expectations._expectation import Expectation

__all__ = ["check_metric", "meant_slice"]

_COMPARES = re.compile(r"==|!=|[<>]|\b(?:in|is)\b", re.IGNORECASE)


def check_metric(expectation: Expectation, problem: Problem, project: Project) -> None:
    """Raise where the problem has no such metric, as far as that can be told without its data.

    Args:
        expectation: What is expected.
        problem: The problem.
        project: Where it lives.

    Raises:
        NotFoundError: The metric is none of the problem's.
    """
    if expectation.metric is None or (problem.task is None and problem.judged.primary is None):
        return
    known = [metric.name for metric in named_metrics(problem, problem.task, project)]
    if expectation.metric not in known:
        raise NotFoundError(
            f"An expectation is about a metric of problem `{problem.name}`.",
            f"Found no metric `{expectation.metric}`.",
            nearest(expectation.metric, known),
        )


def meant_slice(
    expectation: Expectation, declared: Sequence[str | Slice], names: Collection[str] | None
) -> tuple[str | None, str]:
    """Return the slice that is meant: by its name where it is declared, else by its expression.

    Args:
        expectation: What is expected, with a slice.
        declared: Slices of the evaluation.
        names: What all of them are shown under; None while that is not known.

    Returns:
        The name, and an empty text; or None and the canonical expression. None and an empty text where that cannot be
        told before the names are known.

    Raises:
        NotFoundError: No slice has that name.
        DefinitionError: It is neither a name nor in the grammar; the error points at the place.
    """
    own = {item.name: item.canonical for item in declared if isinstance(item, Slice)}
    known = {*own, *(names or ())}
    named = _unquoted(expectation.where)
    if named in known:
        return named, ""
    by_value = any(not isinstance(item, Slice) for item in declared)
    try:
        tree = parse(expectation.source, expectation.start)
    except DefinitionError:
        if by_value and names is None:
            return None, ""
        # With one sign of equality it may be the slice of a value: `region=north`.
        if _COMPARES.search(expectation.where) or ("=" in expectation.where and not known):
            raise
        raise NotFoundError(
            "Behind `where` stands a slice of the evaluation, or an expression over columns.",
            f"Found no slice `{named}`.",
            nearest(named, known) if known else 'Write an expression, such as `region == "north"`.',
        ) from None
    canonical = text(tree)
    for name, expression in own.items():
        if expression == canonical:
            return name, ""
    if isinstance(tree, Comparison) and tree.operator == "==" and isinstance(tree.right, Literal):
        name = f"{tree.left.name}={_value(tree.right)}"
        if tree.left.name in declared and name in known:
            return name, ""
    return None, canonical


def _unquoted(where: str) -> str:
    """Return a name without the quotes or backticks around it."""
    for mark in "`'\"":
        if len(where) > 2 and where[0] == where[-1] == mark and mark not in where[1:-1]:
            return where[1:-1]
    return where


def _value(value: Literal) -> str:
    return str(value.value).lower() if isinstance(value.value, bool) else str(value.value)
