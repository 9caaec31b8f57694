"""`bancada diff`: what it names, what it says of what changes nothing, and that it executes no code of the project."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.acceptance.conftest import CANDIDATES, HEAD

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed


def run(typed: Typed, *words: str) -> str:
    told = typed.runs(*words, "--json")
    assert told.code == 0, told.err
    return f"r-{told.document['runs'][0]['run_id']}"


def differs(typed: Typed, a: str, b: str) -> Any:
    told = typed.types("diff", a, b, "--json")
    assert told.code == 0, told.err
    assert told.document["schema"] == "bancada.diff/1"
    return told.document


def test_a_run_differs_from_itself_in_nothing(typed: Typed) -> None:
    run(typed, "first")
    document = differs(typed, "first", "first")
    assert (document["same_claim"], document["differs"], document["predictions"]) == (True, [], "identical")
    assert "Both names mean one run." in typed.types("diff", "first", "first").out


def test_each_ingredient_is_named_where_it_belongs(typed: Typed) -> None:
    one = run(typed, "first")
    two = run(typed, "first", "cut=0.5")
    document = differs(typed, one, two)
    assert document["differs"] == ["parameters"]
    assert document["parameters"] == [{"name": "cut", "a": 0.0, "b": 0.5}]
    assert "Nothing differs but the parameter `cut`." in typed.types("diff", one, two).out
    seeded = run(typed, "first", "--seed", "4")
    assert differs(typed, one, seeded)["differs"] == ["seed"]
    shown = typed.types("diff", one, seeded).out
    assert "Nothing differs but the seed. Their predictions are identical." in shown
    typed.write(split="bc.splits.KFold(4, seed=1)")
    folds = run(typed, "first")
    document = differs(typed, one, folds)
    assert (document["differs"], document["predictions"]) == (["problem"], "other rows")
    assert [item["name"] for item in document["problem"]] == ["folds", "split.k"]
    assert document["comparison"] is None
    assert "The scores answer other questions." in typed.types("diff", one, folds).out


def test_code_is_compared_by_definition_and_comments_are_beside(typed: Typed) -> None:
    one = run(typed, "first")
    typed.write(CANDIDATES.replace("return Curve(cut)", "# halved\n    return Curve(cut / 2)"))
    two = run(typed, "first")
    document = differs(typed, one, two)
    assert document["differs"] == ["code"]
    [item] = document["code"]
    assert (item["module"], item["name"], item["change"]) == (typed.module, "first", "changed")
    assert "+    # halved\n+    return Curve(cut / 2)" in item["diff"]
    shown = typed.types("diff", one, two).out
    assert "Nothing differs but the code (1 definition)." in shown
    assert "-    return Curve(cut)" in shown
    typed.write(CANDIDATES.replace("return Curve(cut)", "# in half\n    return Curve(cut / 2)"))
    three = run(typed, "first", "--again")
    document = differs(typed, two, three)
    assert (document["differs"], document["same_claim"]) == ([], True)
    shown = typed.types("diff", two, three).out
    assert "Nothing differs: both runs assert the very same. Their predictions are identical." in shown
    assert f"Only beside the code of the candidates (comments, layout, other definitions): {typed.module}.py." in shown


def test_data_are_compared_by_label_columns_and_content(typed: Typed) -> None:
    one = run(typed, "first")
    typed.write(dataset='bc.Dataset.from_file("data.csv", name="people", version="2", id="person")')
    assert differs(typed, one, run(typed, "first", "--again"))["differs"] == []
    text = (typed.root / "data.csv").read_text().splitlines()
    typed.write_data("\n".join([f"{text[0]},extra", *(f"{line},{n}" for n, line in enumerate(text[1:]))]) + "\n")
    typed.write(dataset='bc.Dataset.from_file("data.csv", name="people", version="3", id="person")')
    document = differs(typed, one, run(typed, "first"))
    assert document["differs"] == ["data"]
    assert document["data"]["columns_added"] == ["extra"]
    assert document["data"]["labels"] == [{"name": "version", "a": "1", "b": "3"}]
    assert document["comparison"] is None


def test_metrics_and_slices_change_no_prediction(typed: Typed) -> None:
    one = run(typed, "first")
    typed.write(evaluation='bc.Evaluation(primary="accuracy", metrics=["roc_auc"], slices=[bc.Slice("low", "a < 0")])')
    two = run(typed, "first", "--again")
    document = differs(typed, one, two)
    assert document["differs"] == []
    assert document["predictions"] == "identical"


def test_files_that_were_read_are_compared_line_by_line(typed: Typed) -> None:
    reading = HEAD.replace("self.known = len(X)", "self.known = __import__('pathlib').Path('terms.txt').read_text()")
    typed.write(head=reading)
    (typed.root / "terms.txt").write_text("one\ntwo\n")
    one = run(typed, "first")
    (typed.root / "terms.txt").write_text("one\n2\n")
    two = run(typed, "first")
    document = differs(typed, one, two)
    assert document["differs"] == ["files"]
    [item] = [item for item in document["files"] if item["counts"]]
    assert (item["path"], item["change"], item["kind"]) == ("terms.txt", "changed", "file")
    assert item["diff"].endswith("-two\n+2")
    shown = typed.types("diff", one, two).out
    assert "Nothing differs but the file `terms.txt`." in shown


def test_another_store_s_run_is_compared_and_no_code_is_executed(typed: Typed) -> None:
    one = run(typed, "first")
    shutil.copytree(typed.store, typed.root.parent / "theirs")
    two = run(typed, "second")
    (typed.root / f"{typed.module}.py").write_text("raise SystemExit('imported')\n")
    told = typed.types("diff", two, one, "--store-b", str(typed.root.parent / "theirs"), "--json")
    assert told.code == 0, told.err
    assert told.document["differs"] == ["code", "parameters"]
    shutil.rmtree(typed.root.parent / "theirs" / "objects")
    told = typed.types("diff", two, one, "--store-b", str(typed.root.parent / "theirs"))
    assert told.code == 0
    assert "B has no list of the definitions that its code consists of." in told.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("first", "frst"), "`frst` is none of these in problem `risk`."),
        (("first", "r-zzzzzz"), "No run begins with 'r-zzzzzz'."),
        (("first",), "needs"),
        (("first", "first", "--store-b", "nowhere"), "`--store-b`"),
        (("first", "first", "--problem", "rsk"), "`rsk` has none in"),
    ],
)
def test_what_is_mistyped_is_refused_in_three_sentences(typed: Typed, words: tuple[str, ...], sentence: str) -> None:
    run(typed, "first")
    typed.types("diff", *words).refuses(sentence)
