"""Tests of the roles of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.compose import make_column_selector

from bancada.datasets import Dataset
from bancada.definitions import Problem, Roles, Slice, roles
from bancada.exceptions import DefinitionError, NotFoundError
from bancada.metrics import from_function
from bancada.splits import KFold, Predefined

if TYPE_CHECKING:
    import pandas as pd

    from bancada.contracts import Metric, Split

COLUMNS = ("plan", "id", "amount", "seen", "y", "house", "w", "region", "site", "agent")
SCHEMA = pa.schema(
    [
        ("plan", pa.string()),
        ("id", pa.int64()),
        ("amount", pa.float64()),
        ("seen", pa.timestamp("us")),
        ("y", pa.int64()),
        ("house", pa.int64()),
        ("w", pa.float64()),
        ("region", pa.string()),
        ("site", pa.string()),
        ("agent", pa.bool_()),
    ]
)
DATA = Dataset.from_frame(SCHEMA.empty_table(), name="data", id="id")
FULL: dict[str, Any] = {"groups": "house", "time": "seen", "weight": "w", "exclude": ["agent"]}


BASIC: dict[str, Any] = {"name": "churn", "dataset": DATA, "target": "y"}


def bound(split: Split | None = None, metrics: tuple[Metric, ...] = (), slices: Any = (), **options: Any) -> Roles:
    problem = Problem(**(BASIC | options))
    return roles(problem, SCHEMA, KFold() if split is None else split, metrics, slices)


def rated(y_true: Any, y_pred: Any, rows: pd.DataFrame) -> float:
    return float((rows["amount"] * (y_true == y_pred)).sum())


METRIC = from_function(rated, greater_is_better=True, columns=["amount"])


def test_id_target_weight_groups_and_split_columns_never_enter_x() -> None:
    found = bound(Predefined("site", kind="site"), slices=("region",), **FULL)
    assert found.features == ("plan", "amount", "seen", "region")
    assert found.left_out == {
        "id": "id",
        "y": "target",
        "house": "groups",
        "w": "weight",
        "site": "split",
        "agent": "excluded",
    }


def test_a_column_enters_x_where_it_is_named() -> None:
    found = bound(features=["w", "house", "plan"], **(FULL | {"exclude": []}))
    assert found.features == ("plan", "house", "w")
    assert found.left_out["amount"] == "not in `features`"


def test_a_time_that_the_split_reads_stays_in_x() -> None:
    found = bound(Predefined("seen", kind="time"), time="seen")
    assert "seen" in found.features
    assert found.row_columns == ("seen",)


def test_row_columns_are_what_split_metrics_and_slices_read_in_file_order() -> None:
    slices = (Slice("new", "plan == 'a' and amount < 3"), "region")
    found = bound(Predefined("site", kind="site"), (METRIC,), slices)
    assert found.row_columns == ("plan", "amount", "region", "site")
    assert bound().row_columns == ()


def test_a_selector_sees_dtypes_of_the_columns_that_are_free() -> None:
    seen: list[pd.DataFrame] = []

    def keep(frame: pd.DataFrame) -> list[str]:
        seen.append(frame)
        return ["region", "plan"]

    assert bound(features=keep, **FULL).features == ("plan", "region")
    assert list(seen[0].columns) == ["plan", "amount", "seen", "region", "site"]
    assert len(seen[0]) == 0
    assert seen[0]["amount"].dtype == float
    assert bound(features=make_column_selector(dtype_include="number"), **FULL).features == ("amount",)


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        (lambda frame: frame["nothing"], "It raised `KeyError`: 'nothing'"),
        (lambda _: ["y"], "names of columns of the frame that it gets. Found 'y'"),
        (lambda _: [], "At least one column of problem `churn` is left for X"),
    ],
)
def test_a_selector_that_fails_is_told(selector: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        bound(features=selector)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"target": "churned"},
            "`target` of problem `churn` names columns of its dataset `data`. Found no column `churned`",
        ),
        ({"groups": "hous"}, r"Found no column `hous`\. Did you mean `house`\?"),
        ({"time": "sen"}, "`time` of problem"),
        ({"weight": "wt"}, "`weight` of problem"),
        ({"exclude": ["agents"]}, r"`exclude` of problem .* Did you mean `agent`\?"),
        ({"features": ["plans"]}, r"`features` of problem .* Did you mean `plan`\?"),
        ({"split": Predefined("sites", kind="site")}, "The split of problem `churn` reads columns"),
        ({"slices": ("regions",)}, r"`slices` of problem .* Did you mean `region`\?"),
        (
            {"metrics": (from_function(rated, greater_is_better=True, columns=["sum"]),)},
            "The metric `rated` of problem",
        ),
    ],
)
def test_an_unknown_column_is_refused_with_the_nearest(options: dict[str, Any], message: str) -> None:
    with pytest.raises(NotFoundError, match=message):
        bound(**options)


def test_no_features_left_is_an_error_that_tells_why() -> None:
    rest = [name for name in COLUMNS if name not in {"id", "y"}]
    with pytest.raises(DefinitionError, match=r"Found none: `plan` \(excluded\), `id` \(id\), .* take some out"):
        bound(exclude=rest)


@given(st.lists(st.sampled_from(COLUMNS), unique=True), st.permutations(COLUMNS))
def test_every_column_is_in_x_or_left_out_with_a_reason(exclude: list[str], order: list[str]) -> None:
    exclude = [name for name in exclude if name != "plan"]
    problem = Problem(name="churn", dataset=DATA, target="y", exclude=exclude, weight="w")
    found = roles(problem, pa.schema([SCHEMA.field(name) for name in order]), KFold())
    assert sorted([*found.features, *found.left_out]) == sorted(COLUMNS)
    assert list(found.features) == [name for name in order if name in found.features]
    assert not set(found.features) & {"id", "y", "w", *exclude}


def test_the_identity_does_not_know_what_only_scoring_reads() -> None:
    assert bound().identity() == bound(metrics=(METRIC,), slices=("region",)).identity()
    assert bound().identity() != bound(weight="w").identity()


def test_the_description_tells_what_x_contains() -> None:
    told = bound(slices=("region",), fit_weight=True, features=["plan", "amount", "seen", "site"], **FULL).describe()
    assert told == (
        "X: 4 columns (plan, amount, seen, site)",
        "not in X: id (id), y (target), house (groups), w (weight), region (not in `features`), agent (excluded)",
        "target: y",
        "groups: house",
        "time: seen",
        "weight: w, for fit and metrics",
        "read by split, metrics and slices: region",
    )
    assert bound(target=None, features=["plan"]).describe()[2] == "target: none"
