"""From the canonical form of a value to the value: imports and calls what the form names, and nothing else."""

from __future__ import annotations

import ast
import datetime as dt
import enum
import functools
import importlib
import inspect
import pathlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Never

import numpy as np

from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

__all__ = ["build"]

MAX_DEPTH = 200
_PATHS = {
    kind.__name__: kind
    for kind in (pathlib.PurePosixPath, pathlib.PureWindowsPath, pathlib.PosixPath, pathlib.WindowsPath)
}
_TIMES = ("date", "datetime", "time", "timedelta")


def build(
    described: Any,
    get: Callable[[str], bytes] | None = None,
    modules: Mapping[str, ModuleType] | None = None,
) -> Any:
    """Return the value that a canonical form describes; the inverse of `describe`.

    Estimators and objects are made of their class and parameters, functions and classes are imported by name. Whoever
    builds a form that another one wrote runs what it names: ask for consent first.

    Args:
        described: What `describe` returned.
        get: Gives the bytes of an array by its digest, as `arrays` yielded them.
        modules: Modules that are known under a name of their own, such as what was extracted from a session.

    Raises:
        DefinitionError: The form is none, or names something that is not there.

    Examples:
        >>> from sklearn.linear_model import Ridge
        >>> from bancada.models import describe
        >>> build(describe(Ridge(alpha=2.0)))
        Ridge(alpha=2.0)
    """
    return _Builder(get, modules or {}).of(described, 0)


