"""Labels: the claims of one sweep can be told apart, in as few words as do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.engine._claims import Claim
from bancada.engine._jobs import ModelSpec
from bancada.engine._labels import claim_labels

if TYPE_CHECKING:
    from collections.abc import Mapping


def claim(label: str, recorded: Mapping[str, Any], seed: int = 0) -> Claim:
    return Claim(
        label=label,
        spec=ModelSpec(baseline=True),
        params=dict(recorded),
        recorded=dict(recorded),
        seed=seed,
        frame="pandas",
        ingredients={},
        closure=None,
    )


@pytest.mark.parametrize(
    ("claims", "labels"),
    [
        ([claim("a", {"x": 1.0})], ["a"]),
        ([claim("a", {"x": 1.0}), claim("b", {"x": 2.0})], ["a", "b"]),
        ([claim("a", {"x": 1.0, "y": 1}), claim("a", {"x": 2.0, "y": 1})], ["a x=1.0", "a x=2.0"]),
        ([claim("a", {"x": None}), claim("b", {}), claim("a", {"x": "l2"})], ["a x=none", "b", "a x=l2"]),
        ([claim("a", {"x": 0.0316227766017}), claim("a", {"x": 0.1})], ["a x=0.03162", "a x=0.1"]),
        ([claim("a", {"x": 1}), claim("a", {"x": 1}, seed=1)], ["a seed=0", "a seed=1"]),
        ([claim("a", {"x": 1}), claim("a", {})], ["a x=1", "a"]),
    ],
)
def test_a_label_says_what_differs(claims: list[Claim], labels: list[str]) -> None:
    assert list(claim_labels(claims)) == labels


VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.floats(0, 1), st.sampled_from(["l1", "l2"]))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.fixed_dictionaries({"x": VALUES, "y": VALUES}), st.integers(0, 1))))
def test_claims_that_read_differently_have_different_labels(drawn: list[tuple[str, dict[str, Any], int]]) -> None:
    claims = [claim(*item) for item in drawn]
    labels = claim_labels(claims)
    assert len(labels) == len(claims)
    told = {label: (item.label, item.recorded, item.seed) for label, item in zip(labels, claims, strict=True)}
    for label, item in zip(labels, claims, strict=True):
        name, recorded, seed = told[label]
        assert (name, seed) == (item.label, item.seed)
        assert str(recorded).lower() == str(item.recorded).lower() or recorded == item.recorded
