"""Tests of the names that people may give."""

from __future__ import annotations

import pytest

from bancada.definitions._names import check_column, check_name
from bancada.exceptions import DefinitionError


@pytest.mark.parametrize("name", ["a", "churn", "2024-05_v1.2", "A" * 80])
def test_letters_digits_and_three_marks_make_a_name(name: str) -> None:
    assert check_name("problem", name) == name


@pytest.mark.parametrize("name", ["", ".a", "-a", "a b", "a/b", "a\n", "é", "A" * 81, 3, None])
def test_what_cannot_stand_in_a_path_is_no_name(name: object) -> None:
    with pytest.raises(DefinitionError, match=r"The name of a problem begins with a letter or digit .* Found "):
        check_name("problem", name)


@pytest.mark.parametrize("column", ["", 3, None])
def test_a_column_is_named_by_text(column: object) -> None:
    with pytest.raises(DefinitionError, match=r"`groups` of this problem names columns of its dataset\. Found "):
        check_column("this problem", "groups", column)


def test_a_column_may_have_any_name() -> None:
    assert check_column("this problem", "groups", "a b/é") == "a b/é"


def test_a_metric_may_have_its_option_after_an_at() -> None:
    assert check_name("metric", "ndcg@10") == "ndcg@10"
    for owner, name in (("candidate", "ndcg@10"), ("metric", "ndcg@"), ("metric", "@10"), ("metric", "a@b@c")):
        with pytest.raises(DefinitionError, match=f"The name of a {owner} begins with a letter or digit"):
            check_name(owner, name)
