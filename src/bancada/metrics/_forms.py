"""Everything that a function uses, in a form that has a digest: code by what it says, data by value."""

from __future__ import annotations

import builtins
import functools
import hashlib
import importlib
import importlib.util
import math
import sys
from pathlib import Path
from types import (
    FunctionType,
    GetSetDescriptorType,
    MappingProxyType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import TYPE_CHECKING, Any, Never

import numpy as np

from bancada.exceptions import DefinitionError
from bancada.identity import digest
from bancada.metrics._named import is_installed, name_of_installed
from bancada.metrics._texts import text_of, uses_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

__all__ = ["FORMS_VERSION", "form_digest"]

FORMS_VERSION = 1

_RULE = "What a metric's function uses must be known: functions, classes, plain data, or objects that can be pickled."
_PICKLED = 4
_LARGEST_INT = 64
_NO_NAMES: frozenset[str] = frozenset()
# What Python itself puts into a class, and what only describes it.
_OF_EVERY_CLASS = frozenset(
    {
        "__abstractmethods__",
        "__annotate__",
        "__annotate_func__",
        "__annotations__",
        "__annotations_cache__",
        "__dataclass_fields__",
        "__dataclass_params__",
        "__dict__",
        "__doc__",
        "__firstlineno__",
        "__module__",
        "__qualname__",
        "__static_attributes__",
        "__weakref__",
        "_abc_impl",
    }
)


def form_digest(value: Any, *, own: FunctionType | None = None) -> str:
    """Return the digest of a value and of all that it uses, transitively.

    Args:
        value: A function, a class or any other value.
        own: A function whose enclosing variables are told elsewhere.

    Raises:
        DefinitionError: Something that it uses has no form: an open file, a lock, a generator.
    """
    forms = _Forms(getattr(value, "__name__", type(value).__name__), own)
    root = forms.of(value)
    return digest({"forms": FORMS_VERSION, "root": root, "found": forms.found})


class _Forms:
    """Finds the forms of values; each function, class, module and object has its form once, under a number.

    Args:
        user: Name of what uses them, for errors.
        own: A function whose enclosing variables are left out.
    """

    def __init__(self, user: str, own: FunctionType | None) -> None:
        self.found: list[Any] = []
        self._user = user
        self._own = own
        self._name = user
        self._numbers: dict[Hashable, int] = {}
        # An object that is gone could give its address to another one.
        self._kept: list[Any] = []

    def of(self, value: Any, names: frozenset[str] = _NO_NAMES) -> Any:
        """Return the form of a value.

        Args:
            value: The value.
            names: Attributes that are used where the value is; they count for modules alone.
        """
        kind = type(value)
        if value is None or kind in (bool, str, int, float, complex, bytes, type(...)):
            return _scalar(value)
        if kind in (tuple, frozenset):
            return [kind.__name__, *(self.of(item, names) for item in _ordered(value))]
        named = name_of_installed(value)
        if named is not None:
            return ["installed", *named]
        if isinstance(value, ModuleType):
            return self._module(value, names)
        return self._once(id(value), value, self._build)

    def _build(self, value: Any) -> Any:
        builders: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
            (FunctionType, self._function),
            (type, self._class),
            (functools.partial, self._partial),
            (MethodType, self._method),
            ((property, staticmethod, classmethod, functools.cached_property), self._descriptor),
            (np.ndarray, self._array),
            (MappingProxyType, self._mapping),
        )
        for kinds, build in builders:
            if isinstance(value, kinds):
                return build(value)
        # Classes of a user's own that are lists or mappings may hold more than items.
        if type(value) in (list, set):
            return self._items(value)
        if type(value) is dict:
            return self._mapping(value)
        if callable(value) and hasattr(value, "__wrapped__"):
            return ["wrapper", self.of(type(value)), self.of(value.__wrapped__)]
        return self._object(value)

    def _once(self, key: Hashable, value: Any, build: Callable[[Any], Any]) -> list[Any]:
        if key not in self._numbers:
            number = self._numbers[key] = len(self.found)
            self._kept.append(value)
            self.found.append(None)
            try:
                self.found[number] = build(value)
            except DefinitionError:
                # Who ignores this has not seen it; the next to ask is refused as well.
                del self._numbers[key]
                raise
        return ["number", self._numbers[key]]

    def _function(self, function: FunctionType) -> Any:
        code = function.__code__
        uses = uses_of(code)
        enclosed = {} if function is self._own else dict(zip(code.co_freevars, function.__closure__ or (), strict=True))
        if is_installed(str(function.__globals__.get("__name__"))):
            # A decorator's wrapper: of its own state nothing is the user's that has no form.
            held = {name: self._of_wrapper(cell) for name, cell in enclosed.items()}
            return ["installed", function.__globals__["__name__"], code.co_qualname, held, self._attributes(function)]
        held = {name: self._of_cell(name, cell, uses.names) for name, cell in enclosed.items()}
        looked_up = {name: self._of_global(function, name, uses.names) for name in sorted(uses.globals)}
        imported = [self._of_import(function, *item) for item in sorted(uses.imports)]
        used = [{name: form for name, form in looked_up.items() if form != ["builtin"]}, imported]
        defaults = [self.of(function.__defaults__), self.of(function.__kwdefaults__)]
        return ["function", text_of(code), defaults, held, used, self._attributes(function)]

    def _attributes(self, function: FunctionType) -> dict[str, Any]:
        """Return the forms of a function's attributes, among them what `functools.wraps` says that it wraps."""
        return {name: self._told(name, value) for name, value in sorted(vars(function).items())}

    def _of_global(self, function: FunctionType, name: str, names: frozenset[str]) -> Any:
        if name in function.__globals__:
            return self._told(name, function.__globals__[name], names)
        return ["builtin"] if hasattr(builtins, name) else ["absent"]

    def _of_cell(self, name: str, cell: Any, names: frozenset[str]) -> Any:
        try:
            value = cell.cell_contents
        except ValueError:
            return ["absent"]
        return self._told(name, value, names)

    def _of_wrapper(self, cell: Any) -> Any:
        try:
            return self._of_cell("", cell, _NO_NAMES)
        except DefinitionError:
            return ["state", type(cell.cell_contents).__qualname__]

    def _of_import(self, function: FunctionType, name: str, level: int) -> Any:
        package = function.__globals__.get("__package__") or ""
        try:
            absolute = importlib.util.resolve_name("." * level + name, package)
            # Only what a user wrote is imported to be read; calling the metric would do the same.
            if absolute not in sys.modules and not is_installed(absolute):
                importlib.import_module(absolute)
        except Exception as error:  # noqa: BLE001 - importing a user's module may raise anything; the metric will say so itself
            return ["absent", name, type(error).__name__]
        module = sys.modules.get(absolute)
        return ["module", absolute] if module is None else self._module(module, uses_of(function.__code__).names)

    def _told(self, name: str, value: Any, names: frozenset[str] = _NO_NAMES) -> Any:
        """Return the form of what has a name, by which an error calls it."""
        before, self._name = self._name, name or self._name
        try:
            return self.of(value, names)
        finally:
            self._name = before

    def _module(self, module: ModuleType, names: frozenset[str]) -> Any:
        """Return the form of a module: its name, and what is used of it where a user wrote it."""
        if is_installed(module.__name__):
            return ["module", module.__name__]
        return self._once((module.__name__, names), module, lambda _: self._module_form(module, names))

    def _module_form(self, module: ModuleType, names: frozenset[str]) -> Any:
        file = getattr(module, "__file__", None)
        used = {name: self._told(name, getattr(module, name), names) for name in sorted(names) if hasattr(module, name)}
        used = {name: form for name, form in used.items() if not name.startswith("__")}
        if not used and file is not None:
            # Passed on as a whole: anything in it may be used.
            return ["module", module.__name__, hashlib.sha256(Path(file).read_bytes()).hexdigest()]
        return ["module", module.__name__, used]

    def _class(self, value: type) -> Any:
        members = {
            name: self._told(name, member)
            for name, member in sorted(vars(value).items())
            if name not in _OF_EVERY_CLASS and not isinstance(member, GetSetDescriptorType | MemberDescriptorType)
        }
        return ["class", value.__qualname__, self.of(type(value)), self.of(value.__bases__), members]

    def _items(self, value: Any) -> Any:
        return [type(value).__name__, *(self.of(item) for item in _ordered(value))]

    def _mapping(self, value: Any) -> Any:
        return ["mapping", *([self.of(key), self.of(item)] for key, item in value.items())]

    def _partial(self, value: functools.partial[Any]) -> Any:
        return ["partial", self.of(value.func), self.of(value.args), self.of(value.keywords)]

    def _method(self, value: MethodType) -> Any:
        return ["method", self.of(value.__func__), self.of(value.__self__)]

    def _array(self, value: np.ndarray[Any, Any]) -> Any:
        if value.dtype.hasobject:
            return ["array", str(value.dtype), list(value.shape), self.of(value.ravel().tolist())]
        content = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        return ["array", repr(value.dtype.descr), list(value.shape), content]

    def _descriptor(self, value: Any) -> Any:
        """Return the form of a descriptor that holds functions."""
        held = (getattr(value, name, None) for name in ("__func__", "func", "fget", "fset", "fdel"))
        return [type(value).__name__, *(self.of(function) for function in held)]

    def _object(self, value: Any) -> Any:
        """Return the form of an object: what it is pickled as."""
        try:
            reduced = value.__reduce_ex__(_PICKLED)
        except Exception:  # noqa: BLE001 - a class may refuse to be pickled by any error
            self._refuse(value)
        if isinstance(reduced, str):
            return ["object", type(value).__module__, reduced]
        made, *state = reduced[:3]
        more = [list(part or ()) for part in reduced[3:5]]
        return ["object", self.of(made), *(self.of(part) for part in (*state, *more))]

    def _refuse(self, value: Any) -> Never:
        kind = type(value)
        found = f"`{self._user}` uses `{self._name}`, which holds a {kind.__module__}.{kind.__qualname__}."
        remedy = "Make it inside the function, pass it as numbers and text, or say which code it is by `.with_code(…)`."
        raise DefinitionError(_RULE, found, remedy) from None


def _scalar(value: Any) -> Any:
    """Return text, a number or the like as canonical JSON can have it."""
    if isinstance(value, str):
        return ["text", value.encode("utf-8", "surrogatepass").hex() if not value.isascii() else value]
    if isinstance(value, bytes):
        return ["bytes", hashlib.sha256(value).hexdigest()]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= _LARGEST_INT else ["int", hex(value)]
    return value if isinstance(value, float) and math.isfinite(value) else [type(value).__name__, repr(value)]


def _ordered(value: Any) -> list[Any]:
    """Return the items of a collection, those of a set in an order that is the same in every process."""
    if isinstance(value, set | frozenset):
        return sorted(value, key=lambda item: (type(item).__qualname__, repr(item)))
    return list(value)
