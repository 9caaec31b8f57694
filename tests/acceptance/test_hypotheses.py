"""A hypothesis, typed: said before, told after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed


def test_what_was_expected_is_told_after_the_run_and_by_show(typed: Typed) -> None:
    told = typed.types("run", "first", "--because", "it reads the right column", "--expect", "roc_auc > 0.1")
    assert told.code == 0, told.err
    assert "expected: roc_auc > 0.1\nsupported: r-" in told.out
    assert "interval of 95 % · declared before any result on these rows" in told.out
    shown = typed.types("show", "first")
    assert "because: it reads the right column" in shown.out
    assert "expected: roc_auc > 0.1 · declared before any result" in shown.out
    document = typed.types("show", "first", "--json").document
    assert (document["hypothesis"]["outcome"], document["hypothesis"]["after_data"]) == ("supported", False)


def test_a_grid_is_held_against_a_champion(typed: Typed) -> None:
    assert typed.types("run", "first").code == 0
    told = typed.types("run", "second", "column=a,b", "cut=1", "--expect", "roc_auc > first + 0.2", "--json").document
    hypothesis = told["hypothesis"]
    assert (hypothesis["claims"], hypothesis["level"], len(hypothesis["runs"])) == (2, 0.025, 2)
    assert hypothesis["reference"]["candidate"] == "first"
    assert hypothesis["after_data"]
    assert hypothesis["outcome"] in {"refuted", "inconclusive"}


@pytest.mark.parametrize(
    ("expect", "sentence"),
    [
        ("roc_auc = 0.8", "Found '=' at character 9: 'roc_auc ▸= 0.8'."),
        ("rocauc > 0.8", "Did you mean `roc_auc`?"),
        ("> frist", "`frist` is none in problem `risk`."),
        ("> 0.8 where ", "Found the end"),
    ],
)
def test_a_slip_is_refused_and_no_store_is_made(typed: Typed, expect: str, sentence: str) -> None:
    typed.types("run", "first", "--expect", expect).refuses(sentence)
    assert not typed.store.exists()


def test_a_plan_declares_nothing(typed: Typed) -> None:
    told = typed.types("run", "first", "--expect", "roc_auc > 0.1", "--plan")
    assert told.code == 0
    assert "expected" not in told.out


def test_the_journal_is_read_without_the_project(typed: Typed) -> None:
    typed.types("run", "first", "--because", "a reason", "--expect", "roc_auc > 0.1")
    assert typed.types("note", "first", "it *leaks*").code == 0
    (typed.root / f"{typed.module}.py").write_text("raise RuntimeError")
    told = typed.types("journal")
    assert (told.code, told.err) == (0, "")
    assert "noted on" in told.out
    assert "because a reason" in told.out
    assert "\\*leaks\\*" in typed.types("journal", "--markdown").out
    document = typed.types("journal", "--json", "--candidate", "first").document
    assert document["schema"] == "bancada.journal/1"
    assert [entry["kind"] for entry in document["entries"]] == ["note", "hypothesis"]
    typed.types("journal", "--markdown", "--json").refuses("Both were asked for.")
    typed.types("journal", "--since", "soon").refuses("Found 'soon'.")
    typed.types("journal", "--candidate", "frist").refuses("Did you mean `first`?")
