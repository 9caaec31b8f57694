"""The way from a definition through the project, name by name."""

from __future__ import annotations

import ast
import builtins
import sys
from typing import TYPE_CHECKING

from bancada.provenance._classes import registers
from bancada.provenance._imports import Imported
from bancada.provenance._scopes import Use, uses_of
from bancada.provenance._toplevel import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.provenance._project import ModuleCode, ProjectCode
    from bancada.provenance._toplevel import Unit

__all__ = ["Walk"]

_BUILTINS = frozenset(dir(builtins))
_MODULE_NAMES = frozenset(
    {
        "__annotations__", "__builtins__", "__cached__", "__dict__", "__doc__", "__file__", "__loader__", "__name__",
        "__package__", "__path__", "__spec__",
    }
)  # fmt: skip
# Reached with the name of what they are asked of, where that is known; alone, they can reach anything.
_DYNAMIC_BUILTINS = frozenset(
    {"__dict__", "__import__", "compile", "eval", "exec", "getattr", "globals", "locals", "vars"}
)
_DYNAMIC_FUNCTIONS = (
    "importlib.import_module.", "importlib.__import__.", "importlib.reload.", "importlib.util.spec_from_file_location.",
    "importlib.machinery.SourceFileLoader.", "runpy.run_module.", "runpy.run_path.", "sys.modules.", "sys._getframe.",
)  # fmt: skip
# Where these stand decides nothing: functions look names up when they are called.
_NO_ORDER = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef)


