"""`bancada run`: score candidates."""

from __future__ import annotations

import datetime as dt
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from bancada import engine, report
from bancada import store as stores
from bancada.cli._completing import complete_words
from bancada.cli._context import common_options
from bancada.cli._errors import DONE, INTERRUPTED, NO
from bancada.cli._judging import Judging
from bancada.cli._opening import apart, board_of, keep_snapshot, load_definitions
from bancada.cli._output import emit
from bancada.cli._progress import Progress
from bancada.display import plain
from bancada.engine import evidence
from bancada.judgement import carrying, champions, journal
from bancada.report import journal as journals
from bancada.report import recorded, rescoring
from bancada.reproduction import determinism

if TYPE_CHECKING:
    from bancada.cli._context import Common
    from bancada.definitions import Project
    from bancada.engine import Outcome, Plan, Workbench
    from bancada.judgement.carrying import Drift
    from bancada.report._views import View

__all__ = ["Asked", "command", "run_project"]

HELP = """Score candidates on every fold of the problem; what is stored is not computed again.

Without names: every candidate, then the task's baseline. Behind a name, assignments span a grid.

\b
Examples:
  bancada run                                     every candidate
  bancada run --plan                              what would run, and what is known
  bancada run boosting learning_rate=0.03,0.1     two claims
  bancada run logistic "C=0.01..10 log 7"         seven values in equal ratios
  bancada run forest --seed 3 --again             once more, with another seed
  bancada run --carry 5                           the five best claims, on new data
  bancada run --strict                            refuse where a run could not be repeated later
  bancada run forest --check-determinism          compute it twice, and compare every prediction
  bancada run boosting max_depth=3 --because "shallow trees travel better" \\
      --expect "roc_auc > boosting + 0.01"        say first what you expect, and why
  bancada run --expect 'roc_auc > 0.8 where region == "north"'
"""

SEED = click.IntRange(0, 2**32 - 1)  # what NumPy and scikit-learn take
MANY = click.IntRange(1, 1_000)  # a slip of the finger is refused, where it would plan for hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the options of `bancada run` said; each attribute is the option of its name."""

    plan: bool = False
    seed: int = 0
    seeds: int = 1
    repeats: int | None = None
    cores: int | None = None
    timeout: float | None = None
    memory: float | None = None
    again: bool = False
    in_process: bool = False
    carry: int | None = None
    strict: bool = False
    check_determinism: bool = False
    because: str | None = None
    expect: tuple[str, ...] = ()


