"""`fit`: the model of a run, on all rows that are not sealed, from the code of that run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bancada.engine import Workbench, bind, request_of
from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

    from bancada.engine import FittedModel
    from bancada.records import RunRecord


def fitted(folder: Folder, record: RunRecord, *, in_process: bool = True) -> tuple[FittedModel, Any]:
    definitions = folder.definitions()
    project, store = definitions.project, folder.store
    with Workbench(project, store, workers=1, modules=project.modules, in_process=in_process) as bench:
        binding = bind(definitions.problem(), project, store)
        model = bench.fit(record, request_of(record, definitions), binding)
        return model, bench.load(model)


def test_the_model_is_fitted_on_all_rows_that_are_not_sealed(folder: Folder) -> None:
    folder.write(problem=folder.parts["problem"].replace("seed=1)", "seed=1, holdout=0.3)"))
    record = folder.run("logistic", "C=0.5")[0].record
    kept, model = fitted(folder, record, in_process=False)
    binding = folder.binding()
    X = binding.dataset.take(binding.positions, ["a", "b", "c"], "pandas")
    expected = LogisticRegression(C=0.5).fit(X, binding.target.column(0).to_numpy())
    assert kept.n_rows == len(binding.positions) < 120
    assert np.allclose(model.coef_, expected.coef_)
    assert (kept.format, kept.executes_code) == ("skops", False)


def test_the_run_says_that_it_was_fitted(folder: Folder) -> None:
    record = folder.run("logistic")[0].record
    kept, _ = fitted(folder, record)
    stored = folder.store.runs.read("noisy", record.run_id)
    assert stored is not None
    assert [statement.kind for statement in stored.statements] == ["fit"]
    assert stored.statements[0].content["object"] == kept.digest
    assert folder.store.verify() == ()


def test_a_changed_candidate_is_not_fitted_under_the_old_runs_name(folder: Folder) -> None:
    record = folder.run("logistic")[0].record
    folder.write(candidates=folder.parts["candidates"].replace("C=C)", "C=C, tol=1e-3)"))
    with pytest.raises(UsageError, match=r"These differ now from run `r-\w+`: `code`"):
        fitted(folder, record)


def test_a_fit_that_fails_says_why(folder: Folder) -> None:
    folder.write(
        more="""
        class Moody(LogisticRegression):
            def fit(self, X, y):
                if len(X) == 120:
                    raise RuntimeError("too much")
                return super().fit(X, y)

        @bc.candidate
        def moody():
            return Moody()
        """
    )
    record = folder.run("moody")[0].record
    with pytest.raises(UsageError, match="The fit of `moody` failed: RuntimeError: too much"):
        fitted(folder, record)


def test_the_baseline_can_be_fitted(folder: Folder) -> None:
    record = next(answer.record for answer in folder.run("logistic") if answer.record.baseline)
    assert fitted(folder, record)[0].n_rows == 120
