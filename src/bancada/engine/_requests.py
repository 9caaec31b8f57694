"""From the words of a command line to the candidates that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.definitions import parse_assignments
from bancada.engine._claims import BASELINE, HIDDEN, Request
from bancada.exceptions import DefinitionError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.definitions import Definitions
    from bancada.engine._binding import Binding
    from bancada.records import RunRecord
    from bancada.store import Index

__all__ = ["check_words", "request_of", "requests_for"]

MADE_OUTSIDE = {"submission": "predictions that were submitted", "exec": "a command that was run"}


def check_words(words: Sequence[str], definitions: Definitions) -> tuple[Request, ...]:
    """Raise what is wrong with these words, so that it is told before any data is read.

    Returns:
        The candidates that they name; without words every candidate. The baseline only where it is named.

    Raises:
        DefinitionError: There is no candidate at all, or a value is of the wrong type.
        NotFoundError: A candidate or a parameter does not exist.
        UsageError: An assignment stands before any name, or behind the baseline.
    """
    asked, wanted = _asked(words, definitions)
    return (*asked, Request(BASELINE, None, {})) if wanted and words else asked


def requests_for(words: Sequence[str], definitions: Definitions, binding: Binding, index: Index) -> tuple[Request, ...]:
    """Return the candidates that these words ask for.

    Without names every candidate, then the baseline; with names the baseline comes last, and only where the problem
    has none yet. Assignments belong to the name before them and span a grid.

    Args:
        words: Names and assignments, such as `boosting`, `learning_rate=0.03,0.1`.
        definitions: The project's candidates.
        binding: The problem with its data.
        index: Tells whether the problem has a baseline.

    Raises:
        DefinitionError: There is no candidate at all, or a value is of the wrong type.
        NotFoundError: A candidate or a parameter does not exist.
        UsageError: An assignment stands before any name, or behind the baseline.
    """
    asked, wanted = _asked(words, definitions)
    if wanted or not _has_baseline(binding, index):
        return (*asked, Request(BASELINE, None, {}))
    return asked


def request_of(run: RunRecord, definitions: Definitions) -> Request:
    """Return the candidate of a run as it is defined now.

    Raises:
        NotFoundError: The candidate is no longer defined.
        UsageError: Its model was handed over as a value, or made outside bancada.
    """
    if run.baseline:
        return Request(BASELINE, None, {})
    if run.claim.get("kind") in MADE_OUTSIDE:
        raise UsageError(
            "A model is fitted from the candidate that made it.",
            f"`{run.candidate}` (`r-{run.run_id[:6]}`) is {MADE_OUTSIDE[run.claim['kind']]}: there is no model to fit.",
            "Fit it where it was made, or write it as a function under `@bc.candidate` and run that.",
        )
    if run.provenance.get("extracted") is not None:
        raise UsageError(
            "A run is fitted from the candidate that its project defines; nothing from a store is executed.",
            f"The code of `r-{run.run_id[:6]}` was extracted from a script or a notebook; the store has its text.",
            "Fit it there with `board.best.fit()`: nothing is scored again. Or move its function to a module.",
        )
    if run.provenance.get("reference") is None:
        raise UsageError(
            "A run is fitted from the candidate that its project defines.",
            f"The model of `r-{run.run_id[:6]}` was handed over as a value, in a session.",
            "Fit it there with `board.best.fit()`, or write it as a function under `@bc.candidate`.",
        )
    hidden = [name for name, value in run.params.items() if isinstance(value, str) and value.startswith(HIDDEN)]
    if hidden:
        raise UsageError(
            "A run is fitted with the parameters that it had.",
            f"{', '.join(f'`{name}`' for name in hidden)} of `r-{run.run_id[:6]}` held a secret, which is not kept.",
            "Let the candidate read it from the environment, run it again, and fit that run.",
        )
    candidate = definitions.candidate(run.candidate)
    return Request(run.candidate, candidate, candidate.resolve(run.params))


def _asked(words: Sequence[str], definitions: Definitions) -> tuple[tuple[Request, ...], bool]:
    """Return the candidates that are meant, and whether the baseline is asked for with them."""
    named = _named(words)
    if named:
        for name, assignments in named:
            if name == BASELINE and assignments:
                raise UsageError(
                    f"`{BASELINE}` is the task's own and has no parameters.",
                    f"Found `{assignments[0]}` behind it.",
                    f"Write `bancada run {BASELINE}`.",
                )
        asked = _grid([item for item in named if item[0] != BASELINE], definitions)
        return asked, any(name == BASELINE for name, _ in named)
    if not definitions.candidates:
        raise DefinitionError(
            "A run needs at least one candidate.",
            f"The modules {', '.join(f'`{name}`' for name in definitions.project.modules)} define none.",
            "Write a function that returns a fresh model and put `@bc.candidate` above it.",
        )
    return _grid([(name, []) for name in definitions.candidates], definitions), True


def _named(words: Sequence[str]) -> list[tuple[str, list[str]]]:
    named: list[tuple[str, list[str]]] = []
    for word in words:
        if "=" not in word:
            named.append((word, []))
        elif named:
            named[-1][1].append(word)
        else:
            raise UsageError(
                "An assignment stands behind the name of its candidate.",
                f"`{word}` stands behind none.",
                f"Write `bancada run CANDIDATE {word}`.",
            )
    return named


def _grid(named: Sequence[tuple[str, Sequence[str]]], definitions: Definitions) -> tuple[Request, ...]:
    requests = []
    for name, assignments in named:
        candidate = definitions.candidate(name)
        requests += [Request(name, candidate, params) for params in parse_assignments(candidate, assignments)]
    return tuple(requests)


def _has_baseline(binding: Binding, index: Index) -> bool:
    index.refresh(binding.problem.name)
    return index.has_baseline(binding.problem.name, binding.identity.digest)
