"""What a verb answers: one document, as JSON or as text."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
import msgspec

from bancada.display import Table, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

__all__ = ["Screen", "emit", "screen", "to_json"]

# JSON escapes C0 controls by itself. The rest of what moves a cursor or reverses text is escaped here; such characters
# stand only inside strings, where an escape means the same.
_HIDDEN = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


@dataclass(frozen=True, slots=True)
class Screen:
    """Where text goes: `width` columns, None where nothing limits it; `color` where colours are shown."""

    width: int | None
    color: bool


def screen(stream: TextIO, environ: Mapping[str, str]) -> Screen:
    """Describe a stream: a terminal has a width and colours, a pipe or a file has neither.

    Args:
        stream: Where text will be written.
        environ: `NO_COLOR` and `TERM=dumb` take the colours away.
    """
    if not stream.isatty():
        return Screen(width=None, color=False)
    color = not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    return Screen(width=shutil.get_terminal_size().columns, color=color)


def emit(document: Any, *, as_json: bool, render: Callable[[Any], Table | str | tuple[Table, ...]]) -> None:
    """Write one document to stdout.

    Args:
        document: A struct or a mapping with a `schema`.
        as_json: True writes it as JSON, every number in full; NaN and infinities become null.
        render: Makes it a table, several, or text that is already plain; called only for people.
    """
    if as_json:
        click.echo(to_json(document))
        return
    shown = render(document)
    if isinstance(shown, str):
        click.echo(shown, nl=not shown.endswith("\n"))
        return
    where = screen(sys.stdout, os.environ)
    tables = (shown,) if isinstance(shown, Table) else shown
    text = "\n".join(to_text(table, width=where.width, color=where.color) for table in tables)
    # click would take colours out again where it judges otherwise.
    click.echo(text, nl=False, color=where.color)


def to_json(document: Any) -> bytes:
    """Return a document as indented JSON, fields in the order of the struct, UTF-8."""
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    return _HIDDEN.sub(lambda hidden: f"\\u{ord(hidden[0]):04x}", text).encode()
