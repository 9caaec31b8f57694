"""Definitions as an extracted module has them: defaults and class attributes by their live values."""

from __future__ import annotations

import ast
import copy
import sys
from dataclasses import dataclass
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import TYPE_CHECKING, Any

from bancada.provenance._literals import is_reference
from bancada.provenance._origins import Unfit, holds_code, layers_of
from bancada.provenance._scopes import chain_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bancada.provenance._literals import Writer
    from bancada.provenance._origins import Definition

__all__ = ["Rewriter", "Written", "bare", "scope_of"]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_OF_NO_ACCOUNT = (GetSetDescriptorType, MemberDescriptorType)


@dataclass(frozen=True, slots=True)
class Written:
    """A definition twice.

    Attributes:
        node: As the module has it.
        plain: What of it still takes names from the module in which it was written.
        after: Statements that follow it.
    """

    node: ast.stmt
    plain: ast.stmt
    after: tuple[ast.stmt, ...] = ()


def scope_of(cls: type, user: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the names of the module in which a class was written.

    Args:
        cls: The class.
        user: The names among which it was met.
    """
    # Whoever imports a class has it among its names as well.
    if user.get(cls.__name__) is cls and user.get("__name__") == cls.__module__:
        return user
    for value in vars(cls).values():
        _, function = layers_of(value)
        if function is not None and function.__qualname__.startswith(f"{cls.__qualname__}."):
            return function.__globals__
    return vars(sys.modules[cls.__module__]) if cls.__module__ in sys.modules else {}


def bare(node: ast.stmt) -> ast.stmt:
    """Return a definition without its annotations."""
    kept = copy.deepcopy(node)
    for inner in ast.walk(kept):
        if isinstance(inner, ast.arg):
            inner.annotation = None
        elif isinstance(inner, _FUNCTIONS):
            inner.returns = None
        elif isinstance(inner, ast.AnnAssign):
            inner.annotation = ast.Constant(None)
    return kept


class Rewriter:
    """Rewrites definitions.

    Args:
        writer: Writes live values.
        value_of: Returns what a chain of names means in a scope.
        is_outside: Tells whether a module's code must be written out.
    """

    def __init__(
        self,
        writer: Writer,
        value_of: Callable[[tuple[str, ...], Mapping[str, Any]], Any],
        is_outside: Callable[[str], bool],
    ) -> None:
        self._writer = writer
        self._value_of = value_of
        self._is_outside = is_outside

    def of_function(
        self,
        definition: Definition,
        value: Any,
        layers: tuple[Any, ...],
        function: FunctionType,
        name: str,
        *,
        is_root: bool,
    ) -> Written:
        """Return a function, a lambda or a closure under a name.

        Raises:
            Unfit: A default, a variable around it or a decorator cannot be written out.
        """
        node, plain = copy.deepcopy(definition), copy.deepcopy(definition)
        if vars(function).keys() - {"__wrapped__"}:
            message = f"`{function.__name__}` carries attributes"
            raise Unfit(message)
        if not isinstance(node, ast.Lambda) and not isinstance(plain, ast.Lambda):
            node.decorator_list = self._decorators(node, value, layers, function, is_root=is_root)
            plain.decorator_list = copy.deepcopy(node.decorator_list)
        self._write_defaults(node, function)
        _drop_defaults(plain)
        if function.__closure__:
            return self._made(node, plain, function, name)
        if isinstance(node, ast.Lambda) and isinstance(plain, ast.Lambda):
            target = ast.Name(name, ast.Store())
            return Written(ast.Assign([target], node), ast.Expr(plain))
        assert not isinstance(node, ast.Lambda)  # noqa: S101 - handled above
        assert not isinstance(plain, ast.Lambda)  # noqa: S101 - as above
        return Written(node, plain)

    def of_class(self, definition: ast.ClassDef, cls: type, scope: Mapping[str, Any]) -> Written:
        """Return a class.

        Raises:
            Unfit: Its bases are not those that it was made with, or it holds more than methods and plain attributes.
        """
        node, plain = copy.deepcopy(definition), copy.deepcopy(definition)
        bases = tuple(self._value_of(chain_of(base), scope) for base in node.bases)
        if bases != (cls.__bases__ if bases else ()):
            message = f"a base of class `{cls.__name__}` was defined anew after it"
            raise Unfit(message)
        for decorator in (*node.decorator_list, *(keyword.value for keyword in node.keywords)):
            self._check_call(decorator, scope, cls.__name__)
        bound: set[str] = set()
        node.body = [self._member(item, cls, scope, bound) for item in node.body]
        plain.body = [_plain_member(item) for item in copy.deepcopy(node.body)]
        _refuse_later(cls, bound, decorated=bool(node.decorator_list))
        return Written(node, plain)

    def _decorators(
        self, node: Any, value: Any, layers: tuple[Any, ...], function: FunctionType, *, is_root: bool
    ) -> list[ast.expr]:
        """Return the decorators, once they are known to have made what stands around a function."""
        scope = function.__globals__
        kept: list[ast.expr] = list(node.decorator_list)
        heads = [self._check_call(decorator, scope, function.__name__) for decorator in kept]
        if is_root and len(kept) == len(layers) + 1 and str(getattr(heads[0], "__module__", "")).startswith("bancada."):
            kept, heads = kept[1:], heads[1:]
        if len(kept) != len(layers):
            message = f"`{function.__name__}` is not what its {len(kept)} decorators make with `functools.wraps`"
            raise Unfit(message)
        del value
        self._check_layers(layers, heads, function.__name__)
        return kept

    def _check_layers(self, layers: tuple[Any, ...], heads: list[Any], name: str) -> None:
        own = [inner for head in heads if (inner := layers_of(head)[1]) is not None]
        for layer in layers:
            if isinstance(layer, FunctionType):
                home = str(layer.__globals__.get("__name__"))
                made = any(holds_code(head.__code__, layer.__code__) for head in own)
            else:
                home, made = type(layer).__module__, False
            if not made and self._is_outside(home):
                message = f"a decorator of `{name}` was defined anew after it, or cannot be followed"
                raise Unfit(message)

    def _check_call(self, expression: ast.expr, scope: Mapping[str, Any], name: str) -> Any:
        """Return what a decorator's name means; its arguments must be literals, or names of definitions."""
        if isinstance(expression, ast.Constant):
            return expression.value
        call = expression if isinstance(expression, ast.Call) else None
        for argument in [] if call is None else [*call.args, *(keyword.value for keyword in call.keywords)]:
            if not _is_literal(argument) and not is_reference(self._value_of(chain_of(argument), scope)):
                message = f"`{ast.unparse(expression)}` of `{name}` computes its arguments"
                raise Unfit(message)
        return self._value_of(chain_of(expression if call is None else call.func), scope)

    def _write_defaults(self, node: Definition, function: FunctionType) -> None:
        arguments = node.args
        live, named = function.__defaults__ or (), function.__kwdefaults__ or {}
        known = [
            argument.arg
            for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default
        ]
        if len(live) != len(arguments.defaults) or set(known) != set(named):
            message = f"the defaults of `{function.__name__}` were changed"
            raise Unfit(message)
        try:
            arguments.defaults = [self._writer.write(value) for value in live]
            arguments.kw_defaults = [
                self._writer.write(named[argument.arg]) if argument.arg in named else None
                for argument in arguments.kwonlyargs
            ]
        except Unfit as unfit:
            message = f"a default of `{function.__name__}` is {unfit}"
            raise Unfit(message) from None

    def _made(self, node: Definition, plain: Definition, function: FunctionType, name: str) -> Written:
        """Return a closure: a function that takes the variables around it and returns it, called with their values."""
        names = function.__code__.co_freevars
        if any(isinstance(inner, ast.Nonlocal) for inner in ast.walk(node)) or "__class__" in names:
            message = f"`{function.__name__}` changes variables around it, or is a method"
            raise Unfit(message)
        own = "" if isinstance(node, ast.Lambda) else node.name
        given, values = [], []
        for free, cell in zip(names, function.__closure__ or (), strict=True):
            if free == own and _content(cell, function) is function:
                continue
            given.append(free)
            try:
                values.append(self._writer.write(_content(cell, function)))
            except Unfit as unfit:
                message = f"variable `{free}` around `{function.__name__}` is {unfit}"
                raise Unfit(message) from None
        factory = ast.Name(f"_make_{name}", ast.Load())
        call = ast.Assign([ast.Name(name, ast.Store())], ast.Call(factory, values, []))
        return Written(_factory(factory.id, given, node), _factory(factory.id, given, plain), (call,))

    def _member(self, item: ast.stmt, cls: type, scope: Mapping[str, Any], bound: set[str]) -> ast.stmt:
        """Return a statement of a class's body, as the class has it now."""
        if isinstance(item, _FUNCTIONS):
            bound.add(item.name)
            return self._method(item, cls, scope)
        target, value = _assigned(item)
        if target is not None:
            bound.add(target)
            if value is not None:
                self._write_attribute(item, value, target, cls, scope)
            return item
        if isinstance(item, ast.Pass) or (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)):
            return item
        message = f"class `{cls.__name__}` does more than define, in `{ast.unparse(item).partition(chr(10))[0]}`"
        raise Unfit(message)

    def _method(self, item: Any, cls: type, scope: Mapping[str, Any]) -> ast.stmt:
        layers, function = layers_of(vars(cls).get(item.name))
        if function is None or function.__name__ != item.name:
            message = f"`{cls.__name__}.{item.name}` is not what its text says"
            raise Unfit(message)
        heads = [self._check_call(decorator, scope, item.name) for decorator in item.decorator_list]
        self._check_layers(layers, heads, f"{cls.__name__}.{item.name}")
        self._write_defaults(item, function)
        method: ast.stmt = item
        return method

    def _write_attribute(self, item: Any, value: ast.expr, name: str, cls: type, scope: Mapping[str, Any]) -> None:
        """Write the live value of an attribute; one that a decorator took, as `dataclass` does, stays as it was."""
        if name not in vars(cls) or (cls.__dict__.get("__dataclass_fields__") and isinstance(value, ast.Call)):
            if not _is_literal(value):
                self._check_call(value, scope, f"{cls.__name__}.{name}")
                self._check_field(value, name, cls, scope)
            return
        if isinstance(vars(cls)[name], _OF_NO_ACCOUNT):
            return
        try:
            item.value = self._writer.write(vars(cls)[name])
        except Unfit as unfit:
            message = f"`{cls.__name__}.{name}` is {unfit}"
            raise Unfit(message) from None

    def _check_field(self, value: ast.expr, name: str, cls: type, scope: Mapping[str, Any]) -> None:
        """Refuse the field of a dataclass whose factory goes by a name that means something else by now."""
        field = getattr(cls, "__dataclass_fields__", {}).get(name)
        for keyword in value.keywords if isinstance(value, ast.Call) else ():
            if keyword.arg == "default_factory" and self._value_of(chain_of(keyword.value), scope) is not getattr(
                field, "default_factory", None
            ):
                message = f"the factory of `{cls.__name__}.{name}` was defined anew after it"
                raise Unfit(message)


