"""Functions that say what each row is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bancada.exceptions import DataError, DefinitionError
from bancada.metrics.kpi import amount_function

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.samples import Sample

    Make = Callable[..., Sample]


def margin(y_true: Any, y_pred: Any, amount: Any, offer: float = 2.0, kept: float = 0.5) -> Any:
    return y_pred * (kept * y_true * amount - offer)


def expected(y_true: Any, y_proba: Any, spend: Any) -> Any:
    return np.where(y_true == 1, y_proba * spend, 0.0)


def regional(y_true: Any, y_pred: Any, region: Any) -> Any:
    return (region == "north") * 1.0 + 0 * y_true * y_pred


def test_columns_come_by_the_names_of_parameters_and_numbers_are_assumptions(binary: Make) -> None:
    found = amount_function(margin)
    assert (found.columns, dict(found.assumptions)) == (("amount",), {"offer": 2.0, "kept": 0.5})
    # The amounts of the sample are 0, 1, 2, 3.
    amounts = found.amounts(binary([1, 1, 0, 1], [0.9, 0.9, 0.9, 0.1]))
    assert amounts.tolist() == [-2.0, -1.5, -2.0, 0.0]


def test_what_is_called_otherwise_is_mapped_and_assumptions_can_be_said(binary: Make) -> None:
    found = amount_function(expected, amounts={"spend": "amount"})
    assert found.columns == ("amount",)
    assert found.amounts(binary([0, 1, 1], [0.5, 0.5, 0.25])).tolist() == [0.0, 0.5, 0.5]
    said = amount_function(margin, assumptions={"offer": 0})
    assert dict(said.assumptions) == {"offer": 0.0, "kept": 0.5}
    assert dict(said.moved("kept", 1.0).assumptions) == {"offer": 0.0, "kept": 1.0}


def test_a_parameter_can_be_assumed_instead_of_read(binary: Make) -> None:
    found = amount_function(expected, assumptions={"spend": 8})
    assert found.columns == ()
    assert found.amounts(binary([0, 1], [0.5, 0.25])).tolist() == [0.0, 2.0]


def test_texts_reach_the_function(binary: Make) -> None:
    assert amount_function(regional).amounts(binary([0, 1], [0.5, 0.5])).tolist() == [1.0, 1.0]


def test_a_missing_prediction_is_worth_nothing_that_is_known(binary: Make) -> None:
    amounts = amount_function(expected, amounts={"spend": "amount"}).amounts(binary([1, 1], [float("nan"), 0.5]))
    assert np.isnan(amounts).all()


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda y_true, y_pred: 0 * y_true + y_pred, "a name under which"),
        (len, "fewer than two arguments"),
    ],
)
def test_what_is_no_function_of_truth_and_prediction_is_refused(function: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        amount_function(function)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"amounts": {"amuont": "x"}}, "`amounts` of a KPI names parameters .* Did you mean `amount`"),
        ({"assumptions": {"ofer": 1}}, "`assumptions` of a KPI names parameters .* Did you mean `offer`"),
        ({"assumptions": {"offer": "x"}}, "`offer` is 'x'"),
        ({"reads": "probabilities"}, "`reads` must be a kind of prediction.* Did you mean `probability`"),
    ],
)
def test_unknown_parameters_and_values_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        amount_function(margin, **options)


def _returns(value: Any) -> Any:
    def given(y_true: Any, y_pred: Any) -> Any:
        return value

    return given


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (3.0, DefinitionError, "`given` returned one number for 2 rows"),
        (np.zeros(3), DefinitionError, r"`given` returned an array of shape \(3,\) for 2 rows"),
        ("text", DefinitionError, "`given` returned a str"),
        ([1.0, float("nan")], DataError, "`given` returned no number for 1 row of 2"),
        ([1.0, float("inf")], DataError, "`given` returned no number for 1 row of 2"),
    ],
)
def test_anything_but_one_number_per_row_is_refused(value: Any, error: Any, message: str, binary: Make) -> None:
    with pytest.raises(error, match=message):
        amount_function(_returns(value)).amounts(binary([0, 1], [0.1, 0.2]))
