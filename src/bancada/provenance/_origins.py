"""Where a live function or class was written: its definition, once it is sure that it says what lives."""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
import sys
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from bancada.identity import same_code, tree_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Definition", "Unfit", "class_definition", "function_definition", "holds_code", "layers_of"]

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# `from __future__ import …` of the file, which the code object remembers.
_FUTURE = 0x1FE0000
_MOST_LAYERS = 100
# Names under which notebooks and prompts keep the text of what was typed.
_CELLS = ("<ipython-input", "<python-input", "<stdin", "ipykernel_")


class Unfit(Exception):  # noqa: N818 - a signal inside this package, told as the reason of an extraction
    """Something cannot be written out; the text says what."""


def layers_of(value: Any) -> tuple[tuple[Any, ...], FunctionType | None]:
    """Return what stands around a function, from the outside in, and the function itself; None where there is none."""
    layers: list[Any] = []
    inner = _inside(value)
    while inner is not None and len(layers) < _MOST_LAYERS:
        layers.append(value)
        value, inner = inner, _inside(inner)
    return tuple(layers), value if isinstance(value, FunctionType) else None


def _inside(value: Any) -> Any:
    """Return what a decorated function, a property or a method is made of; None where it says nothing of the kind."""
    if isinstance(value, type | functools.partial):
        return None
    if isinstance(value, property):
        return value.fget
    if isinstance(value, functools.cached_property):
        return value.func
    # Asked without `__getattr__`, which answers to any name in some objects.
    if inspect.getattr_static(value, "__wrapped__", None) is None:
        return None
    return value.__wrapped__


def function_definition(function: FunctionType) -> Definition:
    """Return the `def` or the lambda that made a function.

    Args:
        function: A function of this process.

    Raises:
        Unfit: Its text is not known, says something else by now, or holds several that it may be.
    """
    code = function.__code__
    tree = _tree(_text(code.co_filename, function.__globals__))
    if tree is None:
        message = f"the source of `{function.__name__}` is not known"
        raise Unfit(message)
    if not any(same_code(code, other) for other in _compiled(tree, code) if _same_place(code, other)):
        message = f"the source of `{function.__name__}` was changed after it was run"
        raise Unfit(message)
    is_lambda = code.co_name == "<lambda>"
    found = {
        tree_digest(node): node
        for node in ast.walk(tree)
        if (isinstance(node, ast.Lambda) if is_lambda else isinstance(node, _FUNCTIONS) and node.name == code.co_name)
        and _first_line(node) == code.co_firstlineno
        and (not isinstance(node, ast.Lambda) or _is_body_of(node.body, code))
    }
    if len(found) != 1:
        message = (
            f"line {code.co_firstlineno} of its source holds {len(found)} definitions that `{code.co_name}` may be"
        )
        raise Unfit(message)
    node = next(iter(found.values()))
    assert isinstance(node, Definition)  # noqa: S101 - what was filtered above; it tells the type
    return node


def class_definition(cls: type) -> ast.ClassDef:
    """Return the `class` statement that made a class, once each of its methods is known to be the written one.

    Args:
        cls: A class of this process, bound at the top level.

    Raises:
        Unfit: Its text is not known, says something else by now, or was written in several ways.
    """
    if "<" in cls.__qualname__ or "." in cls.__qualname__:
        message = f"class `{cls.__qualname__}` is defined inside something else"
        raise Unfit(message)
    methods = tuple(_methods(cls))
    texts = {_text(method.__code__.co_filename, method.__globals__) for method in methods} or set(_known_texts(cls))
    found: dict[str, ast.ClassDef] = {}
    for text in texts:
        for node in getattr(_tree(text), "body", ()):
            if isinstance(node, ast.ClassDef) and node.name == cls.__name__ and _holds(node, methods):
                found.setdefault(tree_digest(node), node)
    if len(found) != 1:
        said = "is not known" if not found else "was written in several ways in this session, and nothing tells which"
        message = f"the source of class `{cls.__name__}` {said}"
        raise Unfit(message)
    for method in methods:
        function_definition(method)
    return next(iter(found.values()))


def holds_code(code: CodeType, wanted: CodeType) -> bool:
    """Tell whether code defines some other code inside of it."""
    inner = [item for item in code.co_consts if isinstance(item, CodeType)]
    return any(same_code(item, wanted) or holds_code(item, wanted) for item in inner)


def _methods(cls: type) -> Iterator[FunctionType]:
    """Yield the methods that a class's own text defines; what a decorator generated has another text."""
    for value in vars(cls).values():
        _, function = layers_of(value)
        if function is None or function.__qualname__ != f"{cls.__qualname__}.{function.__name__}":
            continue
        if _text(function.__code__.co_filename, function.__globals__):
            yield function


def _holds(node: ast.ClassDef, methods: tuple[FunctionType, ...]) -> bool:
    last = node.end_lineno or node.lineno
    return all(node.lineno <= method.__code__.co_firstlineno <= last for method in methods)


def _known_texts(cls: type) -> Iterator[str]:
    """Yield the texts in which a class without methods may have been written."""
    module = sys.modules.get(cls.__module__)
    file = getattr(module, "__file__", None)
    if file:
        yield _text(file, {})
    if cls.__module__ == "__main__":
        for name in tuple(linecache.cache):
            if any(cell in name for cell in _CELLS):
                yield _text(name, {})


def _text(filename: str, scope: dict[str, Any]) -> str:
    """Return the text behind a file name; empty where there is none. A file is read as it is now."""
    linecache.checkcache(filename)
    return "".join(linecache.getlines(filename, scope))


@functools.lru_cache(maxsize=256)
def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text) if text else None
    except (SyntaxError, ValueError):
        return None


def _compiled(tree: ast.Module, like: CodeType) -> Iterator[CodeType]:
    """Yield every code object of a text, compiled under the same future statements as another.

    A notebook compiles each statement of a cell alone, a file is compiled whole: that can give other instructions, as
    the compiler looks whether a name was imported nearby.
    """
    flags = like.co_flags & _FUTURE | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    line = like.co_firstlineno
    alone = [node for node in tree.body if _first_line(node) <= line <= (node.end_lineno or line)]
    for body in (tree.body, alone):
        unit = ast.Module(body, [])
        pending = [compile(unit, like.co_filename, "exec", flags=flags, dont_inherit=True)]
        while pending:
            code = pending.pop()
            yield code
            pending += [item for item in code.co_consts if isinstance(item, CodeType)]


def _same_place(one: CodeType, other: CodeType) -> bool:
    return (one.co_qualname, one.co_firstlineno) == (other.co_qualname, other.co_firstlineno)


def _first_line(node: ast.AST) -> int:
    decorators = getattr(node, "decorator_list", ())
    return int(min([node.lineno, *(decorator.lineno for decorator in decorators)]))  # type: ignore[attr-defined]  # definitions have lines


def _is_body_of(body: ast.expr, code: CodeType) -> bool:
    """Tell whether a lambda's body is what some code was compiled from, by the columns that its instructions name."""
    place = (body.lineno, body.end_lineno, body.col_offset, body.end_col_offset)
    return place in set(code.co_positions())
