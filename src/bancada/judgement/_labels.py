"""How a claim is called on the board: the candidate, and what tells it from the candidate's other claims."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from bancada.identity import told_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bancada.records import RunRecord

__all__ = ["labels_of", "params_of", "written"]

_SHOWN_ID = 6


def params_of(runs: Sequence[RunRecord]) -> dict[str, list[dict[str, Any]]]:
    """Return the parameters of all runs by candidate."""
    by_candidate: dict[str, list[dict[str, Any]]] = {}
    for run in runs:
        by_candidate.setdefault(run.candidate, []).append(run.params)
    return by_candidate


def labels_of(shown: Sequence[RunRecord], params: Mapping[str, Sequence[dict[str, Any]]]) -> dict[str, str]:
    """Return a label for each run that is shown, by run id.

    Parameters stand in it where they differ between the candidate's runs, shown or not; where two labels are equal
    still, the run's id follows. Long numbers are shortened as far as all claims' values can be told apart.

    Args:
        shown: Runs that need a label.
        params: The parameters of all runs by candidate.
    """
    varied: dict[str, dict[str, dict[float, str]]] = {}
    labels = {}
    for run in shown:
        if run.candidate not in varied:
            varied[run.candidate] = _varied(params.get(run.candidate, ()))
        texts = varied[run.candidate]
        given = [f"{name}={_brief(value, texts[name])}" for name, value in run.params.items() if name in texts]
        labels[run.run_id] = " ".join([run.candidate, *given])
    count = Counter(labels.values())
    return {
        run_id: label if count[label] == 1 else f"{label} (r-{run_id[:_SHOWN_ID]})" for run_id, label in labels.items()
    }


def written(value: object) -> str:
    """Return a parameter's value as it is typed on the command line.

    Examples:
        >>> written(None), written(True), written(0.1), written("l1"), written([1, 2])
        ('none', 'true', '0.1', 'l1', '1,2')
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ",".join(written(item) for item in value)
    return str(value)


def _varied(params: Sequence[dict[str, Any]]) -> dict[str, dict[float, str]]:
    """Return the names whose values differ, or that not all have, each with the short texts of its numbers."""
    names = {name for one in params for name in one}
    differ = {name for name in names if any(name not in one or one[name] != params[0].get(name) for one in params)}
    return {name: told_apart(_floats(one.get(name) for one in params)) for name in differ}


def _floats(values: Iterable[Any]) -> Iterator[float]:
    return (value for value in values if isinstance(value, float))


def _brief(value: Any, texts: Mapping[float, str]) -> str:
    return texts[value] if isinstance(value, float) and value in texts else written(value)