@dataclass(frozen=True)
class _Builder:
    get: Callable[[str], bytes] | None
    modules: Mapping[str, ModuleType]

    def of(self, form: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            _refuse("it is nested too deeply")
        if form is None or isinstance(form, bool | int | float | str):
            return form
        if isinstance(form, list):
            return [self.of(item, depth + 1) for item in form]
        if not isinstance(form, dict):
            _refuse(f"it holds a `{type(form).__name__}`")
        makers: dict[str, Callable[[dict[str, Any], int], Any]] = {
            "class": self._estimator,
            "partial": self._partial,
            "method": self._method,
            "object": self._object,
            "scalar": lambda form, _: np.dtype(form["dtype"]).type(form["scalar"]),
            "array": lambda form, _: self._array(form),
        }
        try:
            for name, make in makers.items():
                if name in form:
                    return make(form, depth + 1)
            ((kind, content),) = form.items()
        except (KeyError, ValueError, TypeError) as error:
            _refuse(f"{shortened(form)} cannot be made: {type(error).__name__}: {error}")
        return self._of_one(kind, content, depth + 1)

    def _of_one(self, kind: str, content: Any, depth: int) -> Any:
        """Return the value of a form with one field."""
        makers: dict[str, Callable[[Any], Any]] = {
            "dict": lambda items: {self.of(key, depth): self.of(value, depth) for key, value in items},
            "tuple": lambda items: tuple(self.of(items, depth)),
            "set": lambda items: set(self.of(items, depth)),
            "frozenset": lambda items: frozenset(self.of(items, depth)),
            "slice": lambda items: slice(*self.of(items, depth)),
            "float": float,
            "reference": self._found,
            "enum": self._member,
            **_PATHS,
            **dict.fromkeys((*_TIMES, "range"), _written),
        }
        if kind in makers:
            return makers[kind](content)
        if kind.endswith("DType") or kind.startswith("dtype"):
            return np.dtype(content)
        return _refuse(f"{shortened({kind: content})} is of no kind that is known")

    def _estimator(self, form: dict[str, Any], depth: int) -> Any:
        return self._class(form["class"])(**{name: self.of(value, depth) for name, value in form["params"].items()})

    def _partial(self, form: dict[str, Any], depth: int) -> Any:
        keywords = {name: self.of(value, depth) for name, value in form["keywords"].items()}
        return functools.partial(self.of(form["partial"], depth), *self.of(form["args"], depth), **keywords)

    def _method(self, form: dict[str, Any], depth: int) -> Any:
        owner = self.of(form["of"], depth)
        found = getattr(owner, form["method"])
        if not inspect.isroutine(found) or getattr(found, "__self__", None) is not owner:
            _refuse(f"`{form['method']}` is no method of a `{type(owner).__name__}`")
        return found

    def _object(self, form: dict[str, Any], depth: int) -> Any:
        cls = self._class(form["object"])
        made = object.__new__(cls)
        # By the dictionary, for a frozen dataclass sets nothing.
        vars(made).update({name: self.of(value, depth) for name, value in form["state"].items()})
        return made

    def _array(self, form: dict[str, Any]) -> Any:
        if self.get is None:
            _refuse(f"the bytes of its array `{form['array'][:12]}…` are not at hand")
        data = np.frombuffer(self.get(form["array"]), dtype=np.dtype(form["dtype"]))
        return data.reshape(form["shape"]).copy()

    def _member(self, reference: str) -> Any:
        """Return a member of an enumeration, by its name; of combined flags, by their number."""
        owner, _, name = reference.rpartition(".")
        cls = self._class(owner)
        if not issubclass(cls, enum.Enum):
            _refuse(f"`{owner}` is no enumeration")
        return cls(int(name)) if name.lstrip("-").isdigit() else cls[name]

    def _class(self, reference: str) -> Any:
        found = self._found(reference)
        if not inspect.isclass(found):
            _refuse(f"`{reference}` is no class")
        return found

    def _found(self, reference: str) -> Any:
        module, colon, qualname = reference.partition(":")
        if not (module and colon and qualname):
            _refuse(f"{reference!r} is no reference")
        places = [module, "scipy.special"] if module == "numpy" else [module]
        reason = ""
        for place in places:
            try:
                named = self.modules.get(place) or importlib.import_module(place)
                found: Any = named
                for name in qualname.split("."):
                    found = getattr(found, name)
                    if inspect.ismodule(found):
                        _refuse(f"`{reference}` leads through the module `{found.__name__}`")
            except (ImportError, AttributeError) as error:
                reason = reason or f"`{reference}` is not there: {error}"
            else:
                if not _is_of(found, place, named):
                    _refuse(f"`{reference}` is of another module: `{getattr(found, '__module__', None)}`")
                # A decorator of bancada's stands around the function that was meant.
                return found
        return _refuse(reason)


def _is_of(found: Any, place: str, module: ModuleType) -> bool:
    """Tell whether what a module has under a name is its own, or that of a package whose door it is.

    A form names what it means by where that was defined; what a module has merely imported is never named so.
    """
    if isinstance(found, np.ufunc):
        return True
    defined = str(getattr(found, "__module__", None))
    return defined in {place, getattr(module, "__name__", place)} or defined.startswith(f"{place}.")


def _written(text: str) -> Any:
    """Return a date, time or range that is written as its `repr`, without evaluating it."""
    try:
        return _of_node(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, TypeError) as error:
        return _refuse(f"{text!r} cannot be read: {error}")


def _of_node(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant | ast.UnaryOp | ast.BinOp):
        return ast.literal_eval(node)
    text = ast.unparse(node)
    if text == "datetime.timezone.utc":
        return dt.UTC
    if not isinstance(node, ast.Call):
        _refuse(f"{text!r} is no date, time or range")
    name = ast.unparse(node.func)
    known: dict[str, Any] = {"range": range, "datetime.timezone": dt.timezone}
    known |= {f"datetime.{kind}": getattr(dt, kind) for kind in _TIMES}
    if name not in known:
        _refuse(f"{text!r} is no date, time or range")
    keywords = {str(item.arg): _of_node(item.value) for item in node.keywords}
    return known[name](*(_of_node(item) for item in node.args), **keywords)


def shortened(form: Any) -> str:
    """Return the beginning of a form, for messages."""
    text = repr(form)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _refuse(reason: str) -> Never:
    raise DefinitionError(
        "A model that is rebuilt has a form that tells all of it.",
        f"This one cannot be rebuilt: {reason}.",
        "Run it again with this version of bancada and of its packages.",
    )
