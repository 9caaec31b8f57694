"""What comes back from a type is what was brought to it, or it is null."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.engine.outside._lossless import lossless, plain_array

WHOLE = st.integers(-(2**53), 2**53)


@given(values=st.lists(WHOLE))
def test_whole_numbers_survive_as_texts_and_floats(values: list[int]) -> None:
    exact = pa.array(values, pa.int64())
    for form in (exact, pa.array(map(str, values), pa.string()), pa.array(map(float, values), pa.float64())):
        assert lossless(form, pa.int64()).equals(exact)
    assert lossless(exact, pa.string()).to_pylist() == [str(value) for value in values]
    assert lossless(pa.array(map(float, values), pa.float64()), pa.string()).to_pylist() == [str(v) for v in values]


@given(values=st.lists(st.text()))
def test_a_text_becomes_a_number_only_where_the_number_says_all_of_it(values: list[str]) -> None:
    for text, found in zip(values, lossless(pa.array(values, pa.string()), pa.int64()).to_pylist(), strict=True):
        if found is not None:
            assert text.strip().partition(".")[0] in {str(found), "-0"}


@pytest.mark.parametrize("text", ["07", "+7", "7.5", "1e3", "7 8", "", "0x7", "9" * 30, "\u0667", "seven"])
def test_what_only_looks_like_a_whole_number_is_none(text: str) -> None:
    assert lossless(pa.array(["1", text]), pa.int64()).to_pylist() == [1, None]


@pytest.mark.parametrize(
    ("values", "wanted", "expected"),
    [
        (pa.array([300, -1, 7]), pa.uint8(), [None, None, 7]),
        (pa.array([0.5, float("nan"), 2.0]), pa.int64(), [None, None, 2]),
        (pa.array(["2024-05-01", "soon"]), pa.date32(), [dt.date(2024, 5, 1), None]),
        (pa.array([dt.date(2024, 5, 1)]), pa.timestamp("us"), [dt.datetime(2024, 5, 1)]),  # noqa: DTZ001 - Arrow's naive moment
        (pa.array(["a", "b", "a"]).dictionary_encode(), pa.string(), ["a", "b", "a"]),
        (pa.array(["a"], pa.large_string()), pa.string(), ["a"]),
        (pa.array([" x "]), pa.binary(), [b" x "]),
        (pa.array([[1.0]]), pa.int64(), [None]),
    ],
)
def test_each_value_that_cannot_be_of_the_type_is_null(
    values: pa.Array, wanted: pa.DataType, expected: list[object]
) -> None:
    assert lossless(values, wanted).to_pylist() == expected


def test_chunks_are_put_together() -> None:
    chunks = pa.chunked_array([["a"], ["b"]]).dictionary_encode()
    assert plain_array(chunks).to_pylist() == ["a", "b"]
    assert pc.count(plain_array(pa.chunked_array([], pa.string()))).as_py() == 0
