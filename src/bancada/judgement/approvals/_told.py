"""How a problem is judged, as the snapshot of the definitions tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import ConfigurationError, NotFoundError, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Considered", "Judged", "JudgedMetric", "JudgingCode", "Told", "told_problem"]


class Considered(msgspec.Struct, frozen=True):
    """What was considered and rejected, and why."""

    name: str
    why: str


class JudgedMetric(msgspec.Struct, frozen=True, kw_only=True):
    """A metric: its name, direction, ingredients, and whether it is one of bancada's own."""

    name: str
    greater_is_better: bool
    built_in: bool
    ingredients: dict[str, Any] = {}


class JudgingCode(msgspec.Struct, frozen=True, kw_only=True):
    """A definition of the project that judges: what it is for, its module, its name there or None without one."""

    what: str
    module: str
    qualname: str | None


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """How a problem is judged; see `bc.Evaluation`.

    Attributes:
        ingredients: What the digest of the evaluation is of.
        metrics: Its metrics, the primary first.
        repeats: How many times the folds are drawn.
        code: The project's own definitions among what judges.
        title: Heading of the document.
        rationale: What it is to tell.
        reasons: Why each metric was chosen.
        alternatives: What was rejected.
        kpi: What the business counts, as it is shown.
    """

    ingredients: dict[str, Any]
    metrics: tuple[JudgedMetric, ...]
    repeats: int = 1
    code: tuple[JudgingCode, ...] = ()
    title: str = ""
    rationale: str = ""
    reasons: dict[str, str] = {}
    alternatives: tuple[Considered, ...] = ()
    kpi: tuple[dict[str, Any], ...] = ()


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A problem of the snapshot.

    Attributes:
        name: Its name.
        dataset: Name and version of its data.
        roles: The roles of the columns, as declared.
        task: The task's identity; None where it is left to the data.
        file: Where it is defined; None where that is not known.
        evaluation: Digest of the evaluation; empty where it depends on the data.
        judged: How it is judged; None where that depends on the data.
        error: Why it cannot be told; empty where it can.
    """

    name: str
    dataset: dict[str, str]
    roles: dict[str, Any]
    task: dict[str, Any] | None = None
    file: str | None = None
    evaluation: str = ""
    judged: Judged | None = None
    error: str = ""


def told_problem(snapshot: Mapping[str, Any] | None, name: str | None) -> Told:
    """Return a problem of the snapshot.

    Args:
        snapshot: The newest snapshot of the project's definitions; None where there is none.
        name: Name of the problem; None for the only one.

    Raises:
        UsageError: There is no snapshot, or it cannot be read.
        NotFoundError: There is no problem of that name, or none at all.
        ConfigurationError: There are several and none was named.
        DefinitionError: The problem's evaluation is not well formed.
    """
    problems = {str(item["name"]): item for item in (snapshot or {}).get("problems", ())}
    if snapshot is None or not problems:
        raise UsageError(
            "An evaluation is shown from what the project's modules defined when they were last imported.",
            "They have not been imported yet, or define no problem.",
            "Add `--fresh` to import them now.",
        )
    if name is None and len(problems) > 1:
        found = f"Found {', '.join(f'`{known}`' for known in sorted(problems))}."
        raise ConfigurationError(
            "Where a project has several problems, one of them is named.", found, "Name it with `--problem`."
        )
    if name is not None and name not in problems:
        raise NotFoundError(
            "An evaluation is that of a problem of the project.",
            f"Found no problem `{name}`.",
            nearest(name, problems),
        )
    try:
        told = msgspec.convert(problems[name or next(iter(problems))], Told)
    except msgspec.ValidationError as error:
        raise UsageError(
            "The snapshot of the definitions is one that bancada wrote.", f"Found {error}.", "Add `--fresh`."
        ) from error
    if told.error:
        raise UsageError("The evaluation of a problem is well formed.", f"Found: {told.error}", "Correct it.")
    return told
