"""What a code object says and uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.metrics._texts import definition_of, text_of, uses_of

if TYPE_CHECKING:
    from types import CodeType

FACTOR = 2


def scale(value: float) -> float:
    from json import loads  # noqa: PLC0415 - an import where the code runs is what is tested

    def inner() -> Any:
        return loads(str([round(value * FACTOR) for _ in range(3)]))

    return float(inner().mean)


def compiled(source: str) -> CodeType:
    names: dict[str, Any] = {}
    exec(source, names)  # noqa: S102 - makes a function without a source
    code: CodeType = names["f"].__code__
    return code


def test_names_of_nested_functions_count_and_attributes_are_no_globals() -> None:
    uses = uses_of(scale.__code__)
    assert uses.globals == {"str", "round", "FACTOR", "range", "float"}
    assert {"mean", "loads", "FACTOR"} <= uses.names
    assert uses.imports == {("json", 0)}


def test_relative_imports_have_their_level() -> None:
    assert uses_of(compiled("def f():\n    from ..near import a\n    import far.off")).imports == {
        ("near", 2),
        ("far.off", 0),
    }


def test_a_function_has_a_definition_and_a_lambda_or_a_generated_one_has_none() -> None:
    definition = definition_of(scale.__code__)
    assert definition is not None
    assert definition.name == "scale"
    assert definition_of((lambda value: value).__code__) is None
    assert definition_of(compiled("def f():\n    pass")) is None


def test_instructions_differ_where_the_code_does_and_lines_do_not_count() -> None:
    texts = [
        "def f(a):\n    return a + 1",
        "def f(a):\n    return a + 2",
        "def f(a):\n    return a - 1",
        "def f(a, b=1):\n    return a + 1",
        "def f(a):\n    return b + 1",
        "def f(a):\n    return (lambda: a + 1)()",
        "def f(a):\n    return (lambda: a + 2)()",
    ]
    assert len({str(text_of(compiled(text))) for text in texts}) == len(texts)
    assert text_of(compiled("\n\n" + texts[0])) == text_of(compiled(texts[0]))
    assert text_of(compiled(texts[0]))[0] == "instructions"
