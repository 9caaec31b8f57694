"""`looks.toml`: a line for each look at a holdout, for the project's repository.

Each line is a TOML document of its own, so that git can unite the lines of two branches, and a line that was damaged
takes no other with it. A look counts wherever it is told: in a statement of a store, or in a line of this file.
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import BancadaError, ConfigurationError
from bancada.identity import digest
from bancada.records.looks import HoldoutRows, Look
from bancada.scoring import looks as levels

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["LOOKS_NAME", "LooksFile", "add_looks", "read_looks"]

LOOKS_NAME = "looks.toml"
LOOKS_SCHEMA = "bancada.looks/1"
_HEAD = (
    "# Every look at a sealed holdout, written by `bancada holdout score`; commit it, and take no line away.\n"
    f'schema = "{LOOKS_SCHEMA}"\n'
)
_CHECK = 16
_MOST_LOOKS = 1_000_000
# What stands in a line: who, when, which, and the number. What was seen is in the store.
_TOLD = (
    "number",
    "level",
    "looked",
    "author",
    "problem",
    "run_id",
    "claim_id",
    "candidate",
    "evaluation_id",
    "metrics",
    "answers",
)
_MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


@dataclass(frozen=True, slots=True)
class LooksFile:
    """What `looks.toml` says.

    Attributes:
        looks: The looks, in the order of the lines.
        warnings: What is wrong with lines, a sentence each.
    """

    looks: tuple[Look, ...] = ()
    warnings: tuple[str, ...] = ()


def read_looks(root: Path) -> LooksFile:
    """Return the looks that are told in `looks.toml`, and what is wrong with its lines; empty where there is none.

    A line that was altered still counts as a look. What cannot be read at all is named, and counts for nothing: whose
    it was, nobody can tell.

    Raises:
        ConfigurationError: It is there and cannot be read, or is of a newer version.
    """
    path = root / LOOKS_NAME
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return LooksFile()
    except OSError as error:
        found = f"It cannot be read: {error.strerror or error}."
        raise _unread(found, "Mend it, or bring it back from git.") from error
    return _read(text)


def _read(text: str) -> LooksFile:
    rows: dict[str, HoldoutRows] = {}
    found: dict[str, tuple[int, Mapping[str, Any]]] = {}
    warnings = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.startswith(_MARKERS):
            warnings.append(f"line {number} of `{LOOKS_NAME}` is a mark of a merge that was not finished")
            continue
        told = _line(line)
        if told is None or not {"schema", "looks", "rows"} & told.keys():
            warnings.append(f"line {number} of `{LOOKS_NAME}` cannot be read")
            continue
        _check_schema(told.get("schema", LOOKS_SCHEMA))
        rows |= _rows(told.get("rows"))
        for name, fields in _tables(told.get("looks")).items():
            if name in found and found[name][1] != fields:
                before = found[name][0]
                warnings.append(f"line {number} of `{LOOKS_NAME}` tells look {name} another way than line {before}")
            found.setdefault(name, (number, fields))
    looks = []
    for name, (number, fields) in found.items():
        look, wrong = _look(name, fields, rows)
        looks += [] if look is None else [look]
        warnings += [f"line {number} of `{LOOKS_NAME}` {wrong}"] if wrong else []
    return LooksFile(tuple(looks), tuple(warnings))


def add_looks(root: Path, looks: Iterable[Look]) -> None:
    """Append a line for each of these looks that the file does not tell yet, and one for rows that it does not know.

    Args:
        root: The project's root.
        looks: The looks.

    Raises:
        ConfigurationError: It cannot be read or written.
    """
    path = root / LOOKS_NAME
    known = read_looks(root)
    ids = {look.look_id for look in known.looks}
    digests = {look.holdout.digest for look in known.looks}
    lines: dict[str, None] = {}
    for look in looks:
        if look.look_id in ids:
            continue
        if look.holdout.digest not in digests:
            told = {"n_rows": look.holdout.n_rows, "sketch": look.holdout.sketch}
            lines[f"rows.{look.holdout.digest} = {_inline(told)}\n"] = None
        lines[f"looks.{look.look_id} = {_inline(_fields(look))}\n"] = None
    if lines:
        _append(path, "".join(lines))


def _append(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            size = os.fstat(descriptor).st_size
            ended = not size or os.pread(descriptor, 1, size - 1) == b"\n"
            # One write, so that two at once leave whole lines.
            os.write(descriptor, ((_HEAD if not size else "" if ended else "\n") + text).encode())
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unread(
            f"It cannot be written: {error.strerror or error}.",
            "The look is in the store and counts; the next one adds its line where the file can be written.",
        ) from error


def _fields(look: Look) -> dict[str, Any]:
    builtins = msgspec.to_builtins(look)
    fields = {name: builtins[name] for name in _TOLD} | {"rows": look.holdout.digest}
    return fields | {"check": _check(look.look_id, fields)}


def _check(name: str, fields: Mapping[str, Any]) -> str:
    """Return a digest of a line, by which a slip of an editor is noticed; it proves nothing against ill will."""
    told = {field: list(value) if isinstance(value, tuple) else value for field, value in fields.items()}
    return digest([name, {field: value for field, value in told.items() if field != "check"}])[:_CHECK]


def _look(name: str, fields: Mapping[str, Any], rows: Mapping[str, HoldoutRows]) -> tuple[Look | None, str]:
    """Return the look of a line, and what is wrong with it."""
    where = str(fields.get("rows"))
    known = rows.get(where) or HoldoutRows(digest=where, n_rows=0, sketch="")
    try:
        told = {field: fields[field] for field in _TOLD}
        look = msgspec.convert({**told, "look_id": name, "holdout": msgspec.to_builtins(known)}, Look)
    except (KeyError, msgspec.ValidationError) as error:
        return None, f"lacks or misspells a field: {error}"
    if _altered(name, fields):
        look = _possible(look)
        return look, f"was altered after it was written; look {look.number} still counts"
    return look, "" if where in rows else "names rows that no line describes; the look counts for every holdout"


def _altered(name: str, fields: Mapping[str, Any]) -> bool:
    try:
        return bool(fields.get("check") != _check(name, fields))
    except (BancadaError, RecursionError):
        # TOML has values that no line was ever written with, such as `nan` and dates.
        return True


def _possible(look: Look) -> Look:
    """Return a look of an altered line with a number and a level that a look can have."""
    number = min(max(look.number, 1), _MOST_LOOKS)
    level = look.level if 0 < look.level < 1 else levels.look_level(number)
    return msgspec.structs.replace(look, number=number, level=level)


def _line(line: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(line)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _tables(told: object) -> dict[str, Mapping[str, Any]]:
    return {name: value for name, value in told.items() if isinstance(value, dict)} if isinstance(told, dict) else {}


def _rows(told: object) -> dict[str, HoldoutRows]:
    found = {}
    for name, value in _tables(told).items():
        if isinstance(value.get("n_rows"), int) and isinstance(value.get("sketch"), str):
            found[name] = HoldoutRows(digest=name, n_rows=value["n_rows"], sketch=value["sketch"])
    return found


def _inline(fields: Mapping[str, Any]) -> str:
    """Return fields as an inline table of TOML; JSON writes texts, numbers and lists as TOML does."""
    inside = ", ".join(f"{name} = {_value(value)}" for name, value in fields.items())
    return "{ " + inside + " }"


def _value(value: object) -> str:
    # JSON leaves the one control character as it is that TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _check_schema(schema: object) -> None:
    if schema != LOOKS_SCHEMA:
        raise _unread(f"It is of schema {schema!r}.", "Upgrade bancada, or bring the file back from git.")


def _unread(found: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(f"`{LOOKS_NAME}` is a text of `{LOOKS_SCHEMA}`, a line for each look.", found, remedy)
