"""Canonical JSON: one value, one text; one text, one value."""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.exceptions import DefinitionError
from bancada.identity import canonical_json, digest, digest_bytes, short

leaves = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**30), max_value=10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=20,
)


def same(left: object, right: object) -> bool:
    """Compare with types and signs of zero, which `==` passes over."""
    return type(left) is type(right) and repr(left) == repr(right)


@given(values)
def test_reading_back_gives_the_value(value: object) -> None:
    again = json.loads(canonical_json(value))
    assert again == value
    assert canonical_json(again) == canonical_json(value)


@given(st.dictionaries(st.text(max_size=3), st.integers(), min_size=2, max_size=6))
def test_the_order_of_keys_counts_for_nothing(value: dict[str, int]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_comes_back_bit_for_bit_and_stays_a_float(value: float) -> None:
    assert same(json.loads(canonical_json(value)), value)


@pytest.mark.parametrize(
    ("left", "right"), [(1, 1.0), (True, 1), (None, "null"), (0.0, -0.0), ("1", 1), ([], {}), ([1, [2]], [1, 2])]
)
def test_what_json_can_tell_apart_stays_apart(left: object, right: object) -> None:
    assert digest(left) != digest(right)


@pytest.mark.parametrize(
    ("scalar", "plain"),
    [
        (np.float64(0.1), 0.1),
        (np.float32(0.5), 0.5),
        (np.int8(3), 3),
        (np.uint64(2**63), 2**63),
        (np.bool_(True), True),
        (np.str_("é"), "é"),
    ],
)
def test_a_numpy_scalar_is_the_python_number_that_equals_it(scalar: object, plain: object) -> None:
    assert canonical_json({"v": scalar}) == canonical_json({"v": plain})


def test_the_text_is_sorted_utf_8_without_spaces() -> None:
    value = {"b": [1, 1.0, None, True], "a": "é\n", "Z": ()}
    assert canonical_json(value).decode() == '{"Z":[],"a":"é\\n","b":[1,1.0,null,true]}'


def test_the_digest_is_the_sha_256_of_the_text() -> None:
    assert digest({"k": 5}) == hashlib.sha256(b'{"k":5}').hexdigest() == digest_bytes(b'{"k":5}')
    assert short(digest({"k": 5})) == digest({"k": 5})[:6]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, [np.float64("nan")], [1, {"x": math.inf}]])
def test_a_number_that_json_lacks_is_refused(value: object) -> None:
    with pytest.raises(DefinitionError, match=r"finite.*Found (nan|inf|-inf)\. Write it as text"):
        canonical_json(value)


@pytest.mark.parametrize(
    "value", [{1: 2}, {None: 2}, {1, 2}, b"x", object, np.zeros(2), np.array(1), np.datetime64(5, "ns"), 1j]
)
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(DefinitionError, match="An identity is made of text, numbers"):
        canonical_json(value)


def test_a_value_that_holds_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(DefinitionError, match="holds itself"):
        canonical_json(loop)


def test_text_that_stands_for_no_character_is_refused() -> None:
    with pytest.raises(DefinitionError, match="Text in an identity is Unicode"):
        canonical_json("\ud800")


def test_an_integer_too_long_for_decimal_is_refused() -> None:
    with pytest.raises(DefinitionError, match="at most 4,300 digits"):
        canonical_json(10**5000)


def test_json_and_digests_load_nothing_heavy() -> None:
    code = (
        "import sys, bancada.identity as i; i.digest({'a': 1.5}); "
        "print([m for m in ('numpy', 'pyarrow', 'pandas', 'sqlite3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
