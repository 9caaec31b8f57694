"""The way from a definition through the project, name by name."""

from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING

from bancada.provenance._scopes import Use

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from bancada.provenance._imports import Imported
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
_DYNAMIC_BUILTINS = frozenset({"__import__", "eval", "exec", "getattr", "globals"})
_DYNAMIC_FUNCTIONS = frozenset(
    {"importlib.import_module", "importlib.__import__", "runpy.run_module", "runpy.run_path"}
)


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
        while self._pending:
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

    def _module(self, name: str) -> ModuleCode | None:
        if name not in self._found:
            self._found[name] = self.project.module(name)
        return self._found[name]

    def _load(self, code: ModuleCode) -> None:
        """Note that importing runs this module, and the packages around it first."""
        if code.name in self.modules:
            return
        self.modules[code.name] = code
        parent = code.name.rpartition(".")[0]
        around = self._module(parent) if parent else None
        if around is not None:
            self._load(around)
        if code.top.effects:
            self._take_whole(code, code.top.effects[0])

    def _take_whole(self, code: ModuleCode, reason: str) -> None:
        if code.name in self._wholes:
            return
        self._wholes[code.name] = reason
        self._load(code)
        self._pending += [(code, use, f"{code.name}:*") for use in code.whole_uses()]
        for star in code.top.stars:
            self._follow_star(code, star)

    def _resolve(self, code: ModuleCode, use: Use, *, outside: bool) -> None:
        """Find what a name of a module is bound to.

        Args:
            code: The module.
            use: The name, and the attributes taken of it.
            outside: True where it is looked up as an attribute of the module, False where the module's own code says
                it.
        """
        key = (code.name, use.chain, use.passive, outside)
        if key in self._seen:
            return
        self._seen.add(key)
        name = use.chain[0]
        units = code.top.units.get(name, [])
        if units:
            self._load(code)
            for unit in _meant(units, use.chain):
                self._take(code, name, unit, use)
        elif not outside and (name in _BUILTINS or name in _MODULE_NAMES):
            self._builtin(code, name, use)
        elif outside and code.is_package and self.project.find(f"{code.name}.{name}"):
            self._chain(f"{code.name}.{name}", use.chain[1:], use)
        elif code.top.stars:
            for star in code.top.stars:
                self._follow_star(code, star)
        elif outside and "__getattr__" in code.top.units:
            self.doubts.add(f"`{name}` of `{code.name}` comes from its `__getattr__`")
            self._take_whole(code, "its `__getattr__` answers for names that it does not bind")
        elif use.sure and name not in _MODULE_NAMES:
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
            elif self.project.find(full):
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
        if ".".join((dotted, *use.chain)) in _DYNAMIC_FUNCTIONS and not use.known and not use.passive:
            self.doubts.add(f"`{'.'.join((dotted, *use.chain))}` can reach code that is not seen")

    def _builtin(self, code: ModuleCode, name: str, use: Use) -> None:
        """Doubt a builtin that reaches code by text; follow a star import that replaces one."""
        if name in _DYNAMIC_BUILTINS and not use.known:
            self.doubts.add(f"`{name}` in `{code.name}` can reach code that is not seen")
        for star in code.top.stars:
            source = self._module(star.module)
            if source is not None and name in source.top.units:
                self._follow_star(code, star)

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
