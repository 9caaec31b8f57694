"""Phrases are whole sentences and shares keep the digits that matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.report._wording import arrow, halfwidth, listed, percent, sentence


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_a_sentence_ends_once(text: str) -> None:
    assert sentence(text).endswith(".")
    assert sentence(sentence(text)) == sentence(text)


@pytest.mark.parametrize(("share", "text"), [(0.95, "95 %"), (0.05, "5 %"), (1 - 0.05 / 45, "99.8889 %"), (0.0, "0 %")])
def test_shares(share: float, text: str) -> None:
    assert percent(share) == text


def test_a_level_near_one_is_not_written_as_certainty() -> None:
    assert percent(1 - 0.05 / 4950) == "99.999 %"


def test_what_is_left_out_of_a_list_is_counted() -> None:
    assert listed(["a", "b"], 2) == "a, b"
    assert listed(["a", "b", "c"], 1) == "a and 2 more"
    assert not listed([], 1)


def test_a_half_width_needs_both_ends() -> None:
    assert halfwidth(0.25, 0.75) == 0.25
    assert halfwidth(None, 0.5) is None
    assert halfwidth(0.5, None) is None


def test_arrows_point_to_the_better_side() -> None:
    assert arrow("higher") == "↑"
    assert arrow("lower") == "↓"
