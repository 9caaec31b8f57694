"""`bancada diff --explain`: what accounts for a difference, computed in fresh folders."""

from __future__ import annotations

import errno
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.acceptance.conftest import CANDIDATES, HEAD
from tests.acceptance.test_sabotage import SABOTAGE, bench

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed
    from tests.acceptance.test_sabotage import Bench

__all__ = ["bench"]


HERE = "--with-current-environment"


def run(typed: Typed, *words: str) -> str:
    told = typed.runs(*words, "--json")
    assert told.code == 0, told.err
    return f"r-{told.document['runs'][0]['run_id']}"


def explained(typed: Typed, a: str, b: str, *words: str) -> Any:
    told = typed.types("diff", a, b, "--explain", *words, "--json")
    assert told.code == 0, told.err
    return told.document["explanation"]


def test_one_ingredient_accounts_for_all_and_nothing_is_computed(typed: Typed) -> None:
    one, two = run(typed, "first"), run(typed, "second")
    told = explained(typed, run(typed, "second", "column=a"), two)
    verdict = "what was measured fits any difference"
    assert verdict in typed.types("diff", "second", two).out
    assert verdict not in typed.types("diff", "second", two, "--explain", HERE).out
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
    told = explained(typed, one, two, HERE)
    assert [effect["ingredient"] for effect in told["effects"]] == ["code", "parameters", "files"]
    assert told["not_tried"] == {}
    parts = [effect["delta"] for effect in told["effects"]]
    assert abs(sum(parts) + told["interaction"]["delta"] - told["total"]["delta"]) < 1e-9
    assert parts[0] == 0  # halving a cut changes no ranking
    assert abs(parts[1]) > 0.01
    assert all(effect["low"] <= effect["delta"] <= effect["high"] for effect in told["effects"])


@pytest.mark.slow
def test_everything_is_computed_in_the_environment_of_a(typed: Typed) -> None:
    if shutil.which("uv") is None:
        pytest.skip("uv is not on the PATH")
    one = run(typed, "second")
    two = run(typed, "second", "column=a", "--seed", "3")
    told = typed.types("diff", one, two, "--explain", "--json")
    if told.code and "could not be computed here" in told.err:
        pytest.skip("no package index is in reach: " + told.err)
    assert told.code == 0, told.err
    assert told.err.count("rebuilding the environment") == 1
    effects = {effect["ingredient"]: effect["delta"] for effect in told.document["explanation"]["effects"]}
    assert effects.keys() == {"parameters", "seed"}
    assert effects["seed"] == 0
    assert effects["parameters"] == told.document["explanation"]["total"]["delta"]


def test_what_is_wrong_is_said_in_three_sentences(typed: Typed) -> None:
    one, two = run(typed, "first"), run(typed, "second")
    typed.types("diff", one, two, "--explain", "--store-b", str(typed.store)).refuses("records of one store")
    typed.types("diff", one, two, HERE).refuses("without `--explain`")


def test_a_full_disk_is_told(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    one, two = run(typed, "second"), run(typed, "second", "column=a", "--seed", "3")
    monkeypatch.setattr("bancada.reproduction.explaining._explain.lay_out", full)
    told = typed.types("diff", one, two, "--explain", HERE)
    assert (told.code, told.out) == (2, "")
    assert "error: What is computed once more must be written somewhere; the run itself is untouched.\n" in told.err
    assert "No space left on device" in told.err


@pytest.mark.slow
def test_what_cannot_be_exchanged_is_named_with_its_reason(bench: Bench) -> None:
    with SABOTAGE["one package's version"][1](bench):
        second = bench.run("cut=0.3", "--seed", "2")
    code, told = bench.types("diff", bench.first, second, "--explain", HERE)
    assert code == 0
    found = told["explanation"]
    assert found["not_tried"] == {"packages": "everything was computed with those that are installed now"}
    assert [effect["ingredient"] for effect in found["effects"]] == ["parameters", "seed"]
    parts = [effect["delta"] for effect in found["effects"]]
    assert abs(sum(parts) + found["interaction"]["delta"] - found["total"]["delta"]) < 1e-9


def test_a_run_whose_code_is_not_kept_cannot_be_explained(typed: Typed) -> None:
    one = run(typed, "first")
    typed.write(CANDIDATES.replace("return Curve(cut)", "return Curve(cut / 2)"))
    two = run(typed, "first", "cut=0.5")
    for path in (typed.store / "objects").iterdir():
        if b"class Curve" in path.read_bytes():
            path.unlink()
    typed.types("diff", one, two, "--explain", HERE).refuses("could not be computed here", "not in the store")
