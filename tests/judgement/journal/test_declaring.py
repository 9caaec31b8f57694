"""A hypothesis is fixed before the first fold, with its names resolved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from bancada.exceptions import BancadaError, DataError, DefinitionError, NotFoundError, UsageError
from bancada.judgement.journal import expected_of, wish

if TYPE_CHECKING:
    from tests.judgement.journal.conftest import Lab


def test_the_hypothesis_is_in_the_journal_before_the_first_fold(lab: Lab) -> None:
    _, outcome, _ = lab.run("logistic", because="weak signals", expect="> .7")
    run = outcome.answers[0].record
    told = run.provenance["hypothesis"]
    assert told["schema"] == "store.hypothesis/1"
    assert (told["because"], told["expect"]) == ("weak signals", "roc_auc > 0.7")
    assert (told["alpha"], told["claims"], told["seen"]) == (0.05, 1, {"runs": 0, "claim": False})
    assert told["declared"] < run.started
    lines = lab.folder.store.runs.place("noisy", run.run_id).joinpath("journal-driver.jsonl").read_bytes().splitlines()
    begin: dict[str, Any] = msgspec.json.decode(lines[0])
    assert (begin["event"], begin["hypothesis"]) == ("begin", told)
    assert "hypothesis" not in outcome.answers[1].record.provenance, "the baseline is expected of nothing"


def test_the_champion_is_resolved_and_kept_as_it_was(lab: Lab) -> None:
    champion = lab.run("bayes")[1].answers[0].record
    _, outcome, _ = lab.run("logistic", expect="roc_auc > bayes + 0.01 where region=north")
    told = outcome.answers[0].record.provenance["hypothesis"]
    score = champion.score_by(told["metric_id"], "region=north")
    assert score is not None
    assert told["reference"] == {
        "named": "bayes",
        "run_id": champion.run_id,
        "runs": [champion.run_id],
        "candidate": "bayes",
        "value": score.estimate.value,
    }
    assert (told["slice"], told["slice_id"]) == ("region=north", score.slice_id)


def test_a_grid_shares_one_hypothesis_and_its_level(lab: Lab) -> None:
    _, outcome, _ = lab.run("logistic", "C=0.1,1,10", "bayes", expect="> 0.7")
    told = [run.record.provenance["hypothesis"] for run in outcome.answers if not run.record.baseline]
    assert len({one["id"] for one in told}) == 1
    assert [one["claims"] for one in told] == [4] * 4


def test_results_on_the_same_rows_mark_what_is_declared_later(lab: Lab) -> None:
    lab.run("bayes")
    _, outcome, _ = lab.run("logistic", expect="> 0.7")
    assert outcome.answers[0].record.provenance["hypothesis"]["seen"] == {"runs": 2, "claim": False}
    _, outcome, told = lab.run("logistic", expect="> 0.7", again=True)
    assert outcome.answers[0].record.provenance["hypothesis"]["seen"] == {"runs": 3, "claim": True}
    assert told is not None
    assert told.after_data


def test_a_known_run_keeps_its_record_and_gets_a_statement(lab: Lab) -> None:
    first = lab.run("bayes")[1].answers[0].record
    _, outcome, told = lab.run("bayes", because="it was said to be good", expect="> 0.7 where a < 0.5")
    assert outcome.answers[0].status == "known"
    stored = lab.folder.store.runs.read("noisy", first.run_id)
    assert stored is not None
    assert "hypothesis" not in stored.record.provenance
    assert [said.kind for said in stored.statements if said.kind != "score"] == ["hypothesis"]
    assert told is not None
    assert (told.seen.claim, told.outcome != "", told.runs[0].value is not None) == (True, True, True)
    assert expected_of(first.run_id, lab.folder.index, "noisy") == told


def test_secrets_are_masked(lab: Lab) -> None:
    _, outcome, _ = lab.run("bayes", because="token=ghp_abcdefghijklmnopqrstuvwxyz0123456789")
    assert "ghp_" not in outcome.answers[0].record.provenance["hypothesis"]["because"]


@pytest.mark.parametrize(
    ("expect", "error", "found"),
    [
        ("roc_auc = 0.8", DefinitionError, "Found '='"),
        ("rocauc > 0.8", NotFoundError, "Found no metric `rocauc`. Did you mean `roc_auc`?"),
        ("> bays", NotFoundError, "`bays` is none in problem `noisy`. Run it first: `bancada run bays`."),
        ("> r-zzzz", NotFoundError, "`r-zzzz` is none in problem `noisy`."),
    ],
)
def test_a_slip_is_told_before_a_store_is_made(lab: Lab, expect: str, error: type[BancadaError], found: str) -> None:
    definitions = lab.folder.definitions()
    with pytest.raises(error, match=re.escape(found)):
        wish(None, (expect,), definitions.problem(), definitions.project)
    assert not (lab.folder.root / ".bancada").exists()


def test_a_champion_is_told_with_the_nearest_once_there_are_runs(lab: Lab) -> None:
    lab.run("bayes")
    with pytest.raises(NotFoundError, match="Did you mean `bayes`"):
        lab.run("logistic", expect="> bays")
    with pytest.raises(NotFoundError, match="No run begins with 'r-0000000000'"):
        lab.run("logistic", expect="> r-0000000000")


@pytest.mark.parametrize(
    ("expect", "error", "found"),
    [
        ("> 0.8 where aa < 3", NotFoundError, "Found no column `aa`. Did you mean `a`?"),
        ("> 0.8 where region=nort", NotFoundError, "Did you mean `region=north`?"),
        ("> 0.8 where region < 3", DefinitionError, "Found column `region`"),
        ("> 0.8 where a > 1000", DataError, "holds for none of the 120 rows"),
    ],
)
def test_a_slice_that_is_none_is_told_before_anything_is_computed(
    lab: Lab, expect: str, error: type[BancadaError], found: str
) -> None:
    with pytest.raises(error, match=re.escape(found)):
        lab.run("bayes", expect=expect)
    assert lab.folder.store.runs.problems() == ()


def test_a_champion_that_was_not_scored_on_these_rows_is_refused(lab: Lab) -> None:
    lab.run("bayes")
    lab.folder.write(problem=lab.folder.parts["problem"].replace("seed=1", "seed=2"))
    with pytest.raises(UsageError, match="its data, split or task were others"):
        lab.run("logistic", expect="> bayes")


def test_one_reason_and_one_expectation_are_taken(lab: Lab) -> None:
    definitions = lab.folder.definitions()
    problem, project = definitions.problem(), definitions.project
    assert wish(None, (), problem, project) is None
    with pytest.raises(UsageError, match="Its text is empty"):
        wish("  ", (), problem, project)
    with pytest.raises(UsageError, match="Found 2 `--expect`"):
        wish(None, ("> 1", "> 2"), problem, project)
