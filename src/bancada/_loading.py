"""`bc.load`: the model that `bancada fit` kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from bancada import judgement, models
from bancada.definitions import find_project
from bancada.exceptions import NotFoundError, UsageError
from bancada.store import Index, Store

__all__ = ["load"]


def load(reference: str, *, problem: str | None = None, store: str | Path | None = None, trust: bool = False) -> Any:
    """Return the model that was last fitted for a run.

    Args:
        reference: `r-…`, a candidate's name (the claim that its line on the board shows), or `best`.
        problem: Problem of the reference, where the store has several.
        store: Folder of the records; that of the current project by default.
        trust: True where you agree that a model which is not kept by skops executes code while it is read.

    Raises:
        NotFoundError: There is no such run, or no model was fitted for it.
        StoreError: The kept model is missing or was altered.
        UsageError: Reading it would execute code, and `trust` is False; or there are several problems and none was
            named.
    """
    environ = dict(os.environ) if store is None else {**os.environ, "BANCADA_STORE": str(Path(store).absolute())}
    project = find_project(Path.cwd(), environ, home=Path.home())
    opened = Store.open(project.store, create=False)
    index = Index(opened, project.cache)
    try:
        name = judgement.meant_problem(opened, problem, str(project.root))
        run = judgement.find_line(reference, index, name)[0]
    finally:
        index.close()
    stored = opened.runs.read(name, run.run_id)
    fits = [] if stored is None else [statement for statement in stored.statements if statement.kind == "fit"]
    if not fits:
        raise NotFoundError(
            "A model can be read once it was fitted.",
            f"None was fitted for run `r-{run.run_id[:6]}` of `{run.candidate}`.",
            f"Run `bancada fit r-{run.run_id[:6]}`.",
        )
    kept = fits[-1].content
    if kept["executes_code"] and not trust:
        raise UsageError(
            "Reading a model that skops does not hold executes code that the file chooses.",
            f"The model of `{run.candidate}` is kept by {kept['format']}.",
            "Say `trust=True` if it comes from you or from somebody you trust.",
        )
    if trust:
        # What is kept by reference to a module of the project is found there.
        sys.path.extend(str(folder) for folder in project.search if str(folder) not in sys.path)
    return models.load(opened.objects.get(kept["object"]), kept["format"], trusted=trust)
