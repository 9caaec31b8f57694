"""Old runs are judged by the present evaluation, in workers, and nothing that was judged is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bancada.engine import Workbench, bind
from bancada.records import Statement

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

    from bancada.engine.rescoring import Rescored
    from bancada.records import RunRecord

NARROW = 'evaluation=bc.Evaluation(primary="roc_auc", metrics=["accuracy", "log_loss"]),'
GROWN = """evaluation=bc.Evaluation(
        primary="roc_auc",
        metrics=["accuracy", "log_loss", "brier", bc.metrics.from_function(odd, greater_is_better=True)],
        slices=["region"],
    ),"""
ODD = """
def odd(y_true, y_pred):
    return float(np.mean(y_true))
"""


class Counter:
    """A listener that remembers, and may stop the work."""

    def __init__(self, stop_at: int = 0) -> None:
        self.total = 0
        self.counts: list[int] = []
        self.closed = 0
        self._stop_at = stop_at

    def planned(self, total: int) -> None:
        self.total = total

    def judged(self, count: int) -> None:
        self.counts.append(count)
        if count == self._stop_at:
            raise KeyboardInterrupt

    def tick(self) -> None:
        pass

    def close(self) -> None:
        self.closed += 1


def grow(folder: Folder, odd: str = ODD) -> None:
    folder.write(head=folder.parts["head"] + odd, problem=folder.parts["problem"].replace(NARROW, GROWN))


def renew(folder: Folder, listener: Counter | None = None, *, in_process: bool = True) -> Rescored:
    definitions = folder.definitions()
    with Workbench(
        definitions.project, folder.store, workers=2, modules=definitions.project.modules, in_process=in_process
    ) as bench:
        return bench.renew(bind(definitions.problem(), definitions.project, folder.store), listener)


def scored(runs: tuple[RunRecord, ...]) -> dict[str, list[tuple[str, str | None, float | None]]]:
    return {
        run.run_id: sorted((item.metric, item.slice or "", item.estimate.value) for item in run.scores) for run in runs
    }


@pytest.fixture
def swept(folder: Folder) -> Folder:
    folder.run("logistic", "C=0.1,1,10")
    return folder


def test_workers_find_what_this_process_would_find(swept: Folder) -> None:
    before = swept.index.runs("noisy")
    grow(swept)
    listener = Counter()
    done = renew(swept, listener, in_process=False)
    assert (listener.total, listener.counts, listener.closed) == (4, [1, 2, 3, 4], 1)
    assert done.n_scores == 4 * (2 + 2 * 5)
    assert not done.unscored
    after = swept.index.runs("noisy")
    binding = swept.binding()
    assert {run.evaluation.digest for run in after} == {binding.evaluation.digest}
    assert scored(after) == scored(tuple(done.runs[run.run_id] for run in after))
    for old, new in zip(before, after, strict=True):
        # What was there stays as it was, beside what was added.
        assert set(scored((old,))[old.run_id]) < set(scored((new,))[new.run_id])
        odd = next(item for item in new.scores if item.metric == "odd" and item.slice is None)
        assert odd.folds
        assert odd.estimate.value is not None
    swept.run(again=True)
    fresh = {run.candidate: run for run in swept.index.runs("noisy") if run.run_id not in done.runs}
    same = next(run for run in after if run.candidate == "logistic" and run.params["C"] == 1)
    assert scored((same,))[same.run_id] == scored((fresh["logistic"],))[fresh["logistic"].run_id]


def test_a_second_time_there_is_nothing_to_do(swept: Folder) -> None:
    grow(swept)
    renew(swept)
    listener = Counter()
    done = renew(swept, listener)
    assert (done.runs, done.unscored, listener.total, listener.closed) == ({}, [], 0, 0)


def test_what_was_judged_before_an_interrupt_stays_judged_and_the_next_time_goes_on(swept: Folder) -> None:
    grow(swept)
    first = renew(swept, Counter(stop_at=2))
    assert first.interrupted
    assert len(first.runs) == 2
    listener = Counter()
    second = renew(swept, listener)
    assert listener.total == 2
    assert not second.runs.keys() & first.runs.keys()
    assert {run.evaluation.digest for run in swept.index.runs("noisy")} == {swept.binding().evaluation.digest}
    assert not list((swept.store.root / "aside").glob("*"))


KILLED = """
import os, signal, sys
from pathlib import Path
from bancada.definitions import find_project, load
from bancada.engine import Workbench, bind
from bancada.store import Store

