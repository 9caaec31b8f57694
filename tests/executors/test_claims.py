"""Laws of claims: every job goes to exactly one side."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.executors._claims import Claims, Offers

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def _both() -> Iterator[tuple[Offers, Claims]]:
    offers = Offers()
    claims = Claims(os.dup(offers.reader))
    with contextlib.closing(offers), contextlib.closing(claims):
        yield offers, claims


@given(taken_back=st.lists(st.booleans(), max_size=20), ahead=st.booleans())
def test_a_job_is_run_or_taken_back_and_never_both(taken_back: list[bool], ahead: bool) -> None:
    with _both() as (offers, claims):
        run = []
        for number, back in enumerate(taken_back, start=1):
            offers.offer(number)
            withdrawn = back and offers.withdraw(number)
            if ahead:
                offers.offer(number + 1000)
            run.append(claims.claim(number))
            assert withdrawn is back
            if ahead:
                break
        assert run == [not back for back in taken_back[: len(run)]]


def test_a_claimed_job_cannot_be_taken_back() -> None:
    with _both() as (offers, claims):
        offers.offer(1)
        assert claims.claim(1)
        assert not offers.withdraw(1)


def test_a_job_taken_back_does_not_cost_the_next_one() -> None:
    with _both() as (offers, claims):
        offers.offer(1)
        offers.offer(2)
        assert claims.claim(1)
        assert offers.withdraw(2)
        offers.offer(3)
        assert not claims.claim(2)
        assert claims.claim(3)


def test_a_closed_end_is_an_error() -> None:
    offers = Offers()
    offers.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        offers.offer(1)
