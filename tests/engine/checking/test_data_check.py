"""A problem's data are checked without the sealed rows, and what is serious is kept without ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from bancada.engine import bind
from bancada.engine.checking import check_data, checked_rows
from bancada.exceptions import NotFoundError

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

    from bancada.engine import Binding
    from bancada.engine.checking import DataCheck

NOW, LATER = "2026-01-02T00:00:00+00:00", "2026-01-03T00:00:00+00:00"
HEAD = """
import numpy as np

import bancada as bc

SEALED = ()

def table():
    rng = np.random.default_rng(3)
    n = 400
    x = rng.normal(size=(n, 2))
    y = (x[:, 0] + rng.normal(size=n) > 0).astype(int)
    columns = {"a": x[:, 0], "b": x[:, 1], "leak": y + 0.01 * rng.normal(size=n), "who": rng.integers(0, 80, n)}
    columns["day"] = np.datetime64("2024-01-01") + np.arange(n)
    for place in SEALED:
        for name in ("a", "b", "leak"):
            columns[name][place] = 1e6 + place // 2
        columns["who"][place] = 1_000
        columns["day"][place] = np.datetime64("1990-01-01")
    return {"row": np.arange(n), **columns, "y": y}
"""
PROBLEM = """
problem = bc.Problem(
    name="planted",
    dataset=bc.Dataset.from_function(table, name="planted", version="1", id="row"),
    target="y",
    task=bc.tasks.Binary(),
    time="day",
    split=bc.splits.KFold(4, repeats=2, seed=1, holdout=0.25),
    evaluation=bc.Evaluation(primary="roc_auc", margin=0.001),
    exclude=["who"],
)
"""


def bound(folder: Folder) -> Binding:
    definitions = folder.definitions()
    return bind(definitions.problem(), definitions.project, folder.store, repeats=1)


def checked(folder: Folder, *ignored: str, said: str = NOW) -> DataCheck:
    return check_data(bound(folder), folder.store, said, ignored)


@pytest.fixture
def planted(folder: Folder) -> Folder:
    """Return a project whose problem has a leak and a sealed holdout."""
    folder.write(head=HEAD, problem=PROBLEM, candidates="")
    return folder


def test_roles_become_what_the_checks_see(planted: Folder) -> None:
    binding = bound(planted)
    rows = checked_rows(binding)
    assert rows.features.column_names == ["a", "b", "leak", "day"]
    assert rows.others.column_names == ["who"]
    assert rows.n_rows == len(rows.features) == len(binding.positions) < 400
    assert rows.target is not None
    assert (rows.target.kind, rows.target.labels) == ("classes", ("0", "1"))
    assert rows.target.encoded.tolist() == binding.target.column("y").to_pylist()
    assert rows.time is not None
    assert rows.time.tolist() == list(range(rows.n_rows))
    assert (rows.n_folds, rows.metric, rows.margin, rows.time_column) == (8, "roc_auc", 0.001, "day")


def test_nothing_that_is_shown_depends_on_the_values_of_sealed_rows(planted: Folder) -> None:
    before = bound(planted)
    sealed = sorted(set(range(400)) - set(before.positions.tolist()))
    plain = msgspec.json.encode(checked(planted).outcomes)
    # Duplicates, an entity, a shift and a drift among the sealed rows alone.
    planted.write(head=HEAD.replace("SEALED = ()", f"SEALED = {sealed}"))
    after = bound(planted)
    assert after.data.table != before.data.table
    assert after.positions.tolist() == before.positions.tolist()
    assert msgspec.json.encode(checked(planted).outcomes) == plain


def test_what_is_serious_is_kept_for_this_problem_and_these_data(planted: Folder) -> None:
    found = checked(planted)
    assert {finding.check for finding in found.serious} == {"alone", "rows"}
    entry = planted.store.checks.newest(bound(planted).identity.digest)
    assert entry is not None
    assert entry.data == bound(planted).data.table
    assert [(item.check, item.columns) for item in entry.serious] == [("alone", ("leak",)), ("rows", ())]
    (path,) = planted.store.checks.folder.iterdir()
    assert b'"ids"' not in path.read_bytes()
    assert planted.store.verify() == ()
    planted.write(problem=PROBLEM.replace('exclude=["who"]', 'exclude=["who", "b"]'))
    assert planted.store.checks.newest(bound(planted).identity.digest) is None


def test_what_is_accepted_no_longer_stands(planted: Folder) -> None:
    found = checked(planted, "alone:leak", "rows")
    assert found.serious == ()
    assert {finding.check for finding in found.accepted} == {"alone", "rows"}
    assert {outcome.check: outcome.status for outcome in found.outcomes}["alone"] == "passed"
    assert checked(planted, "alone:a", said=LATER).serious != ()


def test_what_cannot_be_accepted_is_refused(planted: Folder) -> None:
    with pytest.raises(NotFoundError, match=r"There is no check 'alon'. Did you mean `alone`"):
        checked(planted, "alon")
    with pytest.raises(NotFoundError, match=r"Found no column `leek`"):
        checked(planted, "alone:leek")


def test_numbers_and_other_targets_are_read(planted: Folder) -> None:
    number = PROBLEM.replace("Binary()", "Regression()").replace('"roc_auc", margin=0.001', '"r2"')
    planted.write(problem=number.replace('target="y"', 'target="leak"'))
    rows = checked_rows(bound(planted))
    assert rows.target is not None
    assert (rows.target.kind, rows.target.labels) == ("numbers", ())


def test_a_time_that_some_rows_lack_stops_nothing(planted: Folder) -> None:
    lost = 'return {"row": np.arange(n), **columns, "y": y}'
    told = 'columns["day"] = np.where(np.arange(n) == 7, np.datetime64("NaT"), columns["day"])'
    planted.write(head=HEAD.replace(lost, f"{told}\n    {lost}"))
    outcomes = {outcome.check: outcome for outcome in checked(planted).outcomes}
    assert outcomes["drift"].reason == "some row has no time that can be read"


@pytest.mark.parametrize(
    ("task", "target"),
    [("Multilabel()", '["y", "late"]'), ("Text()", '"word"'), ("Multiclass()", '"word"'), ("Quantile([0.5])", '"a"')],
)
def test_any_task_is_checked_as_far_as_it_goes(planted: Folder, task: str, target: str) -> None:
    more = 'return {"row": np.arange(n), **columns, "y": y, "late": 1 - y, "word": np.where(x[:, 1] > 0, "up", "down")}'
    planted.write(
        head=HEAD.replace('return {"row": np.arange(n), **columns, "y": y}', more),
        problem=PROBLEM.replace("Binary()", task)
        .replace('target="y"', f"target={target}")
        .replace('evaluation=bc.Evaluation(primary="roc_auc", margin=0.001),', "")
        .replace("seed=1", "stratify=False, seed=1"),
    )
    outcomes = {outcome.check: outcome for outcome in checked(planted).outcomes}
    known = task.startswith(("Multiclass", "Quantile"))
    assert (outcomes["alone"].status == "not applicable") == (not known)
    assert outcomes["duplicates"].status == "passed"
