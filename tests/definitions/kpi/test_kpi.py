"""KPIs as they are declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from bancada.datasets import Dataset
from bancada.definitions import Evaluation, Problem, evaluation_identity, roles
from bancada.definitions._metrics import named_metrics, resolved_metrics
from bancada.definitions.kpi import Kpi
from bancada.exceptions import DefinitionError, NotFoundError
from bancada.splits import KFold
from bancada.tasks import Binary, Regression

if TYPE_CHECKING:
    from tests.definitions.conftest import Write

COSTS = {"c10": 1, "c01": 20}
TABLE = pa.table({"id": [1, 2], "x": [1.0, 2.0], "invoice": [3.0, 4.0], "y": [0, 1]})


def margin(y_true: Any, y_pred: Any, invoice: Any, offer: float = 2.0) -> Any:
    return y_pred * (y_true * invoice - offer)


def problem(*kpis: Kpi, **options: Any) -> Problem:
    return Problem(
        name="churn",
        dataset=Dataset.from_frame(TABLE, name="churn", version="1", id="id"),
        target="y",
        split=KFold(5),
        evaluation=Evaluation(primary="brier", kpi=list(kpis)),
        **({"task": Binary(positive=1)} | options),
    )


@pytest.mark.parametrize(
    ("unit", "scale"),
    [
        ("EUR per 1,000 customers", 1_000),
        ("EUR per 100 rows", 100),
        ("EUR per customer", 1),
        ("hours", 1),
        ("EUR per 1,000,000", 1_000_000),
    ],
)
def test_the_unit_says_how_many_rows_one_number_speaks_of(unit: str, scale: float) -> None:
    assert Kpi("k", unit=unit, costs=COSTS).metric.scale == scale


def test_costs_and_their_ranges_have_names_that_people_use() -> None:
    kpi = Kpi("k", unit="EUR", costs={"false_positive": 1, "false_negative": 20}, ranges={"false_negative": (5, 50)})
    assert kpi.metric == Kpi("k", unit="EUR", costs=COSTS).metric
    assert kpi.thought == {"c01": (5, 50)}
    assert Kpi("k", unit="EUR", costs={"c10": 1, "c01": "-x"}, ranges={"x": (0.5, 2)}).thought == {"x": (0.5, 2)}


def test_costs_are_to_be_small_and_gains_to_be_large() -> None:
    assert not Kpi("k", unit="EUR", costs=COSTS).metric.greater_is_better
    assert Kpi("k", unit="EUR", function=margin).metric.greater_is_better
    assert not Kpi("k", unit="EUR", function=margin, greater_is_better=False).metric.greater_is_better


def test_an_evaluation_has_one_kpi_or_several() -> None:
    one, two = Kpi("a", unit="EUR", costs=COSTS), Kpi("b", unit="EUR", function=margin)
    assert Evaluation(kpi=one).kpis == (one,)
    assert Evaluation(kpi=[one, two]).kpis == (one, two)
    assert Evaluation().kpis == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"costs": COSTS, "unit": ""}, "The unit of a KPI is printable text"),
        ({"costs": COSTS, "name": "a\nb"}, "The name of a KPI is printable text"),
        ({}, "is counted by a `function` or by a table of `costs`. Found neither"),
        ({"costs": COSTS, "function": margin}, "Found both"),
        ({"costs": COSTS, "assumptions": {"offer": 1}}, "`assumptions` of KPI `k` belongs to a `function`"),
        ({"function": margin, "decide": "threshold"}, "`decide` of KPI `k` belongs to `costs`"),
        ({"costs": COSTS, "greater_is_better": True}, "Of the costs of KPI `k` less is better"),
        ({"costs": COSTS, "unit": "EUR per 1.000"}, r"Found '1.000'. Say the number with `scale=`"),
        ({"costs": COSTS, "unit": "EUR per 1,000", "scale": 100}, "Unit and `scale` of KPI `k` say the same"),
        ({"costs": COSTS, "scale": 0}, "`scale` of KPI `k` is a number above 0"),
        ({"costs": COSTS, "rationale": 3}, "`rationale` of KPI `k` is a file below the root"),
        ({"costs": COSTS, "ranges": {"c12": (0, 1)}}, "Did you mean `c1"),
        ({"costs": COSTS, "ranges": {"c10": (2, 3)}}, r"Found \(2, 3\) for `c10`, which is 1"),
        ({"costs": COSTS, "ranges": {"c10": 2}}, "Found 2 for `c10`"),
        ({"function": margin, "amounts": {"invoice": ""}}, "`amounts` of KPI `k` names columns"),
    ],
)
def test_what_needs_no_data_is_refused_at_once(options: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        Kpi(**({"name": "k", "unit": "EUR"} | options))


@pytest.mark.parametrize("value", [3, "cost", [Kpi("a", unit="EUR", costs=COSTS), 3]])
def test_an_evaluation_refuses_what_is_no_kpi(value: Any) -> None:
    with pytest.raises(DefinitionError, match="`kpi` of an evaluation is a `Kpi`, or a list of them"):
        Evaluation(kpi=value)


def test_kpis_stand_behind_the_metrics_and_keep_their_columns_in_x(write_project: Write) -> None:
    project = write_project({"m.py": ""}, "m")
    made = problem(Kpi("margin", unit="EUR", function=margin))
    metrics = resolved_metrics(made, Binary(positive=1), project)
    assert [metric.name for metric in metrics] == ["brier", "margin"]
    found = roles(made, TABLE.schema, made.design, metrics)
    assert (found.features, found.row_columns) == (("x", "invoice"), ("invoice",))


def test_a_kpi_without_its_column_is_told(write_project: Write) -> None:
    project = write_project({"m.py": ""}, "m")
    made = problem(Kpi("margin", unit="EUR", costs={"c10": 1, "c01": "invoce"}))
    metrics = named_metrics(made, Binary(positive=1), project)
    with pytest.raises(NotFoundError, match=r"The KPI `margin` of problem `churn` reads .* Did you mean `invoice`"):
        roles(made, TABLE.schema, made.design, metrics)


def test_costs_by_outcome_are_refused_where_there_is_no_yes_or_no(write_project: Write) -> None:
    project = write_project({"m.py": ""}, "m")
    made = problem(Kpi("cost", unit="EUR", costs=COSTS), task=Regression())
    made = Problem(**{**vars(made), "evaluation": Evaluation(primary="rmse", kpi=made.judged.kpis)})
    with pytest.raises(DefinitionError, match=r"KPI `cost` reads .*costs by outcome are for yes-or-no tasks"):
        resolved_metrics(made, Regression(), project)


def test_each_kpi_is_in_the_evaluation_and_its_rationale_is_not(write_project: Write) -> None:
    project = write_project({"m.py": ""}, "m")

    def digest(*kpis: Kpi) -> str:
        made = problem(*kpis)
        return evaluation_identity(made, named_metrics(made, made.task, project)).digest

    cost, gain = Kpi("cost", unit="EUR", costs=COSTS), Kpi("gain", unit="EUR", function=margin)
    found = {digest(), digest(cost), digest(gain), digest(cost, gain), digest(Kpi("cost", unit="USD", costs=COSTS))}
    assert len(found) == 5
    assert digest(Kpi("cost", unit="EUR", costs=COSTS, rationale="docs/kpi.md", ranges={"c01": (1, 40)})) == digest(
        cost
    )
    assert digest(gain, cost) == digest(cost, gain)


def test_two_kpis_of_one_name_are_refused(write_project: Write) -> None:
    project = write_project({"m.py": ""}, "m")
    made = problem(Kpi("cost", unit="EUR", costs=COSTS), Kpi("cost", unit="USD", costs=COSTS))
    with pytest.raises(DefinitionError, match=r"Each metric of problem `churn` has a name of its own. Found two"):
        named_metrics(made, made.task, project)