class Walk:
    """Collects the definitions that names resolve to, each once, whatever the order.

    Args:
        project: The code to look in.
    """

    def __init__(self, project: ProjectCode) -> None:
        self.project = project
        self.modules: dict[str, ModuleCode] = {}
        self.nodes: dict[tuple[str, str], list[ast.stmt]] = {}
        self.imports: set[str] = set()
        self.doubts: set[str] = set()
        self._reasons: dict[tuple[str, str], str] = {}
        self._wholes: dict[str, str] = {}
        self._pending: list[tuple[ModuleCode, Use, str]] = []
        self._read: set[int] = set()
        self._seen: set[tuple[object, ...]] = set()
        self._found: dict[str, ModuleCode | None] = {}
        self._tops: frozenset[str] | None = None
        self._arrived: list[ModuleCode] = []
        self._acting: set[str] = set()
        self._is_unsure = False
        self._by = ""

    def start(self, module: str, name: str) -> None:
        """Begin at a top-level definition of a module of the project."""
        code = self._module(module)
        if code is not None:
            self._by = "asked for"
            self._load(code)
            self._resolve(code, Use((name,)), outside=True)

    def run(self) -> None:
        """Follow every name until no new one comes."""
        while self._arrived or self._pending or self._spread():
            if self._arrived:
                self._enter(self._arrived.pop())
                continue
            code, use, by = self._pending.pop()
            self._by = f"used by `{by}`"
            if use.imported is None:
                self._resolve(code, use, outside=False)
            else:
                self._follow(code, use.imported, use)

    def wholes_and_items(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Yield module and name of each piece with the reason; of a module that counts whole, `*` alone."""
        for module, reason in self._wholes.items():
            yield (module, "*"), reason
        for (module, name), reason in self._reasons.items():
            if module not in self._wholes:
                yield (module, name), reason

    def orders(self) -> Iterator[tuple[str, list[tuple[int, str]]]]:
        """Yield each module whose parts' order decides what names are bound to, with lines and names in that order."""
        parts: dict[str, dict[int, tuple[int, str]]] = {}
        matters = set(self._acting)
        for (module, name), nodes in self.nodes.items():
            runs = [node for node in nodes if not isinstance(node, _NO_ORDER)]
            if module in self._wholes or not runs:
                continue
            parts.setdefault(module, {}).update({id(node): (node.lineno, name) for node in runs})
            if len(nodes) > 1:
                matters.add(module)
        for module in sorted(matters & parts.keys()):
            yield module, sorted(parts[module].values())

    def _spread(self) -> bool:
        """Take every module whole where code may reach what is not seen; tell whether that brought anything new."""
        parts = [code for code in self.modules.values() if code.name not in self._wholes] if self._is_unsure else []
        for code in parts:
            self._take_whole(code, "code that is not seen may use it")
        return bool(parts)

    def _module(self, name: str) -> ModuleCode | None:
        if self._tops is None:
            self._tops = self.project.tops()
        if name not in self._found:
            self._found[name] = self.project.module(name) if name.partition(".")[0] in self._tops else None
        return self._found[name]

    def _is_ours(self, imported: Imported) -> bool:
        """Tell whether an import loads anything of the project."""
        return next(self._loaded_by(imported), None) is not None

    def _loaded_by(self, imported: Imported) -> Iterator[ModuleCode]:
        """Yield the project's modules that an import loads."""
        parts = [*imported.module.split("."), *([imported.attribute] if imported.attribute else [])]
        for length in range(1, len(parts) + 1):
            code = self._module(".".join(parts[:length]))
            if code is not None:
                yield code

    def _load(self, code: ModuleCode) -> None:
        """Note that importing runs this module."""
        if code.name not in self.modules:
            self.modules[code.name] = code
            self._arrived.append(code)

    def _enter(self, code: ModuleCode) -> None:
        """Go on with what importing a module runs: the packages around it, its imports, and what it does itself."""
        for imported in (Imported("", code.name), *code.top.imports):
            for loaded in self._loaded_by(imported):
                self._load(loaded)
        if code.top.effects:
            self._take_whole(code, code.top.effects[0])
            return
        for act in code.acts(self._is_ours, lambda node: registers(node, code, self._module)):
            if act.whole:
                self._take_whole(code, act.said)
                return
            self._acting.add(code.name)
            here = (code.name, shown(act.node))
            self.nodes.setdefault(here, []).append(act.node)
            self._reasons.setdefault(here, act.said)
            self._pending += [(code, use, f"{code.name}:{here[1]}") for use in uses_of(act.node, code.package)]

    def _take_whole(self, code: ModuleCode, reason: str) -> None:
        if code.name in self._wholes:
            return
        self._wholes[code.name] = reason
        self._load(code)
        self._pending += [(code, use, f"{code.name}:*") for use in code.whole_uses()]
        self._follow_stars(code)

    def _resolve(self, code: ModuleCode, use: Use, *, outside: bool) -> None:
        """Find what a name of a module is bound to.

        Args:
            code: The module.
            use: The name, and the attributes taken of it.
            outside: True where it is looked up as an attribute of the module, False where the module's own code says
                it.
        """
        key = (code.name, use, outside)
        if key in self._seen:
            return
        self._seen.add(key)
        name = use.chain[0]
        units = code.top.units.get(name, [])
        if units:
            self._load(code)
            for unit in _meant(units, use.chain):
                self._take(code, name, unit, use)
            self._follow_stars(code, name)
        elif not outside and (name in _BUILTINS or name in _MODULE_NAMES):
            self._builtin(code, name, use)
            self._follow_stars(code, name)
        elif outside and code.is_package and self._module(f"{code.name}.{name}"):
            self._chain(f"{code.name}.{name}", use.chain[1:], use)
            self._follow_stars(code, name)
        elif code.top.stars:
            self._follow_stars(code)
        else:
            self._unbound(code, name, use, outside=outside)

    def _unbound(self, code: ModuleCode, name: str, use: Use, *, outside: bool) -> None:
        """Go on with a name that a module does not bind."""
        if outside and name == "__dict__":
            self._take_whole(code, f"its `__dict__` is {self._by}")
        elif outside and "__getattr__" in code.top.units:
            self.doubts.add(f"`{name}` of `{code.name}` comes from its `__getattr__`")
            self._take_whole(code, "its `__getattr__` answers for names that it does not bind")
        elif use.sure and not code.compiled and name not in _MODULE_NAMES:
            self.doubts.add(f"`{name}` is bound nowhere in `{code.name}`")

    def _take(self, code: ModuleCode, name: str, unit: Unit, use: Use) -> None:
        """Add a statement to the closure and go on with what it refers to."""
        here = (code.name, name)
        nodes = self.nodes.setdefault(here, [])
        if not any(node is unit.node for node in nodes):
            nodes.append(unit.node)
            nodes.sort(key=lambda node: (node.lineno, node.col_offset))
        self._reasons.setdefault(here, self._by)
        if id(unit) not in self._read and code.name not in self._wholes:
            self._read.add(id(unit))
            self._pending += [(code, inner, f"{code.name}:{name}") for inner in unit.uses()]
        for imported in (*unit.inner, *([unit.imported] if unit.imported else [])):
            self._follow(code, imported, Use(use.chain[1:], passive=use.passive, known=use.known))

    def _follow(self, code: ModuleCode, imported: Imported, use: Use) -> None:
        """Go on with what an import binds.

        Args:
            code: The module in which the import stands.
            imported: What is imported.
            use: The attributes taken of it.
        """
        if imported.attribute == "*":
            self._follow_star(code, imported)
        elif imported.attribute is None:
            self._follow_module(imported, use)
        else:
            source = self._module(imported.module)
            full = f"{imported.module}.{imported.attribute}"
            if source is not None:
                self._load(source)
                self._resolve(source, _with(use, (imported.attribute, *use.chain)), outside=True)
            elif self._module(full):
                self._chain(full, use.chain, use)
            else:
                self._outside(full, use)

    def _follow_module(self, imported: Imported, use: Use) -> None:
        loaded = self._module(imported.module)
        if loaded is not None:
            self._load(loaded)
        if imported.plain and (loaded is not None or self._module(imported.bound) is not None):
            if not use.passive:
                self._chain(imported.bound, use.chain, use)
        else:
            self._chain(imported.module, use.chain, use)

    def _chain(self, dotted: str, rest: tuple[str, ...], use: Use) -> None:
        """Go on with attributes taken of a module; without any, the module itself is passed around and counts whole."""
        code = self._module(dotted)
        if code is not None:
            self._load(code)
            if rest:
                self._resolve(code, _with(use, rest), outside=True)
            elif not use.passive:
                self._take_whole(code, f"the module itself is {self._by}")
        elif rest and any((folder.joinpath(*dotted.split("."))).is_dir() for folder in self.project.search):
            self._chain(f"{dotted}.{rest[0]}", rest[1:], use)
        else:
            self._outside(dotted, _with(use, rest))

    def _outside(self, dotted: str, use: Use) -> None:
        """Note a module that is not the project's."""
        top = dotted.partition(".")[0]
        if top and top not in sys.stdlib_module_names:
            self.imports.add(top)
        full = ".".join((dotted, *use.chain))
        named = use.known or use.passive
        if not named and f"{full}.".startswith(_DYNAMIC_FUNCTIONS):
            self.doubts.add(f"`{full}` can reach code that is not seen")
            self._is_unsure = True

    def _builtin(self, code: ModuleCode, name: str, use: Use) -> None:
        """Doubt a builtin that reaches code by text, where it may reach the project's."""
        if name not in _DYNAMIC_BUILTINS or use.known:
            return
        units = code.top.units.get(use.chain[1], []) if len(use.chain) > 1 else []
        bound = [unit.imported for unit in units if unit.imported] + [inner for unit in units for inner in unit.inner]
        if not units or any(self._is_ours(imported) for imported in bound):
            self.doubts.add(f"`{name}` in `{code.name}` can reach code that is not seen")
            self._is_unsure = True

    def _follow_stars(self, code: ModuleCode, name: str = "") -> None:
        """Follow star imports; for a name that is bound otherwise too, those that may bind it."""
        for unit in code.top.stars:
            if unit.imported is not None and (not name or self._may_offer(unit.imported, name, set())):
                self._follow_star(code, unit.imported)
                here = (code.name, shown(unit.node))
                self.nodes[here] = [unit.node]
                self._reasons.setdefault(here, self._by)

    def _may_offer(self, star: Imported, name: str, seen: set[str]) -> bool:
        """Tell whether a star import may bind a name."""
        source = self._module(star.module)
        if source is None or star.module in seen:
            return False
        if name in source.top.units or source.top.effects or "__all__" in source.top.units:
            return True
        stars = [unit.imported for unit in source.top.stars if unit.imported is not None]
        return any(self._may_offer(inner, name, {*seen, star.module}) for inner in stars)

    def _follow_star(self, code: ModuleCode, star: Imported) -> None:
        source = self._module(star.module)
        self.doubts.add(f"`{code.name}` takes every name of `{star.module}`")
        if source is None:
            self._outside(star.module, Use((), passive=True))
        else:
            self._take_whole(source, f"`{code.name}` takes every name of it")


def _with(use: Use, chain: tuple[str, ...]) -> Use:
    return Use(chain, passive=use.passive, known=use.known, sure=use.sure)


def _meant(units: list[Unit], chain: tuple[str, ...]) -> list[Unit]:
    """Choose among `import a.b` and `import a.c`, which both bind `a`, those that the chain goes through."""
    through = [
        unit
        for unit in units
        if unit.imported is None
        or not unit.imported.plain
        or tuple(unit.imported.module.split(".")) == chain[: unit.imported.module.count(".") + 1]
    ]
    return through or units
