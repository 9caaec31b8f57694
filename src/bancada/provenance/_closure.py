"""The code that a definition consists of: itself, and transitively what its names resolve to in the project."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.exceptions import DefinitionError, NotFoundError, nearest
from bancada.identity import TREE_VERSION, digest, tree_digest
from bancada.provenance._walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.provenance._project import ModuleCode, ProjectCode

__all__ = ["CODE_VERSION", "CodeClosure", "CodeItem", "close_over", "code_closure"]

CODE_VERSION = 1


@dataclass(frozen=True, slots=True, order=True)
class CodeItem:
    """One piece of the project's code that a closure consists of.

    Attributes:
        module: Absolute dotted name of the module.
        path: Its file, relative to the project's root.
        qualname: Name of the definition, or of what an import binds; `*` for the whole module.
        digest: Digest of its syntax tree, without positions, comments and docstrings.
        reason: Why it belongs here.
    """

    module: str
    path: str
    qualname: str
    digest: str
    reason: str


@dataclass(frozen=True, slots=True)
class CodeClosure:
    """All the code of the project that a definition depends on, as far as reading it can tell.

    Attributes:
        digest: Identity of this code. The own name of a function that was closed over is a label and no part of it.
        items: The pieces, sorted by module and name.
        imports: Top-level names of the modules used that are neither the project's nor the standard library's, sorted.
        sources: SHA-256 of each file concerned, by path relative to the root.
        doubts: What reading could not resolve, a phrase each, sorted.
    """

    digest: str
    items: tuple[CodeItem, ...]
    imports: tuple[str, ...]
    sources: dict[str, str]
    doubts: tuple[str, ...]


def code_closure(module: str, qualname: str, project: ProjectCode) -> CodeClosure:
    """Close over a definition: a candidate, a metric's function, a class.

    It consists of the definition and of the project's top-level definitions that its names resolve to, transitively:
    functions, classes with bases and decorators, assignments, and single names of import statements.

    What importing these modules runs belongs to it as well, in every module of the project that they import, used or
    not: a module counts whole where its top level does more than define, or where a definition makes itself known by a
    decorator or base class of the project; a call of the project's own code in a definition counts alone. Where code
    can be reached by names that reading does not see, every module that is loaded counts whole.

    Args:
        module: Absolute name of the project's module that holds it.
        qualname: Its name there; of a name with dots, the top-level definition counts.
        project: The code to look in; nothing of it is imported.

    Raises:
        NotFoundError: The project has no such module, or the module no such definition.
        DefinitionError: The definition has no name of its own, or a module cannot be parsed.
    """
    code = project.module(module)
    if code is None:
        raise NotFoundError(
            "Code is closed over in a module of the project.",
            f"Found no module `{module}` below {', '.join(repr(str(folder)) for folder in project.search)}.",
            "Correct the name, or add its folder to the project.",
        )
    if "<" in qualname:
        raise DefinitionError(
            "Code that is closed over has a name at the top level of its module.",
            f"Found `{qualname}` in `{module}`.",
            "Define it there with `def` or `class`.",
        )
    name, _, part = qualname.partition(".")
    units = code.top.units.get(name, [])
    if not units:
        raise NotFoundError(
            "A definition is bound at the top level of its module.",
            f"Found no `{name}` in `{module}`.",
            nearest(name, code.top.units),
        )
    root = _nameless([unit.node for unit in units], code)
    return close_over([(module, name)], [[root, part]], project, own=(module, name))


def close_over(
    roots: Iterable[tuple[str, str]],
    identity: list[list[str]],
    project: ProjectCode,
    *,
    own: tuple[str, str] | None = None,
    imports: Iterable[str] = (),
) -> CodeClosure:
    """Close over several definitions at once.

    Args:
        roots: Module and top-level name of each.
        identity: What the digest says of the roots.
        project: The code to look in.
        own: The root that `identity` holds already, so that its name leaves no trace.
        imports: Top-level names of other modules that are used.
    """
    walk = Walk(project)
    for module, name in roots:
        walk.start(module, name)
    walk.run()
    items = []
    for (module, name), reason in walk.wholes_and_items():
        code = walk.modules[module]
        value = code.whole_digest() if name == "*" else code.digest(walk.nodes[module, name])
        items.append(CodeItem(module, code.path, name, value, reason))
    items.sort()
    told = [[item.module, item.qualname, item.digest] for item in items if (item.module, item.qualname) != own]
    for module, order in walk.orders():
        told.append([module, "order", " ".join("" if (module, name) == own else name for _, name in order)])
    payload = {"code": CODE_VERSION, "tree": TREE_VERSION, "roots": identity, "items": told}
    return CodeClosure(
        digest=digest(payload),
        items=tuple(items),
        imports=tuple(sorted({*walk.imports, *imports})),
        sources={code.path: code.file for code in sorted(walk.modules.values(), key=lambda code: code.path)},
        doubts=tuple(sorted(walk.doubts)),
    )


def _nameless(nodes: list[ast.stmt], code: ModuleCode) -> str:
    """Digest a definition without its own name, which is a label."""
    node = nodes[0]
    if len(nodes) > 1 or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return code.digest(nodes)
    alone = copy.copy(node)
    alone.name = ""
    return tree_digest(alone)
