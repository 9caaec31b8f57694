"""What is shown of plans, failures and single runs."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import msgspec

from bancada.display import Column, Figure, Table, count, interval, plain, score, seconds, short_digest, short_id
from bancada.exceptions import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from bancada.records import RunRecord, Score
    from bancada.report._documents import PlanDocument, RunDocument, RunEntry

__all__ = ["failures_text", "fit_text", "plan_table", "run_table"]

FEATURES_SHOWN = 12


def plan_table(document: PlanDocument) -> Table:
    """Return what a sweep would do: a row per claim, the roles of the columns below."""
    features = ", ".join(document.features[:FEATURES_SHOWN])
    more = len(document.features) - FEATURES_SHOWN
    todo = document.folds - document.known
    return Table(
        columns=(
            Column("candidate", shrinks=True),
            Column("parameters", optional=True, shrinks=True),
            Column("seed", "right"),
            Column("folds", "right"),
            Column("known", "right"),
        ),
        rows=tuple(
            (claim.candidate, params_text(claim.params), claim.seed, claim.folds, claim.known)
            for claim in document.claims
        ),
        caption=(
            (
                f"{document.problem} · {counted(document.folds, 'fold')}, {count(document.known)} known, "
                f"{count(todo)} to compute"
            ),
        ),
        notes=(
            f"rows: {count(document.n_rows)}, of which {count(document.n_sealed)} are sealed: no candidate sees them",
            f"X: {counted(len(document.features), 'column')}: {features}{f' and {more} more' if more > 0 else ''}",
            *document.roles[1:],
            f"metrics: {', '.join(document.metrics)}",
            f"limits of one fold: {_limits(document)}",
            *(
                f"evidence of `{claim.candidate}`: {text}"
                for claim in document.claims
                for text in claim.missing_evidence
            ),
        ),
    )


def _limits(document: PlanDocument) -> str:
    """Return the limits in force in words."""
    time = "no limit of time" if document.timeout_s is None else f"{document.timeout_s:g} s"
    memory = "no limit of memory" if document.memory_mb is None else f"{document.memory_mb:,.0f} MB of memory"
    return f"{time}, {memory}"


def failures_text(document: RunDocument) -> str:
    """Return, for each failed claim, its first error with the user's frames; empty where nothing failed."""
    return "\n".join(_failure(run) for run in document.runs if run.status == "failed")


def fit_text(document: RunDocument) -> str:
    """Return which model was fitted and where it is kept."""
    run = document.runs[0]
    model = run.model
    if model is None:
        return ""
    warning = "; loading it executes code" if model.executes_code else ""
    return (
        f"{plain(run.candidate)} ({short_id(run.run_id)}) fitted on {counted(model.n_rows, 'row')} "
        f"in {seconds(model.fit_s)}\n"
        f"kept as object {model.object}\n"
        f"format {model.format}, {count(model.size_bytes)} bytes{warning}\n"
    )


def run_table(record: RunRecord, said: Sequence[str] = (), origin: str = "") -> Table:
    """Return one run: a row per metric and slice, with what is known about how it came to be below."""
    rows = tuple(_score_row(item) for item in record.scores)
    failed = [use for use in record.folds if use.error is not None]
    missing = record.evidence.missing
    return Table(
        columns=(
            Column("metric"),
            Column("slice", optional=True),
            Column("value", "decimal"),
            Column("95 % interval"),
            Column("train", "decimal", optional=True),
            Column("rows", "right"),
            Column("flags", optional=True),
        ),
        rows=rows,
        caption=(
            f"{short_id(record.run_id)} · {record.candidate} {params_text(record.params)}".rstrip()
            + f" · {record.problem.name} · {record.status}",
        ),
        notes=(
            f"started {record.started[:19].replace('T', ' ')} UTC, took {seconds(record.seconds)}, seed {record.seed}"
            + (f", by {record.author}" if record.author else ""),
            f"folds: {len(record.folds) - len(failed)} done, {len(failed)} failed",
            *(
                f"repeat {use.repeat}, fold {use.fold}: {use.error.type}: {use.error.message}"
                for use in failed[:3]
                if use.error
            ),
            f"evidence: {record.evidence.grade}" + (f", {counted(len(missing), 'thing')} missing:" if missing else ""),
            *(f"  {phrase}" for phrase in missing),
            (
                f"claim {short_digest(record.claim_id)}, problem {short_digest(record.problem.digest)}, "
                f"evaluation {short_digest(record.evaluation.digest)}, run r-{record.run_id}"
                + (f", origin {origin}" if origin else "")
            ),
            *_twice(record.provenance),
            *_command_notes(record.provenance),
            *_notes(record.provenance.get("notes")),
            *said,
            *_carried(record),
        ),
    )


