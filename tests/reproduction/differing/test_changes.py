"""Laws of differences: equal things have none, and each that is named is one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.reproduction.differing._changes import changes, text_diff, text_of

values = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2) | st.lists(st.integers(0, 2), max_size=2)
)
mappings: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.dictionaries(st.sampled_from("xyz"), values, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("xyz"), values | inner, max_size=3),
    max_leaves=8,
)


def at(mapping: Any, name: str) -> Any:
    for part in name.split("."):
        mapping = mapping.get(part) if isinstance(mapping, dict) else None
    return mapping


@given(mappings)
def test_equal_mappings_differ_in_nothing(a: dict[str, Any]) -> None:
    assert changes(a, a) == ()


@given(mappings, mappings)
def test_every_change_names_a_value_of_each_side_and_back_again(a: dict[str, Any], b: dict[str, Any]) -> None:
    found = changes(a, b)
    for item in found:
        assert (at(a, item.name), at(b, item.name)) == (item.a, item.b)
    back = {(item.name, str(item.b), str(item.a)) for item in found}
    assert {(item.name, str(item.a), str(item.b)) for item in changes(b, a)} == back


@pytest.mark.parametrize("other", [True, 1.0])
def test_what_python_holds_equal_to_one_is_not_one_however_deep_it_lies(other: object) -> None:
    assert [item.name for item in changes({"x": 1}, {"x": other})] == ["x"]
    assert [item.name for item in changes({"x": {"y": 1}}, {"x": {"y": other}})] == ["x.y"]
    assert [item.name for item in changes({"x": [1, {"y": 1}]}, {"x": [1, {"y": other}]})] == ["x"]


def test_what_is_no_text_is_not_compared_line_by_line() -> None:
    assert text_of(None) is None
    assert text_of(b"a\0b") is None
    assert text_of(b"\xff\xfe") is None
    assert text_of(b"x" * 500_000) is None
    assert text_of(b"\xef\xbb\xbfx = 1") == "x = 1"


def test_texts_are_compared_as_a_unified_diff() -> None:
    assert text_diff("a\nb\n", "a\nc\n", "m.py").splitlines() == [
        "--- a/m.py", "+++ b/m.py", "@@ -1,2 +1,2 @@", " a", "-b", "+c",
    ]  # fmt: skip
    assert text_diff("", "a\n", "m.py").startswith("--- /dev/null\n+++ b/m.py")