@click.command("run", help=HELP, short_help="Score candidates; what is stored is not computed again.")
@click.argument("words", nargs=-1, metavar="[CANDIDATE [NAME=VALUE,…]…]…", shell_complete=complete_words)
@click.option("--plan", is_flag=True, help="Say what would run, what is known, what X contains; run nothing.")
@click.option("--seed", type=SEED, default=0, show_default=True, metavar="N", help="Every fold's seed follows from it.")
@click.option("--seeds", type=MANY, default=1, metavar="N", help="Run with N seeds, from --seed on.")
@click.option("--repeats", type=MANY, metavar="N", help="Repeats of the split; known ones are kept.")
@click.option("--cores", type=click.IntRange(1), metavar="N", help="How many folds run at once.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), metavar="SECONDS", help="Limit for one fold.")
@click.option(
    "--memory", type=click.FloatRange(0, min_open=True), metavar="MB", help="Limit for one fold, in 10⁶ bytes."
)
@click.option("--again", is_flag=True, help="Compute every fold anew, in a run of its own.")
@click.option("--in-process", is_flag=True, help="Run folds in this process, for a debugger.")
@click.option("--carry", type=int, metavar="N", help="Run the N best claims of the earlier version of the data.")
@click.option("--check-determinism", is_flag=True, help="Compute every claim twice, and mark those that differ.")
@click.option("--strict", is_flag=True, help="Start only where the evidence of every run will be complete.")
@click.option("--because", metavar="TEXT", help="Why: kept with each run, and told by `bancada journal`.")
@click.option(
    "--expect", multiple=True, metavar="EXPECTATION", help="What you expect: `[METRIC] > NUMBER | CHAMPION + NUMBER`."
)
@common_options()
def command(common: Common, words: tuple[str, ...], **asked: Any) -> int:
    """Score candidates."""
    return run_project(common, common.open_project(), words, Asked(**asked))


def run_project(common: Common, project: Project, words: tuple[str, ...] = (), asked: Asked | None = None) -> int:
    """Plan, run and show; return the exit code."""
    asked = asked or Asked()
    # What was asked for is right or wrong before any data is read and any record is made.
    definitions = load_definitions(project)
    problem = definitions.problem(common.problem)
    if asked.carry is not None:
        carrying.check_count(asked.carry, words)
    engine.check_words(words, definitions)
    wish = journal.wish(asked.because, asked.expect, problem, project)
    store = stores.Store.open(project.store, create=True)
    keep_snapshot(definitions, store)
    with engine.Workbench(
        project,
        store,
        workers=asked.cores,
        modules=project.modules,
        reads=definitions.reads,
        in_process=asked.in_process,
        timeout_s=asked.timeout,
        memory_mb=asked.memory,
    ) as bench:
        begun = bench.index.listing(problem.name)
        known = (*definitions.candidates, *(run.candidate for run in begun))
        champions.refuse_unknown(problem.name, problem.champion, known, [run.run_id for run in begun])
        with apart():
            binding = engine.bind(problem, project, store, asked.repeats)
            carry = None
            if asked.carry is None:
                requests = engine.requests_for(words, definitions, binding, bench.index)
                seeds = range(asked.seed, asked.seed + asked.seeds)
                plan = bench.plan(requests, binding, seeds=seeds, again=asked.again)
            else:
                carry = carrying.carry(bench, binding, definitions, asked.carry, again=asked.again)
                plan = carry.plan
            if asked.strict:
                evidence.refuse_incomplete(bench.foresee(plan))
            plan = plan if asked.plan else journal.declare(wish, plan, bench)
            progress = Progress(sys.stderr, os.environ)
            outcome = None if asked.plan else bench.run(plan, progress, Judging(sys.stderr))
            if outcome is not None and asked.check_determinism and not outcome.interrupted:
                progress = Progress(sys.stderr, os.environ)
                said = dt.datetime.now(dt.UTC).isoformat()
                outcome = determinism.check_determinism(bench, plan, outcome, said, progress)
        if outcome is None:
            return _show(common, report.plan_view(plan))
        drift = None if carry is None else carrying.settle(carry, outcome, plan.binding, bench)
        code = _show_outcome(common, bench, plan, outcome, drift)
        code = _incomplete(outcome) or code if asked.strict else code
        return _differing(common, outcome) or code if asked.check_determinism else code


def _differing(common: Common, outcome: Outcome) -> int:
    """Tell what came out when claims were computed twice, and return the exit code."""
    found = [(answer.record.candidate, answer.record.provenance.get("determinism")) for answer in outcome.answers]
    lines = [recorded.twice_text(name, told) for name, told in found if told is not None]
    if not common.as_json and lines:
        click.echo("\n" + "\n".join(lines))
    return NO if any(told["differing_folds"] for _, told in found if told is not None) else DONE


def _incomplete(outcome: Outcome) -> int:
    """Name on stderr what turned out to be missing although nothing was before, and return the exit code."""
    found: dict[str, None] = {}
    for answer in outcome.answers:
        for phrase in answer.record.evidence.missing:
            found.setdefault(f"{plain(recorded.claim_text(answer.record))}: {plain(phrase)}")
    for line in found:
        click.echo(f"incomplete: {line}", err=True)
    return NO if found and not outcome.interrupted else DONE


def _show(common: Common, view: View) -> int:
    emit(view.document, as_json=common.as_json, render=view.render)
    return DONE


def _show_outcome(
    common: Common, bench: Workbench, plan: Plan, outcome: Outcome, drift: tuple[Drift, ...] | None
) -> int:
    problem = plan.binding.problem.name
    expected = journal.outcome_of_plan(plan, bench.index)
    view = journals.with_expected(report.run_view(outcome.answers, problem, drift), expected)
    if outcome.unscored:
        click.echo(rescoring.unscored_text(outcome.unscored), err=True)
    if common.as_json:
        _show(common, view)
    else:
        failures = str(view.render(view.document))
        if failures:
            click.echo(failures, err=True)
        if any(answer.status in {"done", "known"} for answer in outcome.answers):
            emit(board_of(bench.project, bench.index, problem), as_json=False, render=report.leaderboard_table)
        if view.below is not None:
            click.echo()
            emit(view.below, as_json=False, render=lambda table: table)
        if expected is not None and expected.expect:
            click.echo()
            emit(expected, as_json=False, render=journals.expected_text)
    if outcome.interrupted:
        if not common.as_json:
            click.echo("Interrupted: every finished fold is kept; `bancada run` goes on from there.", err=True)
        return INTERRUPTED
    return NO if outcome.failed or any(item.error for item in drift or ()) else DONE