def _twice(provenance: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what came out when the claim was computed twice; what differed stands with the evidence."""
    found = provenance.get("determinism")
    if not isinstance(found, dict) or found.get("differing_folds"):
        return ()
    folds, predictions = counted(found.get("folds", 0), "fold"), counted(found.get("predictions", 0), "prediction")
    return (f"computed twice: {folds}, {predictions}, 0 differ",)


def _command_notes(provenance: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what is known of a command that `bancada exec` ran: its line, how it ended, what it left."""
    command, objects = provenance.get("command"), provenance.get("objects")
    objects = objects if isinstance(objects, dict) else {}
    if not isinstance(command, dict) or not isinstance(words := command.get("words"), list):
        return ()
    size = command.get("output_bytes")
    shown = count(size) if isinstance(size, int) else "unknown"
    output = f"{shown} bytes of output kept as object {objects.get('output', '')}"
    artifacts = [f"{name} as object {digest}" for name, digest in objects.items() if name.startswith("artifact ")]
    return (f"command: {shlex.join(map(str, words))} · exit {command.get('exit')} · {output}", *artifacts)


def _notes(notes: object) -> tuple[str, ...]:
    return tuple(f"note: {note}" for note in notes) if isinstance(notes, list) else ()


def _carried(record: RunRecord) -> tuple[str, ...]:
    origin = record.provenance.get("carried")
    if not isinstance(origin, dict) or not {"version", "run_id"} <= origin.keys():
        return ()
    old, version = short_id(str(origin["run_id"])), origin["version"]
    return (f"carried from version {version} ({old}); `bancada leaderboard --data {version}` shows that board",)


_HIDDEN = re.compile(r"secret [0-9a-f]{16}")
_SHOWN = len("secret ") + 6


def params_text(params: Mapping[str, Any]) -> str:
    """Return parameters as they are typed: `C=0.1 depth=none`."""
    return " ".join(f"{name}={_value_text(value)}" for name, value in params.items())


def _value_text(value: object) -> str:
    if isinstance(value, str) and _HIDDEN.fullmatch(value):
        # As many digits as a run is known by; the record has them all.
        return value[:_SHOWN]
    return "none" if value is None else value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _score_row(item: Score) -> tuple[str | None, str | None, Figure | None, str | None, Figure | None, int, str | None]:
    estimate = item.estimate
    if estimate.value is None:
        return item.metric, item.slice, None, None, None, item.n_rows, "; ".join(item.flags) or None
    half = None if estimate.low is None or estimate.high is None else (estimate.high - estimate.low) / 2
    trained = [fold.train for fold in item.folds if fold.train is not None]
    train = sum(trained) / len(trained) if trained else None
    return (
        item.metric,
        item.slice,
        Figure(estimate.value, score(estimate.value, half)),
        None if estimate.low is None or estimate.high is None else interval(estimate.low, estimate.high),
        None if train is None else Figure(train, score(train, half)),
        item.n_rows,
        "; ".join(item.flags) or None,
    )


def _failure(run: RunEntry) -> str:
    first = next((fold for fold in run.folds if fold.error is not None), None)
    if first is None or first.error is None:
        return ""
    failed = sum(fold.error is not None for fold in run.folds)
    where = f"repeat {first.repeat}, fold {first.fold}"
    head = f"{run.candidate}: {failed} of {len(run.folds)} folds failed, first in {where}:"
    lines = (first.error.traceback or f"{first.error.type}: {first.error.message}").splitlines()
    return "\n".join([plain(head), *(f"    {plain(line)}" for line in lines)])
