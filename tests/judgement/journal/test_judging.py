"""The word that follows from an interval."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bancada.judgement.journal._judging import decide

ENDS = st.floats(-10, 10, allow_nan=False)
MIRROR = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


def test_the_ends_belong_where_statistics_puts_them() -> None:
    assert [decide(">", 1, *ends) for ends in ((1, 2), (1.1, 2), (0, 1), (0, 1.1))] == [
        "inconclusive",
        "supported",
        "refuted",
        "inconclusive",
    ]
    assert [decide(">=", 1, *ends) for ends in ((1, 2), (0, 1), (0, 0.9))] == ["supported", "inconclusive", "refuted"]


@given(operator=st.sampled_from(sorted(MIRROR)), bound=ENDS, ends=st.tuples(ENDS, ENDS).map(sorted))
def test_less_is_the_mirror_of_more(operator: str, bound: float, ends: list[float]) -> None:
    low, high = ends
    assert decide(operator, bound, low, high) == decide(MIRROR[operator], -bound, -high, -low)


@given(bound=ENDS, ends=st.tuples(ENDS, ENDS).map(sorted))
def test_an_expectation_is_refuted_where_its_opposite_is_supported(bound: float, ends: list[float]) -> None:
    low, high = ends
    for operator, opposite in ((">", "<="), (">=", "<")):
        assert (decide(operator, bound, low, high) == "refuted") == (decide(opposite, bound, low, high) == "supported")
