"""What models logged while they were fitted, fold by fold."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.display import plain, short_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["LoggedCommand", "LoggedDocument", "LoggedFold", "logged_command", "logged_document", "logged_text"]

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
        output: The end of what it wrote to its standard streams.
    """

    repeat: int
    fold: int
    status: str
    lines: tuple[dict[str, Any], ...]
    files: tuple[str, ...] = ()
    folder: str | None = None
    error: str | None = None
    output: str = ""


class LoggedCommand(msgspec.Struct, frozen=True, kw_only=True):
    """What a command that `bancada exec` ran logged and wrote.

    Attributes:
        words: Program and arguments.
        exit: Its exit code; negative for the signal that ended it.
        lines: What `bc.log` was given, in order, with the time in seconds since 1970.
        files: Object of each file that `bc.log_artifact` kept, by its name.
        output: What it wrote, as far as that was kept.
    """

    words: tuple[str, ...]
    exit: int
    lines: tuple[dict[str, Any], ...] = ()
    files: dict[str, str] = {}
    output: str = ""


class LoggedDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`bancada.log/1`: what a run's models logged."""

    schema: str
    run_id: str
    candidate: str
    folds: tuple[LoggedFold, ...]
    command: LoggedCommand | None = None


def logged_document(
    record: RunRecord, folds: Iterable[LoggedFold], command: LoggedCommand | None = None
) -> LoggedDocument:
    """Return what a run's models, or its command, logged."""
    return LoggedDocument(
        schema="bancada.log/1",
        run_id=record.run_id,
        candidate=record.candidate,
        folds=tuple(folds),
        command=command,
    )


def logged_command(record: RunRecord, store: Store) -> LoggedCommand | None:
    """Return what the command of a run logged; None where none made it.

    Raises:
        StoreError: What the record names is missing or was altered.
    """
    told, objects = record.provenance.get("command"), record.provenance.get("objects", {})
    if not isinstance(told, dict) or not isinstance(objects, dict):
        return None
    words, code = told.get("words"), told.get("exit")
    if not isinstance(words, list) or not isinstance(code, int):
        return None
    lines = store.objects.get(objects["log"]).splitlines() if "log" in objects else []
    output = store.objects.get(objects["output"]).decode(errors="replace") if "output" in objects else ""
    head = "artifact "
    return LoggedCommand(
        words=tuple(map(str, words)),
        exit=code,
        lines=tuple(value for line in lines if "artifact" not in (value := msgspec.json.decode(line))),
        files={name.removeprefix(head): digest for name, digest in objects.items() if name.startswith(head)},
        output=output,
    )


def logged_text(document: LoggedDocument) -> str:
    """Return the log as text, a line per call, fold by fold."""
    shown = [f"{short_id(document.run_id)} · {plain(document.candidate)}"]
    if document.command is not None:
        shown += _command(document.command)
    for fold in document.folds:
        if not (fold.lines or fold.files or fold.error or fold.output):
            continue
        shown.append(f"repeat {fold.repeat}, fold {fold.fold}: {fold.status}")
        shown += [f"  {plain(_line(line))}" for line in fold.lines]
        shown += [f"  file {plain(name)} in {plain(fold.folder or '')}" for name in fold.files]
        shown += _written(fold.output)
        shown += [f"  {plain(line)}" for line in (fold.error or "").splitlines()]
    if len(shown) == 1:
        shown.append("nothing was logged: inside `fit`, `bc.log(step=…, loss=…)` records values")
    return "\n".join(shown)


def _command(command: LoggedCommand) -> list[str]:
    """Return what a command logged and wrote."""
    shown = [f"{plain(shlex.join(command.words))} ended with exit code {command.exit}"]
    shown += [f"  {plain(_line(line))}" for line in command.lines]
    shown += [f"  file {plain(name)} as object {digest}" for name, digest in command.files.items()]
    return shown + _written(command.output)


def _written(output: str) -> list[str]:
    """Return the lines of an output; a bar that was drawn over and over shows its last state."""
    lines = output.replace("\r\n", "\n").split("\n")
    return [f"  | {plain(line.rsplit(chr(13), 1)[-1])}" for line in (lines if lines[-1] else lines[:-1])]


def _line(line: dict[str, Any]) -> str:
    values = {name: value for name, value in line.items() if name not in HEAD}
    return " ".join(f"{name}={_short(value)}" for name, value in values.items())


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
