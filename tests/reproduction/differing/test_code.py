"""What a definition's text is, and which files count."""

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.store.store_samples import run_record

from bancada.exceptions import StoreError
from bancada.report._listing import stored_code
from bancada.reproduction.differing._code import KeptCode, code_changes, definition_text, file_changes
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize("source", ["x = " + "-" * 200_000 + "1", "x = " + "(" * 5_000 + ")" * 5_000, "x = 1\0"])
def test_what_the_parser_gives_up_on_is_told_whole(source: str) -> None:
    assert definition_text(source, "x") == source


def test_what_is_too_long_to_be_parsed_is_told_whole() -> None:
    source = "x = 1\n" * 100_000
    assert definition_text(source, "x") == source


WHOLE = {"module": "m", "name": "f", "path": "m.py", "digest": "0" * 64, "reason": "itself"}


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"definitions": {"module": "m"}}',
        *(
            msgspec.json.encode({"definitions": [{name: value for name, value in WHOLE.items() if name != left}]})
            for left in ("module", "name", "path", "digest")
        ),
        *(msgspec.json.encode({"definitions": [WHOLE | {name: 3}]}) for name in ("module", "name", "path", "digest")),
    ],
)
def test_a_list_of_definitions_that_is_none_counts_as_not_kept(written: bytes) -> None:
    run = msgspec.structs.replace(run_record("a"), provenance={"code": "a" * 64})
    side, whole = (
        KeptCode(run, {"a" * 64: data}.__getitem__)
        for data in (written, msgspec.json.encode({"definitions": [WHOLE], "imports": []}))
    )
    assert side.definitions is None
    assert [change.name for change in code_changes(side, whole)] == ["f"]
    assert [change.change for change in code_changes(whole, side)] == ["removed"]
    assert code_changes(whole, whole) == ()


def test_what_is_no_list_of_code_is_refused_in_three_sentences() -> None:
    with pytest.raises(StoreError, match="lists the definitions that it consists of"):
        stored_code("first", b'{"definitions": 3}')


def test_a_file_that_was_read_and_not_kept_is_told_by_its_digest(tmp_path: Path) -> None:
    objects = Store.open(tmp_path / ".bancada", create=True).objects
    run = msgspec.structs.replace(run_record("a"), provenance={"files": {"kept.txt": "0" * 64}})
    sides = [KeptCode(run, objects.get, {"secret.txt": digest * 64, "kept.txt": "0" * 64}) for digest in ("1", "2")]
    (change,) = file_changes(*sides)
    assert (change.path, change.change, change.counts, change.diff) == ("secret.txt", "changed", True, "")
    assert file_changes(sides[0], sides[0]) == ()
