"""Short texts of numbers stay as different as the numbers are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bancada.identity import told_apart


@given(values=st.lists(st.floats(allow_nan=False)))
def test_different_numbers_have_different_texts(values: list[float]) -> None:
    texts = told_apart(values)
    assert set(texts) == set(values)
    assert len({float(text) for text in texts.values()}) == len(texts)


@given(value=st.floats(1e-6, 1e6))
def test_a_text_is_short_and_near(value: float) -> None:
    text = told_apart([value])[value]
    assert len(text) <= 10
    assert abs(float(text) - value) <= 5e-4 * value


def test_a_collision_of_a_whole_grid_costs_digits() -> None:
    assert set(told_apart([0.1, 0.123451, 0.12345222]).values()) == {"0.1", "0.123451", "0.1235"}
    assert told_apart([0.12345111, 0.12345222]) == {0.12345111: "0.123451", 0.12345222: "0.123452"}
    assert told_apart([1.0, 1.0000000000000002]) == {1.0: "1.0", 1.0000000000000002: "1.0000000000000002"}
