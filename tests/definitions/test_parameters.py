"""Tests of reading a signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from bancada.definitions._parameters import read_parameters
from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from somewhere import Unknown  # type: ignore[import-not-found] # what a type checker alone would see


def typed(rate: float, depth: int | None = None, *, kind: Literal["a", "b"] = "a", sizes: list[int] = [1]) -> Any:  # noqa: B006 - a mutable default, as users write it
    return rate, depth, kind, sizes


def untyped(a, b=0.5, c=None) -> object:  # type: ignore[no-untyped-def]  # noqa: ANN001 - users leave types out: that is the case
    return a, b, c


def test_names_annotations_and_defaults_are_read_in_order() -> None:
    found = [(item.name, item.annotation, item.default, item.required) for item in read_parameters("typed", typed)]
    assert found == [
        ("rate", "float", None, True),
        ("depth", "int | None", None, False),
        ("kind", "Literal['a', 'b']", "a", False),
        ("sizes", "list[int]", [1], False),
    ]


def test_a_parameter_without_annotation_takes_anything_plain() -> None:
    a, b, c = read_parameters("untyped", untyped)
    assert (a.annotation, a.required, b.default, c.default) == ("", True, 0.5, None)
    assert a.conform({"any": [1, "thing"]}, "untyped") == {"any": [1, "thing"]}


def test_parameters_are_equal_and_hashable_as_values() -> None:
    assert read_parameters("typed", typed) == read_parameters("typed", typed)
    assert hash(read_parameters("typed", typed)) == hash(read_parameters("typed", typed))


def _positional_only(a: int = 1, /) -> None: ...


def _starred(*sizes: int) -> None: ...


def _double_starred(**options: int) -> None: ...


def _unresolved(x: Unknown = None) -> None: ...


def _bad_type(x: memoryview) -> None: ...


def _bad_default(depth: int = None) -> None: ...  # type: ignore[assignment]  # noqa: RUF013 - the mistake that is refused


def _object_default(kernel=object()) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001, B008 - the default that is refused


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (_positional_only, "Found parameter `a` of candidate `f` positional-only"),
        (_starred, r"Found parameter `sizes` of candidate `f` written with `\*`\."),
        (_double_starred, r"Found parameter `options` of candidate `f` written with `\*\*`\."),
        (_unresolved, r"annotation of parameter `x` .* Found `Unknown` \(name 'Unknown' is not defined\)"),
        (_bad_type, "Found `memoryview`. Use bool, int, float, str"),
        (
            _bad_default,
            r"default of parameter `depth` .* Found None\. Annotate what the default is, such as `int \| None`",
        ),
        (_object_default, "default of parameter `kernel` .* Found <object"),
    ],
)
def test_a_signature_that_cannot_be_typed_on_a_command_line_is_refused(
    function: Callable[..., Any], message: str
) -> None:
    with pytest.raises(DefinitionError, match=message):
        read_parameters("f", function)
