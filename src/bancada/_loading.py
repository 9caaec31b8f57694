"""`bc.load`: the model that `bancada fit` kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from bancada import judgement, models
from bancada.definitions import find_project
from bancada.engine.origins import Judge, agreed, model_of
from bancada.exceptions import NotFoundError, UsageError
from bancada.store import Index, Store

__all__ = ["load"]


def load(
    reference: str, *, problem: str | None = None, store: str | Path | None = None, trust: bool | str = False
) -> Any:
    """Return the model that was last fitted for a run: by you, where you have fitted one, else by others.

    Args:
        reference: `r-…`, a candidate's name (the claim that its line on the board shows), or `best`.
        problem: Problem of the reference, where the store has several.
        store: Folder of the records; that of the current project by default.
        trust: Which model may execute code while it is read, as one does that is not kept by skops: your own always
            may, with the name of an allowed signer that of this signer may, with True this one may.

    Raises:
        NotFoundError: There is no such run, or no model was fitted for it.
        StoreError: The kept model is missing or was altered.
        UsageError: Reading it would execute code, it is not your own, and `trust` does not say that it may; or there
            are several problems and none was named.
    """
    environ = dict(os.environ) if store is None else {**os.environ, "BANCADA_STORE": str(Path(store).absolute())}
    project = find_project(Path.cwd(), environ, home=Path.home())
    opened = Store.open(project.store, create=False)
    index = Index(opened, project.cache)
    try:
        name = judgement.meant_problem(opened, problem, str(project.root), (reference,))
        run = judgement.find_line(reference, index, name)[0]
    finally:
        index.close()
    stored = opened.runs.read(name, run.run_id)
    fits = [] if stored is None else [statement for statement in stored.statements if statement.kind == "fit"]
    if stored is None or not fits:
        raise NotFoundError(
            "A model can be read once it was fitted.",
            f"None was fitted for run `r-{run.run_id[:6]}` of `{run.candidate}`.",
            f"Run `bancada fit r-{run.run_id[:6]}`.",
        )
    judge = Judge(opened, project)
    own = [statement for statement in fits if judge.said(statement, stored).own]
    fit = (own or fits)[-1]
    trusted = bool(own) or trust is True
    if isinstance(trust, str) and not trusted:
        stored = agreed("load", opened, project, name, run.run_id, trust=trust, fit=fit)
        trusted = True
    kept = model_of(fit, stored, judge)
    if kept.format != "skops" and not trusted:
        raise UsageError(
            "Reading a model that skops does not hold executes code that the file chooses.",
            f"The model of `{run.candidate}` is kept by {kept.format}, and was fitted by somebody else.",
            "Say `trust=True` if you trust where it comes from, or `trust=` and the name of an allowed signer.",
        )
    if trusted:
        # What is kept by reference to a module of the project is found there.
        sys.path.extend(str(folder) for folder in project.search if str(folder) not in sys.path)
    return models.load(opened.objects.get(kept.object), kept.format, trusted=trusted)
