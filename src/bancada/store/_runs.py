"""Runs: a folder each, written once, and what is said about them later."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import msgspec

from bancada.exceptions import NotFoundError, StoreError
from bancada.records import EvaluationIdentity, RunRecord, Score, Statement
from bancada.store._evidence import deciding, evidence_after
from bancada.store._files import NAME, check_name, random_name, sync_files, write_once, writing
from bancada.store._marks import leave_mark
from bancada.store._reading import MOST_RECORD_BYTES, read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["RUN_ID", "Journal", "Runs", "StoredRun", "late_scores", "read_statement", "statement_paths"]

T = TypeVar("T")
# Statements that the provenance of a run tells.
TOLD = frozenset({"carried", "determinism"})
RUN_ID = re.compile(r"[0-9a-hjkmnp-tv-z]{26}")


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A finished run with the statements made about it, oldest first.

    Attributes:
        record: What its `run.json` says.
        statements: What was said about it.
        data: Its `run.json` as it was read: whose it is, is told from this very text.
    """

    record: RunRecord
    statements: tuple[Statement, ...] = ()
    data: bytes = field(default=b"", repr=False, compare=False)

    @property
    def withdrawn(self) -> bool:
        """True where somebody withdrew the run, and nobody has taken that back since."""
        said = [statement.kind for statement in self.statements if statement.kind in {"withdrawn", "restored"}]
        return said[-1:] == ["withdrawn"]

    @property
    def deciding(self) -> tuple[Statement, ...]:
        """What was said later that makes the grade of the run's evidence."""
        return deciding(self.statements)

    def scored(self) -> RunRecord:
        """Return the record as it is known now: by the newest evaluation, with the scores that were added later.

        Its provenance tells under `carried` from which run on earlier data its claim was taken, and under `determinism`
        what came out when it was computed twice. Its evidence is that of `evidence_after`.

        A later score of a metric on a slice of the same name stands for the earlier one: the slice was redefined. A
        statement that cannot be read is passed over.
        """
        record = self.record
        scores = {(score.metric_id, score.slice): score for score in record.scores}
        evaluation = record.evaluation
        provenance = record.provenance
        for statement in self.statements:
            if statement.kind in TOLD:
                provenance = {**provenance, statement.kind: statement.content}
            if statement.kind != "score":
                continue
            try:
                said = msgspec.convert(statement.content, _Judged)
            except msgspec.ValidationError:
                continue
            scores |= {(score.metric_id, score.slice): score for score in said.scores}
            evaluation = said.evaluation or evaluation
        kept = tuple(scores.values())
        evidence = evidence_after(record.evidence, self.statements)
        return msgspec.structs.replace(
            record, scores=kept, evaluation=evaluation, evidence=evidence, provenance=provenance
        )


class _Judged(msgspec.Struct, frozen=True):
    """The content of a `score` statement."""

    scores: tuple[Score, ...] = ()
    evaluation: EvaluationIdentity | None = None


