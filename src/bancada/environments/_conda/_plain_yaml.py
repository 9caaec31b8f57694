"""The part of YAML in which people write `environment.yml` and `.condarc`: mappings, lists, text."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["PlainYaml", "read_plain_yaml"]

_KEY = re.compile(r"(?P<key>\"[^\"]*\"|'[^']*'|[^\s\[\]{}#&*!|>'\"%@`][^#]*?)\s*:(?:\s+(?P<rest>.*))?$")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
# Anchors, aliases, tags, blocks of text and flow mappings mean more than they show: such a file is left unread.
_BEYOND = ("&", "*", "!", "|", ">", "{", "@", "`", "%", "? ")

PlainYaml = str | list["PlainYaml"] | dict[str, "PlainYaml"]


class _Line(NamedTuple):
    number: int
    indent: int
    text: str


def read_plain_yaml(text: str) -> PlainYaml:
    r"""Read mappings, lists and text from YAML; every scalar stays the text that was written.

    Args:
        text: The file's text.

    Raises:
        ValueError: It says more than that, or is no YAML.

    Examples:
        >>> read_plain_yaml("channels: [conda-forge]\ndependencies:\n  - python =3.11\n  - pip:\n    - rich")
        {'channels': ['conda-forge'], 'dependencies': ['python =3.11', {'pip': ['rich']}]}
    """
    lines = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        bare = _without_comment(line).rstrip()
        if not bare.strip() or bare in {"---", "..."}:
            continue
        if "\t" in bare[: len(bare) - len(bare.lstrip())]:
            raise _unread(number, "a tab")
        lines.append(_Line(number, len(bare) - len(bare.lstrip()), bare.lstrip()))
    if not lines:
        return {}
    value, rest = _block(lines, 0)
    if rest < len(lines):
        raise _unread(lines[rest].number, "an indent that fits no line above it")
    return value


def _block(lines: list[_Line], start: int) -> tuple[PlainYaml, int]:
    first = lines[start]
    if first.text == "-" or first.text.startswith("- "):
        return _items(lines, start)
    if _KEY.match(first.text):
        return _entries(lines, start)
    return _scalar(first.text, first.number), start + 1


def _items(lines: list[_Line], start: int) -> tuple[PlainYaml, int]:
    indent = lines[start].indent
    items: list[PlainYaml] = []
    while start < len(lines) and lines[start].indent == indent and (lines[start].text + " ").startswith("- "):
        number, _, text = lines[start]
        inner = text[1:].lstrip()
        if inner:
            # What stands behind the dash begins a block of its own, as deep as it stands there.
            lines[start] = _Line(number, indent + len(text) - len(inner), inner)
            value, start = _block(lines, start)
        elif start + 1 < len(lines) and lines[start + 1].indent > indent:
            value, start = _block(lines, start + 1)
        else:
            value, start = "", start + 1
        items.append(value)
    return items, start


def _entries(lines: list[_Line], start: int) -> tuple[PlainYaml, int]:
    indent = lines[start].indent
    entries: dict[str, PlainYaml] = {}
    while start < len(lines) and lines[start].indent == indent:
        number, _, text = lines[start]
        found = _KEY.match(text)
        if not found:
            raise _unread(number, "no key")
        value: PlainYaml = ""
        start += 1
        if found["rest"]:
            value = _scalar(found["rest"].strip(), number)
        elif start < len(lines) and _is_below(lines[start], indent):
            value, start = _block(lines, start)
        key = found["key"].strip("\"'")
        if key in entries:
            raise _unread(number, f"the key {key!r} a second time")
        entries[key] = value
    return entries, start


def _is_below(line: _Line, indent: int) -> bool:
    # A list may stand as deep as the key that it belongs to.
    return line.indent > indent or (line.indent == indent and (line.text + " ").startswith("- "))


def _scalar(text: str, number: int) -> PlainYaml:
    if text.startswith(_BEYOND):
        raise _unread(number, f"{text[:1]!r}")
    if text.startswith("["):
        if not text.endswith("]") or "[" in text[1:]:
            raise _unread(number, "a list over several lines")
        return [_scalar(item.strip(), number) for item in text[1:-1].split(",") if item.strip()]
    if text[:1] in {'"', "'"}:
        if len(text) == 1 or text[-1] != text[0] or text[0] in text[1:-1] or "\\" in text:
            raise _unread(number, "an escape")
        return text[1:-1]
    if ": " in text or text.endswith(":"):
        raise _unread(number, "a mapping in a line")
    return text


def _without_comment(line: str) -> str:
    """Cut a comment off; a `#` inside quotes begins none."""
    found = _COMMENT.search(line)
    while found:
        before = line[: found.start()]
        if before.count('"') % 2 == 0 and before.count("'") % 2 == 0:
            return before
        found = _COMMENT.search(line, found.start() + 1)
    return line


def _unread(number: int, what: str) -> ValueError:
    return ValueError(f"line {number} has {what}, which is not read here")
