"""What may stand where a split is wanted."""

from __future__ import annotations

from typing import Any

import pytest
from sklearn.model_selection import KFold as PlainKFold

from bancada.exceptions import DefinitionError
from bancada.splits import KFold, Predefined, Single, as_split


@pytest.mark.parametrize("split", [KFold(3), Single(), Predefined("a", kind="site")])
def test_a_split_stays_what_it_is(split: Any) -> None:
    assert as_split(split) is split


def test_a_number_is_so_many_folds() -> None:
    assert as_split(4) == KFold(4)


def test_a_splitter_is_wrapped() -> None:
    assert as_split(PlainKFold(4)).identity()["design"] == "sklearn.KFold"


@pytest.mark.parametrize(
    ("value", "match"),
    [
        ("kfold", r"A split must be one of `bc\.splits`.* It is 'kfold'\. Say `KFold\(5, repeats=3\)`"),
        (True, r"It is True"),
        (None, r"It is None"),
        (KFold, r"`KFold` is a class\. Call it, as in `KFold\(\)`"),
        (1, r"`k` must be a whole number of at least 2"),
    ],
)
def test_anything_else_is_refused(value: Any, match: str) -> None:
    with pytest.raises(DefinitionError, match=match):
        as_split(value)
