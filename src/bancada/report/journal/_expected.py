"""What was expected and what came of it, in sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.display import count, delta, interval, plain, score, short_id
from bancada.exceptions import counted
from bancada.report._running import params_text
from bancada.report._wording import halfwidth, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bancada.judgement.journal import Expected, RunOutcome
    from bancada.report._views import View

__all__ = [
    "MOST_RUNS",
    "champion",
    "expected_lines",
    "expected_text",
    "label",
    "outcome_lines",
    "with_expected",
]

MOST_RUNS = 8


def with_expected(view: View, expected: Expected | None) -> View:
    """Return a view whose document has the hypothesis in the field `hypothesis`; the same view where there is none."""
    if expected is None:
        return view
    return replace(view, document=msgspec.structs.replace(view.document, hypothesis=expected))


def expected_text(expected: Expected) -> str:
    """Return what was expected of an invocation, what came of it, and of each run."""
    first, *rest = outcome_lines(expected)
    return "\n".join(
        [f"expected: {plain(expected.expect)}{champion(expected)}", first, *(f"  {line}" for line in rest)]
    )


def outcome_lines(expected: Expected) -> tuple[str, ...]:
    """Return what came of a hypothesis, and, where it is about several runs, of each: those that support it first."""
    if expected.claims == 1 and len(expected.runs) == 1:
        return (f"{run_sentence(expected.runs[0])} · {_level(expected)}",)
    shown = sorted(expected.runs, key=lambda run: ("supported", "inconclusive", "refuted").index(run.outcome))
    more = len(shown) - MOST_RUNS
    left = (f"and {counted(more, 'run')} more: `bancada journal --json` has them all",) if more > 0 else ()
    return (headline(expected), *map(run_sentence, shown[:MOST_RUNS]), *left)


def expected_lines(expected: Expected | None, run_id: str) -> tuple[str, ...]:
    """Return what was expected of one run, and what came of it.

    Args:
        expected: The hypothesis; None where there was none.
        run_id: The run.
    """
    if expected is None:
        return ()
    lines = [f"because: {expected.because}"] if expected.because else []
    if expected.expect:
        lines.append(f"expected: {expected.expect}{champion(expected)} · {timing(expected)}")
        lines += [f"  {run_sentence(run)}" for run in expected.runs if run.run_id == run_id]
        lines += [f"  of {count(expected.claims)} runs: {expected.outcome}"] if expected.claims > 1 else []
    return tuple(lines)


def headline(expected: Expected) -> str:
    """Return the word, how sure it is, and when the hypothesis was declared."""
    supported = sum(run.outcome == "supported" for run in expected.runs)
    runs = counted(expected.claims, "run")
    over = {"supported": f" by {count(supported)} of {runs}", "refuted": f" by all {runs}"}
    word = expected.outcome + over.get(expected.outcome, f" over {runs}")
    word += f" ({expected.note})" if expected.note else ""
    return f"{word} · {_level(expected)}"


def _level(expected: Expected) -> str:
    intervals = "intervals" if expected.claims > 1 else "interval"
    return f"{intervals} of {percent(1 - expected.level)} · {timing(expected)}"


def timing(expected: Expected) -> str:
    """Return whether the hypothesis was declared before or after there were results on the same rows."""
    if not expected.after_data:
        return "declared before any result on these rows"
    claims = "this very claim" if expected.claims == 1 else "these very claims"
    same = f", one of {claims}" if expected.seen.claim else ""
    return f"after data: {counted(expected.seen.runs, 'run')} on these rows{same}"


def champion(expected: Expected) -> str:
    """Return which run the champion was, and its score then."""
    reference = expected.reference
    if reference is None:
        return ""
    return f" ({plain(reference.candidate)} {short_id(reference.run_id)} had {score(reference.value)})"


def label(candidate: str, params: Mapping[str, Any]) -> str:
    """Return a claim as it is typed: `logistic C=0.1`."""
    return f"{candidate} {params_text(params)}".rstrip()


def run_sentence(run: RunOutcome) -> str:
    """Return what became of the expectation in one run."""
    half = halfwidth(run.low, run.high)
    head = f"{run.outcome}: {short_id(run.run_id)} {plain(label(run.candidate, run.params))}"
    value = "" if run.value is None else f" {score(run.value, half)}"
    if run.delta is not None:
        # Differences have a sign; the ends of their interval too.
        value += f", Δ {delta(run.delta, half)}"
    ends = "" if run.low is None or run.high is None else f" ({interval(run.low, run.high, half)})"
    return f"{head}{value}{ends}" + (f", {plain(run.note)}" if run.note else "")
