"""`bancada data check`: findings with exit code 1, kept on the board until they are gone."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed


def plant(typed: Typed, n_rows: int = 90) -> None:
    """Write data with a column that was written down after the fact."""
    draw = random.Random(3)
    ill = [int(draw.random() < 0.5) for _ in range(n_rows)]
    drawn = [[round(draw.gauss(0, 1), 6) for _ in range(n_rows)] for _ in range(2)]
    typed.rows(person=list(range(n_rows)), a=drawn[0], b=drawn[1], bill=[x * 10 + 1 for x in ill], ill=ill)


def test_a_serious_finding_is_an_answer_of_no_and_stands_on_the_board(typed: Typed) -> None:
    plant(typed)
    typed.write(features='["a", "b", "bill"]')
    told = typed.types("data", "check")
    assert told.code == 1
    assert "serious  alone: `bill` alone predicts `ill` with an AUC of 1.000." in told.out
    assert "exclude=['bill']" in told.out
    assert typed.runs("first").code == 0
    note = "data check: 1 serious finding: `bill` alone predicts `ill`"
    assert note.capitalize()[:4] + note[4:] in typed.types("leaderboard").out
    assert any(note in line for line in typed.types("leaderboard", "--json").document["notes"])
    accepted = typed.types("data", "check", "--ignore", "alone:bill", "--json")
    assert accepted.code == 0
    assert [item["check"] for item in accepted.document["accepted"]] == ["alone"]
    assert typed.types("leaderboard", "--json").document["notes"] == [
        line for line in typed.types("leaderboard", "--json").document["notes"] if "data check" not in line
    ]


def test_data_without_a_fault_answer_yes_and_the_board_is_silent(typed: Typed) -> None:
    told = typed.types("data", "check", "--json")
    document = told.document
    assert (told.code, document["schema"], document["serious"]) == (0, "bancada.data-check/1", 0)
    assert (document["problem"], document["n_rows"], document["n_sealed"]) == ("risk", 30, 0)
    assert typed.runs("first").code == 0
    assert "ata check" not in typed.types("leaderboard").out


def test_a_finding_belongs_to_the_data_it_was_found_in(typed: Typed) -> None:
    plant(typed)
    typed.write(features='["a", "b", "bill"]')
    assert typed.types("data", "check").code == 1
    typed.write(features='["a", "b"]')
    assert typed.runs("first").code == 0
    assert "ata check" not in typed.types("leaderboard").out


def test_a_column_with_a_hostile_name_is_shown_as_text(typed: Typed) -> None:
    plant(typed)
    text = (typed.root / "data.csv").read_text().replace("bill", "bi\x1b[2Jll")
    typed.write_data(text)
    typed.write(features='["a", "b", "bi\\x1b[2Jll"]')
    for words in (("data", "check"), ("data", "check", "--json")):
        told = typed.types(*words)
        assert told.code == 1
        assert "\x1b" not in told.out
    assert typed.runs("first").code == 0
    assert "\x1b" not in typed.types("leaderboard").out


def test_what_is_mistyped_is_refused(typed: Typed) -> None:
    typed.types("data", "check", "--ignore", "alon").refuses("There is no check 'alon'.", "Did you mean `alone`?")
    typed.types("data", "check", "--ignore", "alone:agee").refuses("Found no column `agee`.")
    typed.types("data", "check", "-p", "riks").refuses("Did you mean `risk`?")
    typed.types("data", "chekc").refuses("There is no verb `chekc`.", "Did you mean `check`?")
