"""The text of an expectation: what is parsed, and what is told of a slip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.definitions.expectations import Expectation, expectation
from bancada.exceptions import BancadaError, DefinitionError

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("roc_auc > 0.8", ("roc_auc", ">", 0.8, None, "")),
        ("roc_auc>.8", ("roc_auc", ">", 0.8, None, "")),
        (">= -1e3", (None, ">=", -1000.0, None, "")),
        ("< 0.3 where tenure < 3", (None, "<", 0.3, None, "tenure < 3")),
        ("> boosting", (None, ">", 0.0, "boosting", "")),
        ("roc_auc > boosting+0.01", ("roc_auc", ">", 0.01, "boosting", "")),
        ("roc_auc >= boosting - .02", ("roc_auc", ">=", -0.02, "boosting", "")),
        ("roc_auc >= boosting − 2", ("roc_auc", ">=", -2.0, "boosting", "")),
        ("log_loss <= r-3k9f2a", ("log_loss", "<=", 0.0, "r-3k9f2a", "")),
        ("log_loss < r-3k9f2a-0.1", ("log_loss", "<", -0.1, "r-3k9f2a", "")),
        ("`EUR per customer` > `my-model` WHERE new customers", ("EUR per customer", ">", 0.0, "my-model", None)),
    ],
)
def test_an_expectation_has_a_metric_a_direction_and_a_bound(
    text: str, parts: tuple[str | None, str, float, str | None, str | None]
) -> None:
    found = expectation(text)
    where = "new customers" if parts[4] is None else parts[4]
    assert (found.metric, found.operator, found.number, found.champion, found.where) == (*parts[:4], where)
    assert found.source[found.start :].startswith(where)


@pytest.mark.parametrize(
    ("text", "found", "remedy"),
    [
        ("", "an empty text", "roc_auc > 0.8"),
        ("roc_auc", "Found the end at character 8: 'roc_auc▸'", "in which direction"),
        ("roc_auc = 0.8", "Found '=' at character 9: 'roc_auc ▸= 0.8'", "in which direction"),
        ("cost of errors < 9", "Found 'of' at character 6: 'cost ▸of errors < 9'", "of several words in backticks"),
        ("roc_auc == 0.8", "Found '=' at character 9", "in which direction"),
        ("roc_auc > 0,8", "Found ',' at character 12", "with a point"),
        ("roc_auc > 80%", "Found '%' at character 13", "0.8"),
        ("roc_auc > boosting ± 0.1", "Found '±' at character 20", "`+` or `-`"),
        ("roc_auc > boosting + ", "Found the end at character 22", "Write a number here"),
        ("roc_auc > my-model", "Found 'model' at character 14", "in backticks"),
        ("roc_auc > 0.8 0.9", "Found '0.9' at character 15", "End it here"),
        ("roc_auc > where a < 3", "Found `where` at character 11", "Write a number, a run"),
        ("roc_auc > 0.8 where ", "Found the end at character 21", "Name the rows"),
        ("roc_auc > `boosting", "Found '`' at character 11", "Close the backtick"),
        ("roc_auc > 1e999", "Found '1e999' at character 11", "below 1e308"),
        ("roc_auc > __import__('os')", "Found '(' at character 21", "in backticks"),
        ("0.8 < roc_auc", "Found '0.8' at character 1: '▸0.8 < roc_auc'", "in which direction"),
        ("roc_auc > 3k9", "Found '3' at character 11", "in backticks"),
    ],
)
def test_an_error_points_at_the_place(text: str, found: str, remedy: str) -> None:
    with pytest.raises(DefinitionError, match="An expectation is") as caught:
        expectation(text)
    assert found in caught.value.found
    assert remedy in caught.value.remedy


@given(metric=NAMES, operator=st.sampled_from([">", ">=", "<", "<="]), number=NUMBERS, champion=st.none() | NAMES)
def test_the_canonical_text_says_the_same(metric: str, operator: str, number: float, champion: str | None) -> None:
    meant = Expectation("", metric, operator, number, champion)
    again = expectation(meant.canonical(metric, None))
    assert (again.metric, again.operator, again.number, again.champion) == (metric, operator, number, champion)
    assert again.canonical(metric, None) == meant.canonical(metric, None)


@given(st.text(max_size=60))
def test_any_text_is_parsed_or_refused_in_three_sentences(text: str) -> None:
    try:
        operator = expectation(text).operator
    except BancadaError as error:
        operator = ">" if all((error.rule, error.found, error.remedy)) else ""
    assert operator in {">", ">=", "<", "<="}
