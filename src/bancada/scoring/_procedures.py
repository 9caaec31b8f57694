"""Which procedure serves two runs, and which are refused by name (STATISTICS §1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.exceptions import NotFoundError, ProcedureRefused, nearest

if TYPE_CHECKING:
    from bancada.scoring._design import Design, Procedure

__all__ = ["procedure", "refuse"]

_TRAINING_SHARED = "The training parts of random folds overlap, so their fold scores are not independent."
_FOLDS_REFIT = (
    "Out-of-fold predictions come from several fitted models: a test over rows says nothing of the procedure."
)
_UNITS_ARE_FOLDS = "Each of these folds is one independent draw, so the folds themselves are the units."
_PAIRED_FOLDS = "Runs on the same folds share what makes a fold hard, so their scores are compared in pairs."
_ONE_SPLIT = "One split does not measure the variation of training."
_TIME_ONCE = "Time passes once, so test blocks must be disjoint and are not drawn again."

_ROW_TESTS = ("delong", "mcnemar", "row t")
_REFUSED: dict[str, dict[str, str]] = {
    "random": {
        "paired t": _TRAINING_SHARED,
        "wilcoxon": _TRAINING_SHARED,
        "unpaired t": _PAIRED_FOLDS,
        **dict.fromkeys(_ROW_TESTS, _FOLDS_REFIT),
    },
    "site": {
        "corrected resampled t": _UNITS_ARE_FOLDS,
        "unpaired t": _PAIRED_FOLDS,
        **dict.fromkeys(_ROW_TESTS, _FOLDS_REFIT),
    },
    "time": {
        "corrected resampled t": _UNITS_ARE_FOLDS,
        "unpaired t": _PAIRED_FOLDS,
        "overlapping windows": _TIME_ONCE,
        "repeats": _TIME_ONCE,
        **dict.fromkeys(_ROW_TESTS, _FOLDS_REFIT),
    },
    "single": {
        "corrected resampled t": _ONE_SPLIT,
        "paired t": _ONE_SPLIT,
        "wilcoxon": _ONE_SPLIT,
        "unpaired t": _PAIRED_FOLDS,
    },
}
_KNOWN = sorted({name for refused in _REFUSED.values() for name in refused} | {"t over sites", "t over time blocks"})


def procedure(a: Design, b: Design) -> Procedure:
    """Return the procedure for the paired fold scores of two runs.

    It follows from the design alone, never from a test of the scores.

    Raises:
        ProcedureRefused: Where the two runs do not have the same folds.
    """
    if a != b:
        raise ProcedureRefused(
            "Fold scores are compared in pairs, on the same folds.",
            f"One run has {_described(a)}, the other {_described(b)}.",
            "Compare runs of one problem on the repeats that both have.",
        )
    return a.procedure


def refuse(name: str, design: Design) -> None:
    """Raise where the named test would be wrong on fold scores of this design; return where it would not.

    Args:
        name: Name of a test, such as `paired t`, `wilcoxon`, `mcnemar`, `delong` or `corrected resampled t`.
        design: The folds on which it is asked for.

    Raises:
        ProcedureRefused: Where the table of STATISTICS §1 refuses it; the message names what applies instead.
        NotFoundError: Where no such test is known.
    """
    asked = name.lower().replace("_", " ").replace("-", " ").strip()
    if asked not in _KNOWN:
        raise NotFoundError("A procedure is known by its name.", f"There is no `{name}`.", nearest(asked, _KNOWN))
    rule = _REFUSED[design.kind].get(asked)
    if rule is None:
        return
    offered = design.procedure
    remedy = f"Use `{offered.name}`." if offered.name else f"Read the estimates only: {offered.reason}."
    raise ProcedureRefused(rule, f"`{name}` was asked for on {_described(design)}.", remedy)


def _described(design: Design) -> str:
    """Say in a few words what the folds are."""
    if design.kind == "single":
        return "one split"
    return f"{design.k} {design.kind} folds × {design.repeats} with n_test / n_train = {design.rho:.3g}"
