"""From two runs to the document that says in what they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.reproduction._collecting import observed_files
from bancada.reproduction.differing._changes import changes
from bancada.reproduction.differing._code import KeptCode, code_changes, file_changes
from bancada.reproduction.differing._data import data_change
from bancada.reproduction.differing._document import Change, Diff, ScoreChange, Side
from bancada.reproduction.differing._packages import (
    environment_of,
    interpreter_changes,
    machine_changes,
    package_changes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.definitions import Project
    from bancada.records import RunRecord
    from bancada.reproduction.differing._recorded import Recorded

__all__ = ["diff"]

# What is compared by itself; `name` and `predictions` of what was made elsewhere say what is seen anyway.
HANDLED = frozenset(
    {
        "code", "distributions", "features", "files", "frame", "kind", "name", "params", "predictions", "problem",
        "python", "reads", "row_limit", "seed", "task", "value", "version",
    }
)  # fmt: skip
TOLD_ONLY = frozenset({"manager"})


def diff(a: Recorded, b: Recorded, project: Project | None = None) -> Diff:
    """Return in what two runs differ, from what was recorded; no code of a project is executed.

    Args:
        a: The one before.
        b: The one after.
        project: Whose cache may tell the rows of different data apart; None compares what the records say.
    """
    ours, theirs = (KeptCode(side.run, side.store.objects.get, observed_files(side.run, side.store)) for side in (a, b))
    before, after = environment_of(ours), environment_of(theirs)
    parts: dict[str, Any] = {
        "code": code_changes(ours, theirs),
        "parameters": _parameters(a.run, b.run),
        "files": file_changes(ours, theirs),
        "packages": package_changes(a.run, b.run, before, after),
        "interpreter": interpreter_changes(a.run, b.run, before, after),
        "data": data_change(a, b, project),
        "problem": _problem(a.run, b.run),
        "seed": None if a.run.seed == b.run.seed else Change(name="seed", a=a.run.seed, b=b.run.seed),
        "machine": machine_changes(a.run, b.run, before, after),
    }
    return Diff(
        a=_side(a),
        b=_side(b),
        same_claim=a.run.claim_id == b.run.claim_id,
        differs=tuple(name for name in parts if _counts(name, parts[name], a.run, b.run)),
        predictions=_predictions(a, b),
        **parts,
        evaluation=_evaluation(a.run, b.run),
        git=_git(a.run, b.run),
        scores=tuple(_scores(a.run, b.run)),
        unknown=tuple(_unknown(ours, theirs, parts)),
    )


def _side(recorded: Recorded) -> Side:
    run = recorded.run
    return Side(
        run_id=run.run_id,
        claim_id=run.claim_id,
        candidate=run.candidate,
        params=run.params,
        seed=run.seed,
        problem=run.problem.name,
        started=run.started,
        status=run.status,
        runs=recorded.runs,
    )


def _counts(name: str, part: Any, a: RunRecord, b: RunRecord) -> bool:
    """Tell whether a part differs in what may change a prediction."""
    match name:
        case "code":
            return bool(part) or a.claim.get("code") != b.claim.get("code")
        case "files":
            return any(item.counts for item in part)
        case "packages":
            return any(item.used for item in part)
        case "interpreter":
            return any(item.name not in TOLD_ONLY for item in part)
        case "data":
            return part is not None and part.content
        case _:
            return bool(part)


def _parameters(a: RunRecord, b: RunRecord) -> tuple[Change, ...]:
    """Return the parameters that differ: of a function, inside a value, the frame, and the words of a command."""
    return changes(_asked(a), _asked(b))


def _asked(run: RunRecord) -> dict[str, Any]:
    told = {name: run.claim[name] for name in ("value", "frame") if run.claim.get(name) is not None}
    return {**run.params, **told, **{name: part for name, part in run.claim.items() if name not in HANDLED}}


def _problem(a: RunRecord, b: RunRecord) -> tuple[Change, ...]:
    """Return what differs of the problem beside its data: roles, task, split, and which rows and folds were run."""
    found = changes(_solved(a), _solved(b))
    # X follows from the roles and the data; it is told where the roles do not tell it.
    told = any(item.name.startswith("roles.") for item in found)
    return tuple(item for item in found if item.name != "X" or not told)


def _solved(run: RunRecord) -> dict[str, Any]:
    return {
        **{name: part for name, part in run.problem.ingredients.items() if name != "data"},
        "X": run.claim.get("features"),
        "row limit": run.claim.get("row_limit"),
        "code of the task": run.claim.get("task"),
        "folds": len(run.folds),
        "repeats": len({use.repeat for use in run.folds}),
    }


def _evaluation(a: RunRecord, b: RunRecord) -> tuple[Change, ...]:
    """Return what differs of how they were judged beside the problem."""
    return changes(_judged(a), _judged(b))


def _judged(run: RunRecord) -> dict[str, Any]:
    named = run.evaluation.ingredients.get("slices")
    slices = named if isinstance(named, list) else []
    return {
        "primary": run.evaluation.primary,
        "margin": run.evaluation.margin,
        "metrics": {item.name: item.ingredients for item in run.evaluation.metrics},
        "slices": {str(item.get("name", "")): item for item in slices if isinstance(item, dict)},
    }


def _git(a: RunRecord, b: RunRecord) -> tuple[Change, ...]:
    ours, theirs = (run.provenance.get("git") for run in (a, b))
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return ()
    wanted = [name for name in ("commit", "branch", "remote", "dirty") if name in ours and name in theirs]
    return changes({name: ours[name] for name in wanted}, {name: theirs[name] for name in wanted})


def _predictions(a: Recorded, b: Recorded) -> str:
    """Compare the predictions of the folds that both have."""
    ours, theirs = _digests(a), _digests(b)
    if not ours or not theirs:
        return ""
    shared = ours.keys() & theirs.keys()
    if not shared:
        return "other rows"
    return "identical" if all(ours[place] == theirs[place] for place in shared) else "different"


def _digests(recorded: Recorded) -> dict[tuple[int, str, int], str]:
    found = {}
    for use in recorded.run.folds:
        kept = None if use.content is None else recorded.store.folds.read(use.key, use.content)
        if kept is not None:
            found[use.place] = kept.predictions
    return found


def _scores(a: RunRecord, b: RunRecord) -> Iterator[ScoreChange]:
    """Yield the metrics that both have over all rows; their difference where they answered one question."""
    same = a.problem.digest == b.problem.digest
    theirs = {score.metric_id: score for score in b.scores if score.slice is None}
    directions = {item.digest: item.greater_is_better for item in (*a.evaluation.metrics, *b.evaluation.metrics)}
    for score in a.scores:
        other = theirs.get(score.metric_id) if score.slice is None else None
        if other is None:
            continue
        one, two = score.estimate.value, other.estimate.value
        yield ScoreChange(
            metric=score.metric,
            greater_is_better=directions.get(score.metric_id, True),
            a=one,
            b=two,
            delta=two - one if same and one is not None and two is not None else None,
        )


def _unknown(a: KeptCode, b: KeptCode, parts: dict[str, Any]) -> Iterator[str]:
    for name, side in (("A", a), ("B", b)):
        if side.definitions is None and side.run.claim.get("kind") is None:
            yield f"{name} has no list of the definitions that its code consists of."
        if "files" not in side.run.provenance and side.run.claim.get("kind") is None:
            yield f"{name} was recorded by an earlier bancada, which kept no files beside the sources."
        if environment_of(side) is None:
            yield f"The environment of {name} is not kept: packages are compared as far as the code uses them."
        for missing in side.run.evidence.missing:
            yield f"{name} has incomplete evidence: {missing}."
    if a.run.claim.get("code") != b.run.claim.get("code") and not parts["code"]:
        yield "The code differs by its digest, and in which definition is not kept."
