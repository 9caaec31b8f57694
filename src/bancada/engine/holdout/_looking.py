"""A look: what it will cost, and then the look itself, counted before anything is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

from bancada import provenance
from bancada.engine._recording import utc_now
from bancada.engine._workbench import SealedRows
from bancada.engine.holdout._counting import looks_at
from bancada.engine.holdout._file import add_looks
from bancada.engine.holdout._scoring import score_sealed
from bancada.engine.holdout._sealed import open_sealed
from bancada.engine.origins import said
from bancada.engine.sealing import opened_data
from bancada.exceptions import ConfigurationError, StoreError, UsageError
from bancada.identity import digest
from bancada.records import RunRecord, Statement
from bancada.records.looks import HoldoutRows, Look
from bancada.scoring.looks import look_level
from bancada.store import random_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.engine._binding import Binding
    from bancada.engine._claims import Request
    from bancada.engine._workbench import Workbench
    from bancada.engine.holdout._counting import Looked
    from bancada.engine.holdout._sealed import Sealed

__all__ = ["Foreseen", "Taken", "foresee", "take_look"]

_ID = 12


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a look would cost.

    Attributes:
        run: The run that would be scored.
        rows: The rows of the holdout.
        looked: The looks that there were.
        number: Number of the look that this would be; that of the earlier one where it is known.
        level: Its level.
        known: The earlier look that computed the very same; then nothing is counted. None else.
        fits: True where a model would be fitted.
    """

    run: RunRecord
    rows: HoldoutRows
    looked: Looked
    number: int
    level: float
    known: Look | None
    fits: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A look that was taken, or shown once more.

    Attributes:
        look: The look.
        again: True where the very same had been computed before, and nothing was counted.
        warning: Why its line is not in `looks.toml`; empty where it is.
    """

    look: Look
    again: bool = False
    warning: str = ""


def foresee(bench: Workbench, binding: Binding, run: RunRecord, ahead: int = 0) -> Foreseen:
    """Say what a look would cost; no sealed row is read but for its id.

    Args:
        bench: The workbench.
        binding: The problem with its data.
        run: The run that would be scored.
        ahead: How many other looks are to be taken before it.

    Raises:
        ConfigurationError: `looks.toml` cannot be read.
        UsageError: The split seals no row, or the run is of other data or another problem.
    """
    rows = binding.holdout
    if rows is None:
        raise UsageError(
            "A holdout is scored where the split seals rows.",
            f"That of `{binding.problem.name}` seals none.",
            "Say `holdout=0.2` in `KFold`, or a time in `TimeOrdered`, before candidates are chosen; then run them.",
        )
    if run.problem.digest != binding.identity.digest:
        raise UsageError(
            "A run is scored on the holdout of its own problem and data.",
            f"`r-{run.run_id[:6]}` was run on another version of `{run.problem.name}`.",
            f"Run it as it is now with `bancada run {run.candidate}`, and score that run.",
        )
    for name in bench.store.runs.problems():
        # Somebody else may look just now, under any name.
        bench.index.refresh(name)
    looked = looks_at(rows, bench.index, binding.project.root)
    answers = _answers(run, binding, rows)
    known = next((look for look in looked.looks if look.answers == answers), None)
    number = looked.next_number + ahead if known is None else known.number
    level = look_level(number) if known is None else known.level
    fits = (known is None or not known.scores) and _earlier(looked, run, rows, bench) is None
    return Foreseen(run, rows, looked, number, level, known, fits)


def take_look(bench: Workbench, binding: Binding, run: RunRecord, request: Request) -> Taken:
    """Fit a run's claim on all rows that are not sealed, predict those that are, score them once, and count that.

    The look is a statement on the run, and a line in `looks.toml`, before this returns: whoever is shown a number has
    been counted. Where the very same was computed before, it is answered from the store and nothing is counted; where
    only the evaluation has changed, nothing is fitted, and the look is counted.

    Args:
        bench: The workbench.
        binding: The problem with its data.
        run: The run.
        request: Its candidate as it is now.

    Raises:
        ConfigurationError: `looks.toml` cannot be read.
        DataError: The sealed rows break a rule of the task.
        StoreError: The look cannot be written; then nothing is returned.
        UsageError: The split seals no row, the code or the data are no longer those of the run, or the fit failed.
    """
    seen = foresee(bench, binding, run)
    if seen.known is not None and seen.known.scores:
        return Taken(seen.known, again=True, warning=_list(binding, (*seen.looked.unlisted, seen.known)))
    sealed = open_sealed(binding)
    made = _earlier(seen.looked, run, seen.rows, bench) or _fitted(bench, binding, run, request, sealed)
    # Counted once more: somebody else may have looked while the model was fitted.
    seen = foresee(bench, binding, run)
    scores = score_sealed(binding.metrics, sealed, _table(bench.store.objects.get(made.predictions)), seen.level)
    look = Look(
        look_id=random_name(_ID) if seen.known is None else seen.known.look_id,
        number=seen.number,
        level=seen.level,
        looked=utc_now() if seen.known is None else seen.known.looked,
        author=provenance.author(binding.project.root) if seen.known is None else seen.known.author,
        problem=run.problem.name,
        run_id=run.run_id,
        claim_id=run.claim_id,
        candidate=run.candidate,
        evaluation_id=binding.evaluation.digest,
        metrics=tuple(metric.name for metric in binding.metrics),
        answers=_answers(run, binding, seen.rows),
        holdout=seen.rows,
        scores=scores,
        predictions=made.predictions,
        model=made.model,
        flags=made.flags,
    )
    statement = Statement(kind="look", said=utc_now(), content=msgspec.to_builtins(look), author=look.author)
    bench.store.runs.say(run.problem.name, run.run_id, said(statement, run.run_id, binding.project))
    bench.index.refresh(run.problem.name)
    return Taken(look, again=seen.known is not None, warning=_list(binding, (*seen.looked.unlisted, look)))


@dataclass(frozen=True, slots=True)
class _Made:
    """Predictions of the sealed rows, the model that made them, and what must be told."""

    predictions: str
    model: str
    flags: tuple[str, ...]


def _fitted(bench: Workbench, binding: Binding, run: RunRecord, request: Request, sealed: Sealed) -> _Made:
    places = b"" if sealed.places is None else _stream(sealed.places)
    model = bench.fit(run, request, binding, SealedRows(sealed.positions.tobytes(), places))
    told = model.sealed
    if told is None:  # pragma: no cover - a fit that ends well has answered what it was asked
        raise UsageError("A look needs predictions.", "There are none.", "Report this.")
    opened = opened_data(binding.project.root, binding.data.files, told.read)
    flags = [f"opened the data file itself ({', '.join(opened)}): may have seen sealed rows"] if opened else []
    return _Made(bench.store.objects.put(told.predictions), model.digest, (*told.flags, *flags))


def _earlier(looked: Looked, run: RunRecord, rows: HoldoutRows, bench: Workbench) -> _Made | None:
    """Return what an earlier look of the same claim at the very same rows has predicted; None where nothing is left."""
    for look in reversed(looked.looks):
        same = (look.claim_id, look.holdout.digest) == (run.claim_id, rows.digest)
        if same and look.predictions and bench.store.objects.has(look.predictions):
            return _Made(look.predictions, look.model, look.flags)
    return None


def _answers(run: RunRecord, binding: Binding, rows: HoldoutRows) -> str:
    """Return the digest of all that decides what a look shows; the claim tells code, parameters, seed and data."""
    metrics = sorted(metric.identity().digest for metric in binding.metrics)
    return digest([run.claim_id, rows.digest, metrics, sorted(binding.slice_ids.values())])


def _list(binding: Binding, looks: Sequence[Look]) -> str:
    """Add lines to `looks.toml` and return why that was not possible; the looks count either way."""
    try:
        add_looks(binding.project.root, looks)
    except ConfigurationError as error:
        return f"{error.found} {error.remedy}"
    return ""


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _table(data: bytes) -> pa.Table:
    try:
        return pa.ipc.open_stream(data).read_all()
    except pa.ArrowException as error:
        raise StoreError(
            "What was predicted for sealed rows is kept as an Arrow stream.",
            f"It cannot be read: {error}.",
            "`bancada store verify` lists what is broken.",
        ) from error
