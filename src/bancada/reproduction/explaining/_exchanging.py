"""A run with one ingredient of another: what is laid out in the place of what was recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.records import RunRecord
    from bancada.reproduction._collecting import Collected
    from bancada.reproduction.differing import Diff

__all__ = ["CODE", "DATA", "Exchanged", "exchanged", "ingredients", "own"]

BOTH, CODE, DATA, FILES, PACKAGES, PARAMETERS, SEED = (
    "code and parameters",
    "code",
    "data",
    "files",
    "packages",
    "parameters",
    "seed",
)
NOT_TRIED = {
    "machine": "there is no other machine here than this one",
    "problem": "scores of another problem answer another question",
}


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What is computed.

    Attributes:
        collected: What there is of it.
        environment: The run whose environment it is computed in.
        data: The run whose data it is computed on.
    """

    collected: Collected
    environment: RunRecord
    data: RunRecord


def ingredients(
    document: Diff, a: Collected, b: Collected, *, current: bool = False
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the ingredients that differ and can be exchanged one at a time, and why the others cannot.

    Where the two are other functions, or take other parameters, their code and parameters go together.

    Args:
        document: In what the runs differ.
        a: What there is of the one.
        b: What there is of the other.
        current: True where everything is computed with the packages of now.
    """
    told = {"packages" if name == "interpreter" else name: None for name in document.differs}
    refused = {name: reason for name, reason in NOT_TRIED.items() if name in told}
    if current and PACKAGES in told:
        refused[PACKAGES] = "everything was computed with those that are installed now"
    if "problem" in told and DATA in told:
        refused[DATA] = NOT_TRIED["problem"]
    wanted = [name for name in told if name not in refused]
    if _together(a, b) and {CODE, PARAMETERS} & set(wanted):
        wanted = [BOTH, *(name for name in wanted if name not in {CODE, PARAMETERS})]
    return tuple(wanted), refused


def _together(a: Collected, b: Collected) -> bool:
    one, two = a.candidate, b.candidate
    same = (one.module, one.qualname, one.baseline, one.value is None, bool(one.extracted)) == (
        two.module,
        two.qualname,
        two.baseline,
        two.value is None,
        bool(two.extracted),
    )
    return not same or a.run.params.keys() != b.run.params.keys()


def own(a: Collected) -> Exchanged:
    """Return a run as it is."""
    return Exchanged(a, a.run, a.run)


def exchanged(name: str, a: Collected, b: Collected) -> Exchanged:
    """Return a run with one ingredient of another.

    Args:
        name: The ingredient.
        a: What there is of the run.
        b: What there is of the other.
    """
    return _WAYS[name](a, b)


def _code(a: Collected, b: Collected) -> Exchanged:
    files = {path: name for path, name in a.files.items() if not path.endswith(".py")}
    files |= {path: name for path, name in b.files.items() if path.endswith(".py")}
    template = a.template
    if template is not None and b.template is not None:
        template = msgspec.structs.replace(template, search=b.template.search)
    candidate = msgspec.structs.replace(b.candidate, value=a.candidate.value, arrays=a.candidate.arrays)
    return Exchanged(replace(a, files=files, template=template, candidate=candidate), a.run, a.run)


def _parameters(a: Collected, b: Collected) -> Exchanged:
    claim = {**a.run.claim, "frame": b.run.claim.get("frame", "pandas")}
    run = msgspec.structs.replace(a.run, params=b.run.params, claim=claim)
    candidate = msgspec.structs.replace(a.candidate, value=b.candidate.value, arrays=b.candidate.arrays)
    return Exchanged(replace(a, run=run, candidate=candidate), a.run, a.run)


def _both(a: Collected, b: Collected) -> Exchanged:
    code = _code(a, b).collected
    return Exchanged(replace(_parameters(code, b).collected, candidate=b.candidate), a.run, a.run)


def _files(a: Collected, b: Collected) -> Exchanged:
    files = {path: name for path, name in a.files.items() if path.endswith(".py")}
    files |= {path: name for path, name in b.files.items() if not path.endswith(".py")}
    return Exchanged(replace(a, files=files), a.run, a.run)


def _data(a: Collected, b: Collected) -> Exchanged:
    template = a.template
    if template is not None and b.template is not None:
        template = msgspec.structs.replace(template, split=b.template.split, features=b.template.features)
    run = msgspec.structs.replace(a.run, folds=b.run.folds, problem=b.run.problem)
    return Exchanged(replace(a, run=run, template=template), a.run, b.run)


def _seed(a: Collected, b: Collected) -> Exchanged:
    return Exchanged(replace(a, run=msgspec.structs.replace(a.run, seed=b.run.seed)), a.run, a.run)


def _packages(a: Collected, b: Collected) -> Exchanged:
    return Exchanged(a, b.run, a.run)


_WAYS: dict[str, Callable[[Collected, Collected], Exchanged]] = {
    BOTH: _both,
    CODE: _code,
    DATA: _data,
    FILES: _files,
    PACKAGES: _packages,
    PARAMETERS: _parameters,
    SEED: _seed,
}
