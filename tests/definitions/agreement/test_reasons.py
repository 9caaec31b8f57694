"""Tests of the texts of an evaluation."""

from __future__ import annotations

from typing import Any

import pytest

from bancada.definitions.agreement import check_reasons, check_text
from bancada.exceptions import DefinitionError


def test_reasons_are_kept_by_name() -> None:
    assert check_reasons({"roc_auc": "the order counts"}) == {"roc_auc": "the order counts"}


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (["roc_auc"], r"by the metric's name\. Found \['roc_auc'\]"),
        ({3: "x"}, r"keyed by the metric's name\. Found 3"),
        ({"roc_auc": ""}, r"The reason of metric `roc_auc` says something"),
        ({"roc_auc": 3}, r"The reason of metric `roc_auc` is a text"),
    ],
)
def test_reasons_that_are_none_are_refused(found: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        check_reasons(found)


def test_a_heading_is_one_line_and_a_text_may_be_several() -> None:
    assert check_text("A text", "one\ntwo") == "one\ntwo"
    with pytest.raises(DefinitionError, match=r"A title is one line\. Found 'one\\ntwo'\. Put the rest"):
        check_text("A title", "one\ntwo", one_line=True)
