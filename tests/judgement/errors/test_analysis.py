"""From examples to the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bancada import tasks
from bancada.display import to_text
from bancada.exceptions import NotFoundError
from bancada.judgement.errors import Errors, analyse, take_away
from bancada.records import DatasetIdentity, ProblemIdentity
from bancada.report.errors import errors_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.engine.examples import Examples

    Maker = Callable[..., Examples]

N = 200


class Run:
    """What the document reads of a run's record."""

    def __init__(self, candidate: str) -> None:
        self.candidate, self.run_id, self.claim_id = candidate, candidate * 5, candidate
        self.params: dict[str, Any] = {}
        data = DatasetIdentity(name="d", version="1", table="t", n_rows=N, columns=())
        self.problem = ProblemIdentity(name="prices", digest="d", ingredients={}, dataset=data)


def told(examples: Examples, **options: Any) -> Errors:
    runs: Any = [[Run(name)] for name in ("first", "second")[: len(examples.sides)]]
    return analyse(runs, examples, **options)


def prices(made: Maker, *, sides: int = 1, **parts: Any) -> Examples:
    rng = np.random.default_rng(1)
    x = rng.normal(size=N)
    truth = 3 * x + rng.normal(size=N)
    truth[:3] = 0.0
    folds = [[(0, list(range(N)), {"value": (3 * x + 0.5 * side).tolist()})] for side in range(sides)]
    return made(truth.tolist(), folds, task=tasks.Regression(), names=("mape",), columns={"x": x.tolist()}, **parts)


def test_rows_on_which_the_metric_is_undefined_are_counted_and_never_a_number(made: Maker) -> None:
    found = told(prices(made))
    assert found.loss.name == "mape"
    assert found.n_undefined == 3
    assert any("3 rows without a loss" in note for note in found.notes)
    assert not {0, 1, 2} & {row.id for row in found.rows}
    assert "3 rows without a loss" in to_text(errors_tables(found)[-1])
    table = take_away(prices(made))
    assert table.column("loss").null_count == 3


def test_rows_that_one_of_two_models_lacks_are_told_and_count_for_the_other_alone(made: Maker) -> None:
    examples = prices(made, sides=2)
    short = examples.sides[1][0]
    fewer = type(short)("run", 0, 0, short.rows[50:], short.predictions.slice(50))
    object.__setattr__(examples, "sides", (examples.sides[0], (fewer,)))
    found = told(examples, metric="mae")
    assert found.versus is not None
    assert found.versus.n_rows == N - 50
    assert any("50 rows without predictions of the second model" in note for note in found.notes)
    assert all(row.id >= 50 for row in (*found.versus.gained, *found.versus.lost))
    assert found.versus.rows_fixed is None


def test_an_empty_slice_is_shown_without_a_number(made: Maker) -> None:
    slices = {"nobody": np.zeros(N, dtype=bool), "everybody": np.ones(N, dtype=bool), "half": np.arange(N) < 100}
    found = {part.slice: part for part in told(prices(made, slices=slices), metric="mae").slices}
    assert (found["nobody"].inside, found["nobody"].flagged, found["nobody"].note) == (None, False, "no rows")
    assert (found["everybody"].outside, found["everybody"].flagged) == (None, False)
    assert found["half"].low is not None


def test_few_groups_leave_slices_without_an_interval(made: Maker) -> None:
    slices = {"half": np.arange(N) % 2 == 0}
    found = told(prices(made, slices=slices, groups=np.arange(N) // 40), metric="mae").slices[0]
    assert (found.low, found.flagged, found.note) == (None, False, "fewer than 10 groups")


def test_columns_are_shown_where_they_are_asked_for(made: Maker) -> None:
    assert told(prices(made), features=None).rows[0].features is not None
    assert told(prices(made)).rows[0].features is None
    with pytest.raises(NotFoundError, match="no column `z`"):
        told(prices(made), features=["z"])


def test_the_same_examples_tell_the_same(made: Maker) -> None:
    assert told(prices(made)) == told(prices(made))
