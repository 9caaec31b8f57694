"""`bc.submit`: predictions made anywhere, scored like those of any candidate."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bancada import datasets, definitions, judgement, report
from bancada.definitions import Problem
from bancada.engine import bind, commanded, outside
from bancada.report import Submitted
from bancada.store import Index, Store

if TYPE_CHECKING:
    from bancada.definitions import Project

__all__ = ["submit", "submit_to"]


def submit(
    predictions: Any,
    name: str | None = None,
    *,
    problem: str | Problem | None = None,
    store: str | Path | None = None,
) -> Submitted:
    """Score predictions that were made anywhere, and put them on the board.

    They are for the test rows of the problem's split, which `bancada show --split --csv` writes: a column `id`, the
    columns `repeat` and `fold` where the split has several repeats, and the columns of the task, such as `probability`,
    `label` or `value`. Nothing is kept unless every row passes every check.

    In a script that `bancada exec` runs, the predictions belong to that run: no name is needed, and the project's
    modules are not imported.

    Args:
        predictions: A path to a CSV, Parquet or Arrow file; a pandas, polars or Arrow frame, anything with the Arrow
            PyCapsule interface, or a mapping of columns.
        name: Name on the board.
        problem: The problem or its name; by default the only one of the project that the current folder belongs to.
        store: Folder of the records; that of the project by default.

    Returns:
        What became of it; it shows itself, with the board, in a console and in a notebook.

    Raises:
        DataError: Rows are unknown, sealed, missing or doubled, or a value is not what its column holds.
        NotFoundError: There is no such file or problem, or no column of ids.
        UsageError: The name is missing or not one, or the file is of another kind.
    """
    run = commanded()
    if run is not None:
        meant = problem.name if isinstance(problem, Problem) else problem
        answer = outside.hand_over(run, datasets.received(predictions), name, meant)
        return Submitted.told(answer.document, answer.warnings)
    environ = dict(os.environ) if store is None else {**os.environ, "BANCADA_STORE": str(Path(store).absolute())}
    project = definitions.find_project(Path.cwd(), environ, home=Path.home())
    return submit_to(project, predictions, name, problem)


def submit_to(project: Project, predictions: Any, name: str | None, problem: str | Problem | None) -> Submitted:
    """Score predictions in a project; see `submit`.

    Args:
        project: The project.
        predictions: A path or a frame.
        name: Name on the board.
        problem: The problem or its name; by default the only one of the project.
    """
    if isinstance(problem, Problem):
        defined, meant = None, problem
    else:
        defined = definitions.load(project)
        meant = defined.problem(problem)
    said = outside.check_submitted_name(name, () if defined is None else defined.candidates)
    # What cannot be read at all is told before a store is made.
    found = datasets.received(predictions)
    opened = Store.open(project.store, create=True)
    if defined is not None:
        now = dt.datetime.now(dt.UTC).isoformat()
        opened.definitions.write(str(project.root), defined.snapshot(), now)
    submission = outside.check_submission(found, said, bind(meant, project, opened))
    index = Index(opened, project.cache)
    try:
        source = Path(predictions).name if isinstance(predictions, str | os.PathLike) else ""
        answer = outside.accept(submission, index, source)
        board = judgement.current_board(index, meant.name)
    finally:
        index.close()
    return Submitted(report.run_view((answer,), meant.name).document, submission.warnings, board)
