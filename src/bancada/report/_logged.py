"""What models logged while they were fitted, fold by fold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.display import plain, short_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.records import RunRecord

__all__ = ["LoggedDocument", "LoggedFold", "logged_document", "logged_text"]

HEAD = ("time", "repeat", "fold")


class LoggedFold(msgspec.Struct, frozen=True, kw_only=True):
    """What one fold logged.

    Attributes:
        repeat: Number of the repeat.
        fold: Number of the fold.
        status: `done` or `failed`.
        lines: What `bc.log` was given, in order, with the time in seconds since 1970.
        files: Names of the files that `bc.log_artifact` kept.
        folder: Where these lie; None where there are none.
        error: Why the fold failed, with the frames of the user's code; None where it did not.
    """

    repeat: int
    fold: int
    status: str
    lines: tuple[dict[str, Any], ...]
    files: tuple[str, ...] = ()
    folder: str | None = None
    error: str | None = None


class LoggedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.log/1`: what a run's models logged."""

    schema: str = "bancada.log/1"
    run_id: str
    candidate: str
    folds: tuple[LoggedFold, ...]


def logged_document(record: RunRecord, folds: Iterable[LoggedFold]) -> LoggedDocument:
    """Return what a run's models logged."""
    return LoggedDocument(run_id=record.run_id, candidate=record.candidate, folds=tuple(folds))


def logged_text(document: LoggedDocument) -> str:
    """Return the log as text, a line per call, fold by fold."""
    shown = [f"{short_id(document.run_id)} · {plain(document.candidate)}"]
    for fold in document.folds:
        if not (fold.lines or fold.files or fold.error):
            continue
        shown.append(f"repeat {fold.repeat}, fold {fold.fold}: {fold.status}")
        shown += [f"  {plain(_line(line))}" for line in fold.lines]
        shown += [f"  file {plain(name)} in {plain(fold.folder or '')}" for name in fold.files]
        shown += [f"  {plain(line)}" for line in (fold.error or "").splitlines()]
    if len(shown) == 1:
        shown.append("nothing was logged: inside `fit`, `bc.log(step=…, loss=…)` records values")
    return "\n".join(shown)


def _line(line: dict[str, Any]) -> str:
    values = {name: value for name, value in line.items() if name not in HEAD}
    return " ".join(f"{name}={_short(value)}" for name, value in values.items())


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
