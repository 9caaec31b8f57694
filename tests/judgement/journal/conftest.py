"""A project in a folder, and runs with hypotheses in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.engine.conftest import folder

from bancada.engine import Workbench, bind, requests_for
from bancada.judgement.journal import declare, outcome_of_plan, wish

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

    from bancada.engine import Outcome, Plan
    from bancada.judgement.journal import Expected

__all__ = ["folder"]


@dataclass
class Lab:
    """A project, and what is asked of it."""

    folder: Folder

    def run(
        self, *words: str, because: str | None = None, expect: str | None = None, again: bool = False
    ) -> tuple[Plan, Outcome, Expected | None]:
        """Declare, run, and tell what came of it."""
        definitions = self.folder.definitions()
        project, problem = definitions.project, definitions.problem()
        wished = wish(because, () if expect is None else (expect,), problem, project)
        with Workbench(project, self.folder.store, modules=project.modules, in_process=True) as bench:
            binding = bind(problem, project, bench.store)
            plan = bench.plan(requests_for(words, definitions, binding, bench.index), binding, again=again)
            plan = declare(wished, plan, bench)
            outcome = bench.run(plan)
            return plan, outcome, outcome_of_plan(plan, bench.index)

    def expect(self, expect: str, *words: str, again: bool = False) -> Expected:
        """Run with an expectation, and tell what came of it."""
        told = self.run(*words, expect=expect, again=again)[2]
        assert told is not None
        return told


@pytest.fixture
def lab(folder: Folder) -> Lab:
    """Write a project with one problem, two candidates that need no library, and a declared slice."""
    head = folder.parts["head"].replace("from sklearn", "# from sklearn")
    folder.write(
        head=head,
        problem="""
        problem = bc.Problem(
            name="noisy",
            dataset=bc.Dataset.from_function(table, name="noisy", version="1", id="row"),
            target="noisy",
            task=bc.tasks.Binary(),
            split=bc.splits.KFold(4, seed=1),
            evaluation=bc.Evaluation(primary="roc_auc", metrics=["log_loss"], slices=["region"]),
            features=["a", "b", "c"],
        )
        """,
        candidates="""
        class Curve:
            def __init__(self, slope, other):
                self.slope, self.other = slope, other

            def fit(self, X, y):
                self.known = len(X)
                return self

            def predict_proba(self, X):
                high = 1 / (1 + np.exp(-self.slope * (X["a"].to_numpy() + self.other * X["b"].to_numpy())))
                return np.column_stack([1 - high, high])

        @bc.candidate
        def logistic(C: float = 1.0):
            return Curve(C, 0.0)

        @bc.candidate
        def bayes():
            return Curve(1.0, 0.3)
        """,
    )
    return Lab(folder)
