"""What a record would execute, as plain text: nothing in it moves a cursor or hides itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.display import count, plain, short_digest, short_id
from bancada.exceptions import counted
from bancada.report._running import params_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.engine.origins import PackageOrigin, WouldRun

__all__ = ["consent_text"]

_STATES = {
    "same": "as in this project",
    "changed": "differs from this project's",
    "new": "not in this project",
    "refused": "refused: its path leads elsewhere",
    "missing": "missing in the store",
}
_SHOWN_FILES = 60
_WIDTH = 12


def consent_text(document: WouldRun) -> str:
    """Return what a verb would execute of a record, with every difference of code, and every hidden character told.

    Args:
        document: What would be executed.
    """
    whose = f"signed by {document.signer}" if document.signer else "foreign: nothing that you trust tells who made it"
    lines = [
        plain(f"{short_id(document.run_id)} · {document.candidate} · {document.problem} · {whose}"),
        f"`bancada {document.verb}` would execute what this record says, with your rights:",
        *_facts(document),
    ]
    for file in document.code:
        lines += [f"  {plain(line)}" for line in file.diff]
    return "\n".join(lines)


def _facts(document: WouldRun) -> Iterator[str]:
    said = f"{document.author or 'nobody'}, {document.started[:19].replace('T', ' ')} UTC, unverified"
    yield _line("run by", said)
    if document.entry:
        yield _line("calls", f"{document.entry} {params_text(document.params)}".rstrip())
    for number, call in enumerate(document.calls):
        yield _line("" if number else "imports", call)
    for command in document.commands:
        yield _line("command", command)
    # What differs comes first, and none of it is left out.
    shown = max(_SHOWN_FILES, sum(file.state != "same" for file in document.code))
    for number, file in enumerate(document.code[:shown]):
        told = f"{file.path}  {short_digest(file.digest)}  {_STATES.get(file.state, file.state)}"
        yield _line("" if number else "code", told)
    if len(document.code) > shown:
        yield _line("", f"and {count(len(document.code) - shown)} more files as in this project")
    if document.packages or document.others:
        yield _line("packages", f"{counted(document.packages, 'package')} from your index, as installed here")
    for other in document.others:
        yield _line("", _package(other))
    if document.model is not None:
        means = "" if document.model.format == "skops" else ": executes code when it is read"
        told = f"object {short_digest(document.model.object)} by {document.model.format}{means}"
        yield _line("model", f"{told}; named by: {document.model.said_by}")
    yield _line("data", document.data)


def _package(other: PackageOrigin) -> str:
    kept = f"from the record, object {short_digest(other.object)}"
    where = {
        "index": "from your index, not installed here in this version",
        "kept": kept,
        "manager": "from where the record tells its manager",
        "missing": "nothing gives it again",
    }.get(other.origin, other.origin)
    return f"{other.name} {other.version} {where}" + (f": {other.why}" if other.why else "")


def _line(name: str, text: str) -> str:
    return f"  {name:<{_WIDTH}}{plain(text)}"