class Killer:
    def planned(self, total): pass
    def tick(self): pass
    def close(self): pass
    def judged(self, count):
        if count == 2:
            os.kill(os.getpid(), signal.SIGKILL)

root = Path.cwd()
definitions = load(find_project(root, {"BANCADA_CACHE": str(root / "cache")}, home=root))
store = Store.open(root / ".bancada", create=True)
with Workbench(definitions.project, store, workers=2, modules=definitions.project.modules) as bench:
    bench.renew(bind(definitions.problem(), definitions.project, store), Killer())
"""


def test_what_was_judged_before_a_kill_stays_judged(swept: Folder) -> None:
    grow(swept)
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=swept.root, env=environ, check=False, capture_output=True, timeout=100
    )
    assert killed.returncode == -9, killed.stderr
    now = swept.binding().evaluation.digest
    assert sum(run.evaluation.digest == now for run in swept.index.runs("noisy")) == 2
    listener = Counter()
    renew(swept, listener)
    assert listener.total == 2
    assert {run.evaluation.digest for run in swept.index.runs("noisy")} == {now}
    assert not swept.store.verify()


def test_a_metric_that_ends_its_process_ends_no_driver(swept: Folder) -> None:
    swept.run("bayes")
    grow(swept, "\ndef odd(y_true, y_pred):\n    import os\n    os._exit(3)\n")
    done = renew(swept, in_process=False)
    assert not done.runs
    reasons = [item.reason for item in done.unscored]
    assert len(reasons) == 5
    assert "exit" in reasons[0] or "ended" in reasons[0], reasons
    before = {score.metric for score in done.unscored[0].run.scores}
    assert before == {"roc_auc", "accuracy", "log_loss"}


@pytest.mark.slow
def test_a_metric_that_raises_leaves_a_flag_and_the_run_is_judged(swept: Folder) -> None:
    grow(swept, "\ndef odd(y_true, y_pred):\n    raise ValueError('no')\n")
    done = renew(swept)
    assert len(done.runs) == 4
    odd = [item for run in done.runs.values() for item in run.scores if item.metric == "odd" and item.slice is None]
    assert all(item.estimate.value is None and "ValueError: no" in item.flags[0] for item in odd)


def test_runs_whose_predictions_are_gone_keep_their_scores_and_are_named(swept: Folder) -> None:
    lost = swept.index.runs("noisy")[0]
    use = lost.folds[0]
    (swept.store.folds.place(use.key, use.content) / "predictions.arrow").unlink()
    grow(swept)
    done = renew(swept)
    assert [item.run.run_id for item in done.unscored] == [lost.run_id]
    assert "cannot be read" in done.unscored[0].reason
    assert len(done.runs) == 3


@pytest.mark.slow
def test_a_withdrawn_run_is_left_alone_until_it_is_brought_back(swept: Folder) -> None:
    run = swept.index.runs("noisy")[0]
    said = {kind: Statement(kind=kind, said=f"2030-01-0{day}", content={}) for day, kind in enumerate(KINDS, 1)}
    swept.store.runs.say("noisy", run.run_id, said["withdrawn"])
    grow(swept)
    assert run.run_id not in renew(swept).runs
    swept.store.runs.say("noisy", run.run_id, said["restored"])
    assert list(renew(swept).runs) == [run.run_id]


KINDS = ("withdrawn", "restored")


@pytest.mark.slow
def test_rows_that_were_forgotten_are_scored_no_more(swept: Folder) -> None:
    swept.store.forget(["0", "1", "2"], "2030-01-01", dry=False)
    grow(swept)
    done = renew(swept)
    assert {item.n_rows for run in done.runs.values() for item in run.scores if item.metric == "brier"} >= {117}


@pytest.mark.slow
def test_a_margin_alone_needs_no_scores(swept: Folder) -> None:
    problem = swept.parts["problem"].replace('metrics=["accuracy"', 'margin=0.1, metrics=["accuracy"')
    swept.write(problem=problem)
    done = renew(swept)
    assert (len(done.runs), done.n_scores) == (4, 0)


@pytest.mark.slow
def test_a_sweep_that_ends_judges_older_runs_in_its_workers(swept: Folder) -> None:
    grow(swept)
    outcome = swept.outcome("bayes", in_process=False)
    assert not outcome.unscored
    assert {run.evaluation.digest for run in swept.index.runs("noisy")} == {swept.binding().evaluation.digest}
