"""`bc.evaluate`: models and data in, a leaderboard out, without project files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bancada import judgement
from bancada.datasets import ROW, Dataset
from bancada.definitions import Candidate, Evaluation, Problem, find_project
from bancada.engine import BASELINE, Request, Workbench, bind
from bancada.exceptions import DefinitionError, UsageError
from bancada.judgement import journal
from bancada.report import Board
from bancada.store import Store

if TYPE_CHECKING:
    from bancada.contracts import Metric, Split, Task
    from bancada.definitions import Slice
    from bancada.definitions.kpi import Kpi
    from bancada.engine import Binding, Outcome, Plan
    from bancada.judgement.journal import Expected

__all__ = ["evaluate"]

DEFAULT_NAME = "evaluation"


def evaluate(  # noqa: PLR0913 - keyword-only, each an option of the verb
    models: Any,
    X: Any,
    y: Any,
    *,
    name: str | None = None,
    task: Task | None = None,
    split: Split | Any = None,
    primary: str | Metric | Any = None,
    metrics: Sequence[str | Metric | Any] = (),
    margin: float | None = None,
    slices: Sequence[str | Slice] = (),
    kpi: Kpi | Sequence[Kpi] = (),
    groups: str | None = None,
    time: str | None = None,
    weight: str | None = None,
    exclude: Sequence[str] = (),
    seed: int = 0,
    workers: int | None = None,
    store: str | Path | None = None,
    again: bool = False,
    snapshot: bool = False,
    because: str | None = None,
    expect: str | None = None,
) -> Board:
    """Score models on the same folds of the same data and return their leaderboard.

    What is stored is not computed again. Rows are numbered in the order given. Records go to the store of the project
    that the current folder belongs to, else to `.bancada` in the current folder.

    Args:
        models: Estimators by name, a list of them, or one; functions under `@bc.candidate` serve too.
        X: Features, (n_rows, n_features): pandas, polars, Arrow, NumPy or a list of rows.
        y: Target, (n_rows,), or the name of a column of X.
        name: Name of the problem; by default one that follows from the data.
        task: Kind of prediction; inferred from y by default.
        split: A split, a scikit-learn splitter or a count of folds; 5 folds, 3 repeats by default.
        primary: The metric that decides; the task's first by default.
        metrics: More metrics: names, functions `f(y_true, y_pred)` wrapped by `bc.metrics.from_function`, scorers.
        margin: Smallest difference that matters, in units of the primary metric.
        slices: Columns of X, or `bc.Slice`s, over which scores are shown too.
        kpi: What the business counts: a `bc.Kpi`, or a list of them; columns that it reads are columns of X.
        groups: Column of X whose rows stay together in a fold; it does not enter X.
        time: Column of X with the time of a row, by which `bc.splits.TimeOrdered` splits; it stays in X.
        weight: Column of X that weighs rows in metrics; it does not enter X.
        exclude: Columns of X that the models do not see.
        seed: Seed from which every fold's is derived.
        workers: How many folds run at once; all usable cores by default.
        store: Folder of the records.
        again: True to compute every fold anew.
        snapshot: True to keep a copy of the data with the records: without one the runs can be reproduced as long as
            this session's cache has the data, and their evidence says so.
        because: Why the models are tried; kept with each run before its first fold.
        expect: What is expected of at least one of them, such as `roc_auc > 0.8`; `board.expected` tells what came of
            it. A grammar like that of `bancada run --expect`.

    Returns:
        The board; it shows itself in a notebook, and `board.best.fit()` gives a model.

    Raises:
        DataError: X and y do not fit each other, the task or the split.
        DefinitionError: A model has no `fit`, or cannot be sent to another process.
        KeyboardInterrupt: After Ctrl-C; finished folds are kept.

    Examples:
        >>> import tempfile
        >>> from sklearn.datasets import load_iris
        >>> from sklearn.naive_bayes import GaussianNB
        >>> board = evaluate({"bayes": GaussianNB()}, *load_iris(return_X_y=True), store=tempfile.mkdtemp(), workers=1)
        >>> [line.candidate for line in board]
        ['bayes', 'baseline']
    """
    environ = dict(os.environ) if store is None else {**os.environ, "BANCADA_STORE": str(Path(store).absolute())}
    project = find_project(Path.cwd(), environ, home=Path.home())
    if snapshot and project.snapshot == "none":
        project = replace(project, snapshot="store")
    named = _named(models)
    dataset, target, frame = _dataset(X, y, name or DEFAULT_NAME, project.root, project.cache)
    opened = Store.open(project.store, create=True)
    with Workbench(project, opened, workers=workers, modules=_modules(named)) as bench:
        problem = Problem(
            name=name or f"{DEFAULT_NAME}-{dataset.identity().table[:8]}",
            dataset=dataset,
            target=target,
            task=task,
            split=split,
            evaluation=Evaluation(
                primary=primary, metrics=tuple(metrics), margin=margin, slices=tuple(slices), kpi=kpi
            ),
            groups=groups,
            time=time,
            weight=weight,
            exclude=tuple(exclude),
        )
        binding = bind(problem, project, opened)
        requests = [*_requests(named, frame), Request(BASELINE, None, {}, frame)]
        wished = journal.wish(because, () if expect is None else (expect,), problem, project)
        plan = bench.plan(requests, binding, seeds=[seed], again=again)
        _refuse_twins(plan, requests)
        plan = journal.declare(wished, plan, bench)
        outcome = bench.run(plan)
        if outcome.interrupted:
            raise KeyboardInterrupt
        expected = journal.outcome_of_plan(plan, bench.index)
        return _board(outcome, bench, plan.binding, {request.label: request for request in requests}, expected)


def _refuse_twins(plan: Plan, requests: list[Request]) -> None:
    """Refuse two names for one model: a board has one line for each claim."""
    planned = {item.claim.label for item in plan.claims}
    for request in requests:
        if request.label not in planned:
            raise DefinitionError(
                "Each model on a board is another one.",
                f"`{request.label}` is the same model with the same parameters as one before it.",
                "Leave it out, or change its parameters.",
            )


def _board(
    outcome: Outcome, bench: Workbench, binding: Binding, requests: dict[str, Request], expected: Expected | None
) -> Board:
    # A name is a label: a claim that is known under another one is shown under the name that was given now.
    labels = {answer.record.claim_id: label for answer, label in zip(outcome.answers, requests, strict=True)}
    everything = {
        run.run_id: msgspec.structs.replace(run, candidate=labels.get(run.claim_id, run.candidate))
        for run in bench.index.runs(binding.problem.name)
    }
    document = judgement.leaderboard(
        tuple(everything.values()),
        top=None,
        reference=binding.identity,
        evaluation=binding.evaluation,
    )
    return Board(document, everything, binding, requests, bench.store, expected)


def _named(models: Any) -> dict[str, Any]:
    """Models by name; those that come without one are named by their class, numbered where that is not enough."""
    if isinstance(models, Mapping):
        named = dict(models)
    else:
        listed = list(models) if isinstance(models, Sequence) else [models]
        labels = [_label(model) for model in listed]
        named = {}
        for position, (label, model) in enumerate(zip(labels, listed, strict=True)):
            again = labels[: position + 1].count(label)
            named[label if labels.count(label) == 1 else f"{label}-{again}"] = model
    for label in named:
        if not isinstance(label, str):
            raise DefinitionError("A model is named by a text.", f"Found {label!r}.", f"Call it {str(label)!r}.")
    if not named:
        raise DefinitionError(
            "There must be a model to evaluate.",
            "None was given.",
            "Give estimators by name: `{'logistic': LogisticRegression()}`.",
        )
    for label, model in named.items():
        if not isinstance(model, Candidate) and (isinstance(model, type) or not callable(getattr(model, "fit", None))):
            raise DefinitionError(
                "A model is an estimator with `fit`, or a function under `@bc.candidate`.",
                f"`{label}` is {model!r}.",
                "Construct it, as in `LogisticRegression()`, or decorate the function.",
            )
        if label == BASELINE:
            raise DefinitionError(
                f"`{BASELINE}` names the task's own baseline.",
                "A model was given that name.",
                "Give it another.",
            )
    return named


def _label(model: Any) -> str:
    return model.name if isinstance(model, Candidate) else type(model).__name__


def _requests(named: Mapping[str, Any], frame: str) -> list[Request]:
    return [
        Request(label, model, model.resolve({}) if isinstance(model, Candidate) else {}, frame)
        for label, model in named.items()
    ]


def _modules(named: Mapping[str, Any]) -> tuple[str, ...]:
    """Modules that a fresh interpreter must import: scikit-learn, and those that define candidates."""
    own = {model.module for model in named.values() if isinstance(model, Candidate)} - {"__main__"}
    return ("sklearn", *sorted(own))


def _dataset(X: Any, y: Any, name: str, root: Path, cache: Path) -> tuple[Any, Any, str]:
    """Return the data as a dataset, the target's column or columns, and the frame that models receive."""
    if isinstance(y, str):
        return Dataset.from_frame(X, name=name, id=ROW).at(root, cache), y, _frame(X)
    if y is None:
        raise UsageError(
            "Scoring needs the truth.", "`y` is None.", "Give the target's values, or the name of its column in X."
        )
    dataset = Dataset.from_arrays(X, y, name=name).at(root, cache)
    names = dataset.target_names
    return dataset, names[0] if len(names) == 1 else list(names), _frame(X)


def _frame(X: Any) -> str:
    """Models receive the kind of frame that was handed over."""
    package = type(X).__module__.split(".")[0]
    return {"pandas": "pandas", "polars": "polars", "pyarrow": "arrow"}.get(package, "numpy")
