"""`bancada diff --explain`: what accounts for a difference, computed in fresh folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.acceptance.conftest import CANDIDATES, HEAD

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed


def run(typed: Typed, *words: str) -> str:
    told = typed.runs(*words, "--json")
    assert told.code == 0, told.err
    return f"r-{told.document['runs'][0]['run_id']}"


def explained(typed: Typed, a: str, b: str) -> Any:
    told = typed.types("diff", a, b, "--explain", "--json")
    assert told.code == 0, told.err
    return told.document["explanation"]


def test_one_ingredient_accounts_for_all_and_nothing_is_computed(typed: Typed) -> None:
    one, two = run(typed, "first"), run(typed, "second")
    told = explained(typed, run(typed, "second", "column=a"), two)
    [effect] = told["effects"]
    assert (effect["ingredient"], effect["note"]) == ("parameters", "nothing else differs")
    assert effect["delta"] == told["total"]["delta"]
    assert told["interaction"] is None
    assert one != two


def test_code_parameters_and_files_add_up_to_the_whole(typed: Typed) -> None:
    reading = HEAD.replace(
        "        self.known = len(X)", "        self.shift = float(__import__('pathlib').Path('shift.txt').read_text())"
    )
    reading = reading.replace("np.exp(self.cut - X", "np.exp(self.cut - self.shift * X['b'].to_numpy() - X")
    typed.write(head=reading)
    (typed.root / "shift.txt").write_text("0")
    one = run(typed, "second")
    (typed.root / "shift.txt").write_text("-2")
    typed.write(CANDIDATES.replace("return Curve(cut, column)", "return Curve(cut / 2, column)"), head=reading)
    two = run(typed, "second", "column=a", "cut=0.5")
    told = explained(typed, one, two)
    assert [effect["ingredient"] for effect in told["effects"]] == ["code", "parameters", "files"]
    assert told["not_tried"] == {}
    parts = [effect["delta"] for effect in told["effects"]]
    assert abs(sum(parts) + told["interaction"]["delta"] - told["total"]["delta"]) < 1e-9
    assert parts[0] == 0  # halving a cut changes no ranking
    assert abs(parts[1]) > 0.01
    assert all(effect["low"] <= effect["delta"] <= effect["high"] for effect in told["effects"])


def test_what_is_wrong_is_said_in_three_sentences(typed: Typed) -> None:
    one, two = run(typed, "first"), run(typed, "second")
    typed.types("diff", one, two, "--explain", "--store-b", str(typed.store)).refuses("records of one store")
