"""The code of two runs: which definitions differ, and how their texts do."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from bancada.exceptions import StoreError
from bancada.reproduction.differing._changes import text_diff, text_of
from bancada.reproduction.differing._document import CodeChange, FileChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bancada.records import RunRecord

__all__ = ["KeptCode", "code_changes", "definition_text", "file_changes"]

LONGEST_SOURCE = 400_000
SETTINGS = frozenset({"bancada.toml", "pyproject.toml"})


class _Definition(msgspec.Struct, frozen=True):
    """One piece of the code of a run; whoever wrote the object may have written anything."""

    module: str
    name: str
    path: str
    digest: str


class _Definitions(msgspec.Struct, frozen=True):
    definitions: tuple[_Definition, ...]


@dataclass(frozen=True)
class KeptCode:
    """What a run has kept of its code and of the files that it observed.

    Attributes:
        run: The run.
        get: Returns an object of its store.
        observed: Digest of each file that its folds read or imported, by path; what of it was withheld is told by it.
    """

    run: RunRecord
    get: Callable[[str], bytes]
    observed: Mapping[str, str] = field(default_factory=dict)

    @property
    def definitions(self) -> dict[tuple[str, str], _Definition] | None:
        """What its identity consists of, by module and name; None where that is not kept, or not as it is written."""
        name = self.run.provenance.get("code")
        data = self.data(name) if isinstance(name, str) else None
        if data is None:
            return None
        try:
            kept = msgspec.json.decode(data, type=_Definitions)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        return {(item.module, item.name): item for item in kept.definitions}

    @property
    def sources(self) -> dict[str, str]:
        """Object of each module of its code, by path."""
        return _objects(self.run, "sources")

    @property
    def files(self) -> dict[str, str]:
        """Object of each other file, by path."""
        return _objects(self.run, "files")

    def data(self, name: str) -> bytes | None:
        """Return an object; None where the store has it no more."""
        try:
            return self.get(name)
        except StoreError:
            return None

    def text(self, path: str) -> str | None:
        """Return a source; of what was extracted from a session, the extraction."""
        name = {**self.files, **self.sources}.get(path)
        if name is None:
            extracted = self.run.provenance.get("extracted")
            name = extracted.get("object") if isinstance(extracted, dict) else None
        return None if name is None else text_of(self.data(name))


def _objects(run: RunRecord, key: str) -> dict[str, str]:
    named = run.provenance.get(key)
    return {str(path): str(name) for path, name in named.items()} if isinstance(named, dict) else {}


def code_changes(a: KeptCode, b: KeptCode) -> tuple[CodeChange, ...]:
    """Return the definitions that differ, by their identity: comments, layout and docstrings are no part of it."""
    ours, theirs = a.definitions or {}, b.definitions or {}
    found = []
    for module, name in sorted({*ours, *theirs}):
        first, second = ours.get((module, name)), theirs.get((module, name))
        if first is not None and second is not None and first.digest == second.digest:
            continue
        path = second.path if second is not None else first.path if first is not None else ""
        texts = [_text(side, item) for side, item in ((a, first), (b, second))]
        known = [text for text in texts if text is not None]
        diff = text_diff(known[0], known[1], path) if len(known) == len(texts) else ""
        found.append(CodeChange(module=module, name=name, path=path, change=_word(first, second), diff=diff))
    return tuple(found)


def _text(side: KeptCode, item: _Definition | None) -> str | None:
    """Return the text of a definition; empty for one that the side has not, None where the text is not kept."""
    if item is None:
        return ""
    text = side.text(item.path)
    return None if text is None else definition_text(text, item.name)


def definition_text(source: str, name: str) -> str:
    r"""Return the statements at the top level of a module that bind a name; all of it for `*`.

    Args:
        source: The module.
        name: The name; of one with dots, what stands before the first counts.

    Examples:
        >>> definition_text("import a\n\nb = 1\n\n@c\ndef d():\n    pass\n", "d")
        '@c\ndef d():\n    pass'
    """
    if name == "*" or len(source) > LONGEST_SOURCE:
        return source
    wanted = name.partition(".")[0]
    try:
        return "\n".join(_statements(source, wanted))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # What is nested too deeply for the parser is told whole, as what is no Python.
        return source


def _statements(source: str, wanted: str) -> Iterator[str]:
    """Yield the text of each statement at the top level that binds a name."""
    tree = ast.parse(source)
    lines = source.splitlines()
    for statement in tree.body:
        if wanted in _bound(statement):
            decorators = getattr(statement, "decorator_list", [])
            first = min([statement.lineno, *(item.lineno for item in decorators)])
            yield "\n".join(lines[first - 1 : statement.end_lineno])


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement binds at the top level, in its blocks too."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


def file_changes(a: KeptCode, b: KeptCode) -> tuple[FileChange, ...]:
    """Return the files that differ: what was read or imported, what was declared, and modules of the code.

    A module of the code counts by its definitions alone, so that one which differs in nothing else is told as beside.
    """
    ours_kept, theirs_kept = {**a.files, **a.sources}, {**b.files, **b.sources}
    ours, theirs = ({**_unkept(side), **_read(side.run)} for side in (a, b))
    code = {*a.sources, *b.sources}
    found = []
    for path in sorted({*ours, *theirs, *ours_kept, *theirs_kept}):
        first = ours.get(path, ours_kept.get(path))
        second = theirs.get(path, theirs_kept.get(path))
        if first == second:
            continue
        texts = [
            "" if name is None else text_of(side.data(kept.get(path, name)))
            for side, kept, name in ((a, ours_kept, first), (b, theirs_kept, second))
        ]
        known = [text for text in texts if text is not None]
        kind = "settings" if path in SETTINGS else "module" if path.endswith(".py") else "file"
        counts = kind != "settings" and path not in code
        diff = text_diff(known[0], known[1], path) if len(known) == len(texts) else ""
        found.append(FileChange(path=path, change=_word(first, second), kind=kind, counts=counts, diff=diff))
    return tuple(found)


def _unkept(side: KeptCode) -> dict[str, str]:
    """Return the digests of files that were read and not kept, since they hold a secret or are large."""
    kept, data = {*side.files, *side.sources}, side.run.problem.dataset.files
    return {path: name for path, name in side.observed.items() if path not in kept and data.get(path) != name}


def _read(run: RunRecord) -> dict[str, str]:
    """Return the digests of files that a candidate declares, or that a command read."""
    read: dict[str, str] = {}
    for key in ("reads", "files"):
        named = run.claim.get(key)
        if isinstance(named, dict):
            read |= {str(path): str(digest) for path, digest in named.items()}
    return read


def _word(first: object, second: object) -> str:
    return "added" if first is None else "removed" if second is None else "changed"
