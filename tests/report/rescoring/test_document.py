"""What could not be judged is named, a few of many."""

from __future__ import annotations

from tests.store.store_samples import run_record

from bancada.engine.rescoring import Unscored
from bancada.report.rescoring import RescoreDocument, rescore_text, unscored_text


def document(**fields: object) -> RescoreDocument:
    told = {"runs": (), "n_scores": 0, "unscored": (), "interrupted": False, "seconds": 0.5, **fields}
    return RescoreDocument(problem="churn", evaluation_id="9f3a61" + 58 * "0", **told)  # type: ignore[arg-type]  # kept short


def test_nothing_to_do_is_said_as_such() -> None:
    assert rescore_text(document()) == "every run of `churn` is judged by evaluation 9f3a61 already: nothing to do"
    assert rescore_text(document(interrupted=True)).startswith("0 runs judged by evaluation 9f3a61: 0 scores added")


def test_the_first_five_of_many_are_named() -> None:
    told = unscored_text([Unscored(run_record(letter), "gone\x1b[31m") for letter in "abcdefgh"]).splitlines()
    assert told[0] == "8 runs could not be judged by the present evaluation; earlier scores stay:"
    assert len(told) == 7
    assert "(candidate-a): gone" in told[1]
    assert "\x1b" not in told[1]
    assert told[-1] == "  and 3 more"