class Journal:
    """A process's own file of lines in a run's folder: appended with one write each, so that a kill loses none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def append(self, line: bytes) -> None:
        """Write one line; it survives the death of this process once this returns.

        Raises:
            StoreError: The file cannot be written.
        """
        try:
            if self._descriptor is None:
                self._descriptor = self._opened()
            written = os.write(self._descriptor, line + b"\n")
        except OSError as error:
            raise _journal_error(self.path, str(error)) from error
        if written != len(line) + 1:
            raise _journal_error(self.path, f"{written} of {len(line) + 1} bytes were taken")

    def _opened(self) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        try:
            return os.open(self.path, flags, 0o644)
        except FileNotFoundError:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return os.open(self.path, flags, 0o644)

    def close(self) -> None:
        """Close the file; idempotent."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class Runs:
    """The folder `runs/<problem>/<run id>/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, problem: str, run_id: str) -> Path:
        """Return the folder of a run."""
        return self.folder / check_name(problem) / check_name(run_id)

    def journal(self, problem: str, run_id: str, writer: str) -> Journal:
        """Return this process's journal of a run; nothing is written before its first line."""
        return Journal(self.place(problem, run_id) / f"journal-{check_name(writer)}.jsonl")

    def finish(self, record: RunRecord, *, durable: bool = True) -> None:
        """Write `run.json`.

        Args:
            record: The run.
            durable: True to have it on the disk before this returns; else `sync` does that for it later.

        Raises:
            StoreError: The store cannot be written, or the run was finished before.
        """
        place = self.place(record.problem.name, record.run_id)
        with writing(place):
            # Most runs have begun with a line in their journal.
            if not place.is_dir():
                place.mkdir(parents=True, exist_ok=True)
        leave_mark(str(place.parent), record.run_id, "run.json")
        if not write_once(place / "run.json", msgspec.json.encode(record), durable=durable):
            raise StoreError(
                "A finished run is never modified.",
                f"Run `r-{record.run_id}` has a `run.json` already.",
                "Say what is new about it in a statement.",
            )

    def sync(self, runs: Iterable[tuple[str, str]]) -> None:
        """Have the `run.json` of each of these runs on the disk.

        Args:
            runs: Problem and id of each; many at once take little longer than one.

        Raises:
            StoreError: The disk refused.
        """
        with writing(self.folder):
            sync_files([self.place(*run) / "run.json" for run in runs])

    def say(self, problem: str, run_id: str, statement: Statement) -> None:
        """Add a write-once statement under `after/`.

        Raises:
            StoreError: The store cannot be written, or there is no such run.
        """
        folder = self.place(problem, run_id) / "after"
        with writing(folder):
            folder.mkdir(exist_ok=True)
        stamp = re.sub(r"[^0-9T]", "", statement.said)[:15]
        name = f"{statement.kind}-{stamp}-{random_name(10)}.json"
        leave_mark(str(folder.parent.parent), run_id, check_name(name))
        write_once(folder / name, msgspec.json.encode(statement))

    def problems(self) -> tuple[str, ...]:
        """Return the names of problems that have runs."""
        return tuple(name for name in _folders(self.folder) if NAME.fullmatch(name))

    def ids(self, problem: str) -> tuple[str, ...]:
        """Return the ids of all run folders of a problem, finished or not."""
        return tuple(name for name in _folders(self.folder / check_name(problem)) if RUN_ID.fullmatch(name))

    def read(self, problem: str, run_id: str) -> StoredRun | None:
        """Return a run with its statements; None while it is not finished.

        Raises:
            StoreError: `run.json` is there and cannot be read, or is of a newer major version.
        """
        place = self.place(problem, run_id)
        try:
            data = read_file(place / "run.json", MOST_RECORD_BYTES)
            paths = statement_paths(place)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(
                "A finished run must be readable, with what was said about it.",
                f"`{error.filename or place}` cannot be read: {error.strerror or error}.",
                "Mend the permissions; `bancada store verify` lists all that is broken.",
            ) from error
        record = _decode(data, RunRecord, "store.run/1", place / "run.json")
        # A statement of a newer version, or a damaged one, stops nothing; `store verify` lists it.
        statements = [statement for path in paths if (statement := read_statement(path)) is not None]
        return StoredRun(record, tuple(sorted(statements, key=lambda statement: statement.said)), data)

    def walk(self) -> Iterator[tuple[str, str]]:
        """Yield (problem, run id) of every run folder."""
        for problem in self.problems():
            for run_id in self.ids(problem):
                yield problem, run_id

    def resolve(self, reference: str, problem: str | None = None) -> tuple[str, str]:
        """Return (problem, run id) of `r-…`, full or a unique prefix.

        Raises:
            NotFoundError: No run, or more than one, begins like that.
        """
        prefix = reference.removeprefix("r-").lower()
        anywhere = [pair for pair in self.walk() if pair[1].startswith(prefix)]
        found = [pair for pair in anywhere if problem in {None, pair[0]}]
        if len(found) == 1:
            return found[0]
        if anywhere and not found:
            raise NotFoundError(
                "A run is named by `r-` and enough of its characters, and belongs to one problem.",
                f"{reference!r} is of problem `{anywhere[0][0]}`, not of `{problem}`.",
                "Name a run of that problem, or the other problem.",
            )
        raise NotFoundError(
            "A run is named by `r-` and enough of its characters to be unique.",
            f"{'No run begins' if not found else f'{len(found)} runs begin'} with {reference!r}.",
            "See `bancada list` for the runs that exist." if not found else "Type more of its characters.",
        )


def late_scores(statement: Statement) -> tuple[Score, ...] | None:
    """Return the scores that a statement adds; None where they cannot be read."""
    if statement.kind != "score":
        return ()
    try:
        return msgspec.convert(statement.content.get("scores", []), tuple[Score, ...])
    except msgspec.ValidationError:
        return None


def statement_paths(place: Path) -> list[Path]:
    """Return where the statements about a run lie, by name."""
    try:
        names = sorted(entry.name for entry in os.scandir(place / "after"))
    except FileNotFoundError:
        return []
    return [place / "after" / name for name in names if name.endswith(".json") and not name.startswith(".")]


def read_statement(path: Path) -> Statement | None:
    """Return a statement; None where it cannot be read or is of a newer version."""
    try:
        return _decode(read_file(path, MOST_RECORD_BYTES), Statement, "store.statement/1", path)
    except (OSError, StoreError):
        return None


def _folders(folder: Path) -> list[str]:
    """Return the names of the folders in a folder, sorted; links are not followed."""
    try:
        return sorted(entry.name for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False))
    except FileNotFoundError:
        return []


def _decode(data: bytes, form: type[T], schema: str, path: Path) -> T:
    try:
        found = msgspec.json.decode(data, type=_Versioned).schema
        if found.partition("/")[0] == schema.partition("/")[0] and found != schema:
            raise StoreError(
                f"This version of bancada reads records of `{schema}`.",
                f"`{path}` is of `{found}`.",
                "Upgrade bancada to read it.",
            )
        return msgspec.json.decode(data, type=form)
    except (msgspec.DecodeError, RecursionError) as error:
        raise StoreError(
            f"A record must be a JSON document of `{schema}`.",
            f"`{path}` is not: {error}.",
            "Restore it from a copy of the store; `bancada store verify` lists all that is broken.",
        ) from error


class _Versioned(msgspec.Struct):
    schema: str


def _journal_error(path: Path, reason: str) -> StoreError:
    return StoreError(
        "What a run logs must be on the disk before it goes on.",
        f"Writing `{path}` failed: {reason}.",
        "Free space or mend the permissions, then run again: finished folds are kept.",
    )
