"""The project's modules, found and parsed, never imported."""

from __future__ import annotations

import ast
import hashlib
import os
from dataclasses import dataclass, field
from importlib.machinery import EXTENSION_SUFFIXES
from typing import TYPE_CHECKING

from bancada.exceptions import DefinitionError
from bancada.identity import tree_digest
from bancada.provenance._effects import Act, Judge
from bancada.provenance._scopes import uses_of
from bancada.provenance._toplevel import TopLevel, executed, read_top_level

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bancada.provenance._imports import Imported
    from bancada.provenance._scopes import Use

__all__ = ["ModuleCode", "ProjectCode"]

# In the order in which Python prefers them; the last three are imported by tools, or on other systems.
_COMPILED = tuple(dict.fromkeys((*EXTENSION_SUFFIXES, ".so", ".pyd", ".pyx")))


@dataclass(eq=False, slots=True)
class ModuleCode:
    """One module of the project, parsed; a compiled one has an empty tree.

    Attributes:
        name: Absolute dotted name.
        path: Path relative to the project's root, with forward slashes.
        file: SHA-256 of the file's bytes.
        tree: The syntax tree.
        is_package: True for an `__init__.py`.
        top: What its top level binds and does.
        compiled: Digest of the files of a compiled module; empty for one in Python.
    """

    name: str
    path: str
    file: str
    tree: ast.Module
    is_package: bool
    top: TopLevel
    compiled: str = ""
    _uses: tuple[Use, ...] | None = None
    _digests: dict[tuple[int, ...], str] = field(default_factory=dict)
    _acts: dict[tuple[bool, ...], tuple[Act, ...]] = field(default_factory=dict)

    @property
    def package(self) -> str:
        """The package from which its relative imports start."""
        return package_of(self.name, is_package=self.is_package)

    def acts(self, ours: Callable[[Imported], bool], registers: Callable[[ast.ClassDef], bool]) -> tuple[Act, ...]:
        """Return what its definitions do beside defining, as `Judge` tells it, told anew where its answers changed."""
        places = [*self.top.imports, *(unit.imported for units in self.top.units.values() for unit in units)]
        nodes = (node for statement in self.top.statements for node in executed(statement))
        key = (
            *(ours(imported) for imported in places if imported is not None),
            *(registers(node) for node in nodes if isinstance(node, ast.ClassDef)),
        )
        if key not in self._acts:
            self._acts[key] = tuple(Judge(self.top, ours, registers).acts())
        return self._acts[key]

    def whole_digest(self) -> str:
        """Return the digest of everything that the module says."""
        return self.compiled or self.digest(self.tree.body)

    def whole_uses(self) -> tuple[Use, ...]:
        """Return what the whole module refers to."""
        if self._uses is None:
            self._uses = uses_of(self.tree, self.package)
        return self._uses

    def digest(self, nodes: Sequence[ast.stmt]) -> str:
        """Return the digest of some statements of the top level, which the tree keeps: their ids are safe keys."""
        key = tuple(id(node) for node in nodes)
        if key not in self._digests:
            self._digests[key] = tree_digest(ast.Module(body=list(nodes), type_ignores=[]))
        return self._digests[key]


class ProjectCode:
    """The code of a project: which modules it has, and what they say. Nothing of it is ever imported or run.

    Parsed modules are kept until their file changes.

    Args:
        root: The project's root; paths are told relative to it.
        search: Folders from which modules are imported, in order, such as the root and its `src`.
    """

    def __init__(self, root: Path, search: tuple[Path, ...]) -> None:
        self.root = root
        self.search = search
        self._parsed: dict[str, tuple[tuple[str, int, int], ModuleCode]] = {}
        self._texts: dict[str, ModuleCode] = {}

    def with_text(self, name: str, text: str) -> ProjectCode:
        """Return the same code with one more module, which is in no file.

        Args:
            name: Its absolute name, without dots.
            text: What it says.

        Raises:
            DefinitionError: It is no Python that this interpreter can read.
        """
        known = ProjectCode(self.root, self.search)
        known._parsed = self._parsed
        known._texts = {**self._texts, name: _module(name, name, text.encode(), is_package=False)}
        return known

    def tops(self) -> frozenset[str]:
        """Return the names under which modules and packages may be found, and others that are none."""
        folders = [folder for folder in self.search if folder.is_dir()]
        return frozenset(
            (*self._texts, *(path.name.partition(".")[0] for folder in folders for path in folder.iterdir()))
        )

    def find(self, name: str) -> Path | None:
        """Return the file of a module; None where the project has none of that name."""
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        for folder in self.search:
            place = folder.joinpath(*parts)
            init, source = place / "__init__.py", place.with_name(f"{parts[-1]}.py")
            if init.is_file():
                return init
            compiled = _compiled(source)
            if compiled and (compiled[0].name.endswith(tuple(EXTENSION_SUFFIXES)) or not source.is_file()):
                return compiled[0]
            if source.is_file():
                return source
        return None

    def module(self, name: str) -> ModuleCode | None:
        """Return a module, parsed; None where the project has none of that name.

        Raises:
            DefinitionError: The file is no Python that this interpreter can read.
        """
        if name in self._texts:
            return self._texts[name]
        path = self.find(name)
        if path is None:
            return None
        status = path.stat()
        stamp = (str(path), status.st_mtime_ns, status.st_size)
        if name not in self._parsed or self._parsed[name][0] != stamp:
            self._parsed[name] = (stamp, self._parse(name, path))
        return self._parsed[name][1]

    def _parse(self, name: str, path: Path) -> ModuleCode:
        if path.suffix != ".py":
            return self._hash(name, path)
        told = os.path.relpath(path, self.root).replace(os.sep, "/")
        return _module(name, told, path.read_bytes(), is_package=path.name == "__init__.py")

    def _hash(self, name: str, path: Path) -> ModuleCode:
        """Return a compiled module, of which only the files' content is known."""
        digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in _compiled(path)]
        return ModuleCode(
            name=name,
            path=os.path.relpath(path, self.root).replace(os.sep, "/"),
            file=digests[0],
            tree=ast.Module(body=[], type_ignores=[]),
            is_package=False,
            top=TopLevel(effects=["it is compiled"]),
            compiled=hashlib.sha256(" ".join(digests).encode()).hexdigest(),
        )


def _module(name: str, path: str, source: bytes, *, is_package: bool) -> ModuleCode:
    """Parse a module."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise DefinitionError(
            "The project's modules are Python that this interpreter can read.",
            f"Found {str(error)!r} in the module `{name}`, {path!r}.",
            "Correct the file, or run with the Python version it is written for.",
        ) from None
    return ModuleCode(
        name=name,
        path=path,
        file=hashlib.sha256(source).hexdigest(),
        tree=tree,
        is_package=is_package,
        top=read_top_level(tree, package_of(name, is_package=is_package)),
    )


def _compiled(path: Path) -> list[Path]:
    """Return the compiled files, and their sources, of the module that a path names; Python's first choice first."""
    stem = path.name.partition(".")[0]
    files = (path.with_name(stem + suffix) for suffix in _COMPILED)
    return [file for file in files if file.is_file()]


def package_of(name: str, *, is_package: bool) -> str:
    """Return the package from which a module's relative imports start."""
    return name if is_package else name.rpartition(".")[0]