def _content(cell: Any, function: FunctionType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        message = f"a variable around `{function.__name__}` has no value yet"
        raise Unfit(message) from None


def _factory(name: str, given: list[str], node: Definition) -> ast.stmt:
    inner: list[ast.stmt] = [ast.Return(node)] if isinstance(node, ast.Lambda) else []
    if not isinstance(node, ast.Lambda):
        inner = [node, ast.Return(ast.Name(node.name, ast.Load()))]
    arguments = ast.arguments([], [ast.arg(item) for item in given], None, [], [], None, [])
    return ast.FunctionDef(name, arguments, inner, [])


def _drop_defaults(node: Definition) -> None:
    node.args.defaults = []
    node.args.kw_defaults = [None for _ in node.args.kwonlyargs]


def _assigned(item: ast.stmt) -> tuple[str | None, ast.expr | None]:
    """Return the name that a statement assigns, and what; None where it is no plain assignment."""
    if isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name):
        return item.targets[0].id, item.value
    if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
        return item.target.id, item.value
    return None, None


def _plain_member(item: ast.stmt) -> ast.stmt:
    if isinstance(item, _FUNCTIONS):
        _drop_defaults(item)
    return item


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return False
    return True


def _refuse_later(cls: type, bound: set[str], *, decorated: bool) -> None:
    """Refuse a class that got methods or attributes after it was defined; what a library's base class adds is its."""
    for name, value in vars(cls).items():
        special = name.startswith("__") and name.endswith("__")
        if name in bound or special or isinstance(value, _OF_NO_ACCOUNT) or name.startswith(("_abc_", "_sklearn_")):
            continue
        _, function = layers_of(value)
        foreign = type(value).__module__ not in {"builtins", "functools", "__main__", cls.__module__}
        if (function is None and foreign) or decorated:
            continue
        message = f"`{cls.__name__}.{name}` was set after the class was defined"
        raise Unfit(message)
