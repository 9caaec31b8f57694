"""What a definition's text is, and which files count."""

from __future__ import annotations

import ast
import textwrap

import pytest

from bancada.reproduction.differing._code import definition_text

MODULE = textwrap.dedent('''
    """What it is for."""
    from a import b as c, d
    import e.f

    LIMIT = 3
    LIMIT += 1
    first, (second, *rest) = 1, (2, 3)

    @c
    @d(1)
    def fit(x):
        inner = 1
        return inner

    class Model:
        size = 1

    try:
        import fast
    except ImportError:
        fast = None
    if LIMIT:
        def late():
            pass
''')


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c", "from a import b as c, d"),
        ("d", "from a import b as c, d"),
        ("e", "import e.f"),
        ("LIMIT", "LIMIT = 3\nLIMIT += 1"),
        ("rest", "first, (second, *rest) = 1, (2, 3)"),
        ("fit", "@c\n@d(1)\ndef fit(x):\n    inner = 1\n    return inner"),
        ("Model", "class Model:\n    size = 1"),
        ("Model.size", "class Model:\n    size = 1"),
        ("fast", "try:\n    import fast\nexcept ImportError:\n    fast = None"),
        ("late", "if LIMIT:\n    def late():\n        pass"),
        ("inner", ""),
        ("*", MODULE),
    ],
)
def test_a_definition_is_the_statements_that_bind_it(name: str, text: str) -> None:
    assert definition_text(MODULE, name) == text
    ast.parse(definition_text(MODULE, name))


def test_what_is_no_python_is_told_whole() -> None:
    assert definition_text("def (:", "x") == "def (:"
