"""Consent: a record of somebody else executes nothing before whoever sits here has seen it and agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.engine.origins._judging import Judge
from bancada.engine.origins._plans import model_of, would_run
from bancada.exceptions import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.definitions import Project
    from bancada.engine.origins._plans import WouldRun
    from bancada.provenance.origin import Origin
    from bancada.records import Statement
    from bancada.store import Store, StoredRun

    Ask = Callable[[WouldRun], bool]

__all__ = ["agreed"]


def agreed(  # noqa: PLR0913 - each is a question of its own, and named
    verb: str,
    store: Store,
    project: Project,
    problem: str,
    run_id: str,
    *,
    trust: str | None = None,
    ask: Ask | None = None,
    fit: Statement | None = None,
) -> StoredRun:
    """Return a run whose record may be executed: it is the user's own, or somebody has just agreed.

    Whoever executes a record takes it from here: what was judged and shown is what is returned, whatever becomes of
    the file meanwhile.

    Args:
        verb: What asks, such as `reproduce`.
        store: Where the run is.
        project: Knows the user's key and allowed signers.
        problem: Name of the run's problem.
        run_id: The run.
        trust: An allowed signer whose records may execute without a question.
        ask: Shows what would be executed and returns whether it may be; None where there is nobody to ask.
        fit: The statement that names the model which would be read; then whoever said this is who is judged.

    Raises:
        ConfigurationError: The file of allowed signers cannot be read.
        NotFoundError: The run is not there.
        StoreError: The run cannot be read, or what it would execute cannot be shown.
        UsageError: Nobody agreed, or it was not signed by the signer that is trusted.
    """
    stored = store.runs.read(problem, run_id)
    if stored is None:
        raise NotFoundError(
            "A run can be executed once it is finished.",
            f"Run `r-{run_id[:8]}` was begun and has no result.",
            "Run its candidate again.",
        )
    judge = Judge(store, project)
    model = None if fit is None else model_of(fit, stored, judge)
    origin = judge.stored(stored, problem, run_id) if fit is None else judge.said(fit, stored)
    if origin.own:
        return stored
    if trust is not None:
        _check_signer(trust, origin, run_id)
        return stored
    if ask is None:
        raise _nobody_to_ask(verb, origin, run_id)
    if not ask(would_run(verb, stored, origin, store, project.root, model)):
        raise UsageError(
            "What somebody else recorded executes when you agree.",
            f"You did not agree for `r-{run_id[:6]}`; nothing was executed.",
            "Read its code with `bancada show --code`, and ask who ran it.",
        )
    return stored


def _check_signer(trust: str, origin: Origin, run_id: str) -> None:
    if not trust.strip():
        # As where a script's variable is not set; a record that nobody has signed has no name either.
        raise UsageError(
            "`--trust` names the allowed signer whose records execute without a question.",
            "It names nobody.",
            "Name a signer of your file of allowed signers, or leave it out.",
        )
    if origin.who and origin.who == trust:
        return
    found = f"by `{origin.who}`" if origin.who else "by nobody in your file of allowed signers"
    raise UsageError(
        f"`{trust}` is trusted: only what that signer has signed executes.",
        f"Run `r-{run_id[:6]}` is signed {found}.",
        "Have it signed with `bancada sign`, and see that `signers` in your personal settings names the right file.",
    )


def _nobody_to_ask(verb: str, origin: Origin, run_id: str) -> UsageError:
    whose = f"signed by `{origin.who}`" if origin.who else "foreign: nothing that you trust tells who made it"
    remedy = f"add `--trust {origin.who}`" if origin.who else "have its author sign it, and add `--trust SIGNER`"
    return UsageError(
        "What somebody else recorded executes when you agree, and there is no terminal to ask on.",
        f"Run `r-{run_id[:6]}`, which `{verb}` would execute, is {whose}.",
        f"Do it on a terminal, or {remedy}.",
    )
