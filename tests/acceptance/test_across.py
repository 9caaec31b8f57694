"""`bancada across`, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bancada as bc

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed


def test_candidates_are_held_against_each_other_over_the_problems(typed: Typed) -> None:
    for name in ("risk", "danger"):
        typed.write(name=f'"{name}"')
        assert typed.runs().code == 0
    told = typed.types("across", "first", "second")
    assert told.code == 0, told.err
    assert "2 problems · roc_auc ↑" in told.out
    assert "Fewer than 10 problems: raw differences only, no test." in told.out
    assert "have the same data: they are no independent problems" in told.out
    document = typed.types("across", "first", "second", "--problems", "risk", "--json").document
    assert document["schema"] == "bancada.across/1"
    assert [one["problem"] for one in document["problems"]] == ["risk"]
    found = bc.across("first", "second", store=typed.store)
    assert [one.problem for one in found.problems] == ["danger", "risk"]
    wrong = typed.types("across", "first", "secnd")
    assert wrong.code == 2
    assert "No problem of the store has a line of `secnd`." in wrong.err
