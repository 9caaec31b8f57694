"""Programs as models: what they are told of a fold, and how their answers become predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada import models, tasks
from bancada.datasets import Received
from bancada.engine.outside._columns import prediction_columns, read_predictions
from bancada.exceptions import DataError, PredictionError
from bancada.samples import FitFacts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from bancada.contracts import Model, Task
    from bancada.engine._jobs import WorkerSession
    from bancada.models._exchange import Answer

__all__ = ["program_predictions", "with_facts"]

ROW = "row"


def with_facts(
    model: Model, session: WorkerSession, params: Mapping[str, Any], seed: int, scratch: Path | None = None
) -> Model:
    """Return a model that is a program with what it must know of the fold; any other as it is.

    Args:
        model: A fresh model.
        session: What all folds share.
        params: Resolved parameters of the candidate.
        seed: Seed of the fold.
        scratch: Folder for files that end with the fold; None for the system's.
    """
    if not isinstance(model, models.Command):
        return model
    facts = FitFacts(
        root=session.root,
        task=session.task.identity(),
        features=session.features,
        target=session.target,
        predictions=tuple(session.task.schema().names),
        params=params,
        seed=seed,
        scratch=scratch,
    )
    return model.told(facts)


def program_predictions(answer: Answer, task: Task, target: pa.Table) -> pa.Table:
    """Return what a program has written as predictions of the task, with the columns that follow from them.

    Args:
        answer: The columns in the order of the rows.
        task: The resolved task.
        target: Target columns of the data: labels are written as they are there.

    Raises:
        PredictionError: A column is missing, or a value is not of its column's kind.
    """
    table = answer.table
    table = table.append_column(ROW, pa.array(np.arange(1, table.num_rows + 1)))
    given = Received(table, answer.name, is_text=answer.is_text, separator="," if answer.is_text else "")
    try:
        names, _ = prediction_columns(given, task, ROW)
        return tasks.derived(task, read_predictions(given, names, task, target, ROW))
    except DataError as error:
        raise PredictionError(error.rule, error.found, error.remedy) from error
