"""Tipping points: just before one the ranking is what it was, just beyond it is another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.scoring.costs import searched_tipping, straight_tipping

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

numbers = st.integers(-50, 50).map(float)
lines_of = st.lists(st.tuples(numbers, numbers), min_size=2, max_size=7)
PRESENT = 3.0


def ahead(values: Floats) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = values[:, None] > values[None, :] + 1e-9
    return found


@given(lines_of)
def test_the_ranking_holds_up_to_the_tipping_point_and_changes_beyond_it(lines: list[tuple[float, float]]) -> None:
    values, slopes = np.array(lines).T

    def at(place: float) -> Floats:
        moved: Floats = values + slopes * (place - PRESENT)
        return moved

    now, found = ahead(values), straight_tipping(values, slopes, PRESENT)
    leader = int(np.argmax(values))
    for point, sign in ((found.order_below, -1), (found.order_above, 1)):
        distance = 1e6 if point is None else abs(point.value - PRESENT)
        before = at(PRESENT + sign * distance * (1 - 1e-6))
        # Nobody has fallen behind whom it was ahead of.
        assert not (now & ahead(before).T).any()
        if point is not None:
            beyond = at(PRESENT + sign * distance * (1 + 1e-6) + sign * 1e-6)
            assert now[point.ahead, point.behind]
            assert beyond[point.behind] > beyond[point.ahead]
    for point, sign in ((found.leader_below, -1), (found.leader_above, 1)):
        distance = 1e6 if point is None else abs(point.value - PRESENT)
        before = at(PRESENT + sign * distance * (1 - 1e-6))
        assert not (now[leader] & ahead(before)[:, leader]).any()
        if point is not None:
            assert point.ahead == leader


@given(lines_of)
def test_searching_finds_what_straight_lines_tell(lines: list[tuple[float, float]]) -> None:
    values, slopes = np.array(lines).T
    below, above = np.linspace(2.9, -7, 60).tolist(), np.linspace(3.1, 13, 60).tolist()
    exact = straight_tipping(values, slopes, PRESENT, -7, 13)
    searched = searched_tipping(lambda place: values + slopes * (place - PRESENT), PRESENT, below, above)
    for name in ("leader_below", "leader_above", "order_below", "order_above"):
        one, other = getattr(exact, name), getattr(searched, name)
        if one is not None and abs(one.value - (-7 if "below" in name else 13)) < 1e-6:
            continue  # they are equal at the end of the grid, and nobody is behind yet
        assert (one is None) == (other is None)
        if one is not None:
            assert other.value == pytest.approx(one.value, abs=1e-6)


def test_the_pair_that_swaps_is_told() -> None:
    found = straight_tipping(np.array([10.0, 9.0, 5.0]), np.array([0.0, 1.0, 3.0]), 2.0)
    assert found.leader_above is not None
    assert (found.leader_above.value, found.leader_above.ahead, found.leader_above.behind) == (3.0, 0, 1)
    assert found.order_above == found.leader_above
    assert (found.leader_below, found.order_below) == (None, None)


def test_what_an_assumption_cannot_be_is_no_tipping_point() -> None:
    values, slopes = np.array([1.0, 0.0]), np.array([0.0, -1.0])
    assert straight_tipping(values, slopes, 0.5).leader_below is not None
    assert straight_tipping(values, slopes, 0.5, low=0.0).leader_below is None


def test_ties_and_parallels_have_no_tipping_point() -> None:
    assert straight_tipping(np.array([1.0, 1.0]), np.array([0.0, 1.0]), 0.0).order_above is None
    assert straight_tipping(np.array([1.0, 2.0]), np.array([1.0, 1.0]), 0.0).order_above is None
    assert straight_tipping(np.zeros(0), np.zeros(0), 0.0).order_above is None
    assert searched_tipping(lambda _: np.zeros(0), 1.0, [0.5], [2.0]).order_above is None


def test_a_step_is_found_where_it_is() -> None:
    found = searched_tipping(lambda x: np.array([1.0, 2.0 if x >= 7 else 0.0]), 1.0, [0.5], [2.0, 4.0, 8.0])
    assert found.leader_above is not None
    assert found.leader_above.value == pytest.approx(7.0)
