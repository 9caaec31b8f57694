"""Each entry of the journal in sentences, which text and Markdown set each in their way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bancada.display import count, interval, score, short_id
from bancada.exceptions import counted
from bancada.report._wording import halfwidth
from bancada.report.journal._expected import MOST_RUNS, champion, label, outcome_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.judgement.journal import Entry, Expected, Journal, JournalRun

__all__ = ["body", "foot", "head", "title", "who"]

_VERBS = {"runs": "ran", "tried": "tried", "submitted": "submitted", "command": "ran the command"}
_SAID = {
    "note": "noted on",
    "withdrawn": "withdrew",
    "restored": "took back",
    "verdict": "reproduced",
    "look": "looked at the holdout with",
}
_EMAIL = re.compile(r"\s*<[^<>]*>\s*$")


def title(journal: Journal) -> str:
    """Return what the journal is of."""
    many = "1 entry" if len(journal.entries) == 1 else f"{count(len(journal.entries))} entries"
    return f"{journal.problem} · journal, newest first · {many}"


def foot(journal: Journal) -> Iterator[str]:
    """Yield what the journal does not show."""
    if journal.shown < journal.runs_in_all:
        yield f"The newest {count(journal.shown)} of {counted(journal.runs_in_all, 'run')}; `--all` shows all."
    for run_id in journal.unreadable:
        yield f"{short_id(run_id)} cannot be read; `bancada store verify` tells why."


def who(entry: Entry) -> str:
    """Return who it was: the name without the address."""
    return _EMAIL.sub("", entry.author) or "somebody"


def head(entry: Entry) -> str:
    """Return what was done, in a sentence without the author."""
    if entry.expected is not None:
        return _declared(entry.expected)
    if entry.kind in _SAID:
        names = ", ".join(f"{short_id(run.run_id)} {label(run.candidate, run.params)}" for run in entry.runs)
        return f"{_SAID[entry.kind]} {names}" + (f": {entry.text}" if entry.text else "")
    verb = _VERBS.get(entry.kind, entry.kind)
    if len(entry.runs) == 1:
        return f"{verb} {_one(entry.runs[0])}"
    return f"{verb} {_several(entry.runs)}"


def body(entry: Entry) -> Iterator[str]:
    """Yield what was thought of it, and what came of it."""
    expected = entry.expected
    if expected is None:
        return
    if expected.because and expected.expect:
        yield f"because {expected.because}"
    if not expected.expect:
        for run in entry.runs[:MOST_RUNS]:
            yield _one(run)
        if len(entry.runs) > MOST_RUNS:
            yield f"and {counted(len(entry.runs) - MOST_RUNS, 'run')} more"
        return
    yield from outcome_lines(expected)


def _declared(expected: Expected) -> str:
    if not expected.expect:
        return f"because {expected.because}"
    return f"expected {expected.expect}{champion(expected)}"


def _one(run: JournalRun) -> str:
    half = halfwidth(run.low, run.high)
    text = f"{label(run.candidate, run.params)} {short_id(run.run_id)}" + (f" seed={run.seed}" if run.seed else "")
    if run.value is not None:
        text += f": {run.metric} {score(run.value, half)}"
        text += f" ({interval(run.low, run.high, half)})" if half is not None else ""
    if run.status != "done":
        text += f", {run.status}" + (f": {run.error}" if run.error else "")
    return text + (", withdrawn" if run.withdrawn else "")


def _several(runs: tuple[JournalRun, ...]) -> str:
    text = f"{runs[0].candidate} × {count(len(runs))}"
    metric = runs[0].metric
    values = [run.value for run in runs if run.value is not None and run.metric == metric]
    if values:
        text += f": {metric} {score(min(values))} to {score(max(values))}"
    statuses = [run.status for run in runs if run.status not in {"done", "explored"}]
    text += "".join(f", {count(statuses.count(word))} {word}" for word in dict.fromkeys(statuses))
    withdrawn = sum(run.withdrawn for run in runs)
    return text + (f", {count(withdrawn)} withdrawn" if withdrawn else "")
