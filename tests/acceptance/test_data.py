"""`bancada data`: what is locked, what stops a run, and what is told of two versions."""

from __future__ import annotations

import hashlib
import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed


def change(typed: Typed, old: str, new: str) -> None:
    path = typed.root / "data.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def row(typed: Typed, person: int) -> str:
    lines = (typed.root / "data.csv").read_text().splitlines()
    return next(line for line in lines if line.startswith(f"{person},"))


def test_locked_data_run_and_the_file_is_stable(typed: Typed) -> None:
    told = typed.types("data", "lock")
    assert told.code == 0
    assert "people 1  30 rows  " in told.out
    assert "written; commit it" in told.out
    text = (typed.root / "data.lock").read_text()
    assert 'name = "people"' in text
    assert '"region" = "string"' in text
    assert typed.types("data", "status").code == 0
    assert typed.runs("first").code == 0
    again = typed.types("data", "lock", "--json").document
    assert (again["schema"], again["changed"]) == ("bancada.data-lock/1", False)
    assert (typed.root / "data.lock").read_text() == text


def test_a_run_whose_data_differ_stops_before_anything_is_fitted(typed: Typed) -> None:
    assert typed.runs().code == 0
    typed.types("data", "lock")
    before = typed.stored()
    gone = row(typed, 5)
    change(typed, gone + "\n", "")
    change(typed, row(typed, 7), row(typed, 7).replace("north", "west").replace("south", "west"))
    with (typed.root / "data.csv").open("a") as file:
        file.write("30,0.5,0.5,1,north\n31,0.5,0.5,0,north\n")
    for words in (("run", "--in-process"), ("try", "first"), ("fit", "first"), ("exec", "--", "true")):
        typed.types(*words).refuses(
            "The data of `people`, version '1', must be those of `data.lock`.",
            "They differ: 2 rows added (30, 31); 1 row removed (5); 1 row changed in `region` (7).",
            "Restore `data.csv`; where the change is meant, give it a new `version=` and run `bancada data lock`.",
        )
    (typed.root / "p.csv").write_text("id,score\n1,0.5\n")
    typed.types("submit", "p.csv", "--as", "mine").refuses("must be those of `data.lock`")
    assert typed.stored() == before


def test_columns_that_changed_are_told_with_their_types(typed: Typed) -> None:
    typed.types("data", "lock")
    path = typed.root / "data.csv"
    lines = path.read_text().splitlines()
    lines = [lines[0] + ",extra", *(line + ",1" for line in lines[1:])]
    lines[3] = lines[3].replace(lines[3].split(",")[1], "unknown", 1)
    path.write_text("\n".join(lines) + "\n")
    typed.runs().refuses("They differ: column `extra` added; column `a` was double, is string.")


def test_a_new_version_is_locked_beside_nothing_old(typed: Typed) -> None:
    typed.types("data", "lock")
    change(typed, row(typed, 5) + "\n", "")
    typed.write(dataset='bc.Dataset.from_file("data.csv", name="people", version="2", id="person")')
    assert typed.runs("first").code == 0
    told = typed.types("data", "status")
    assert told.code == 1
    assert "people 2  not locked" in told.out
    assert "people 1  unknown" in told.out
    assert typed.types("data", "lock").code == 0
    assert typed.types("data", "status").code == 0
    assert (typed.root / "data.lock").read_text().count("[[dataset]]") == 1
    told = typed.types("data", "diff", "1", "2", "--json")
    assert told.document["changes"]["removed"] == 1
    assert told.document["changes"]["first_removed"] == ["5"]


def test_the_enforced_types_come_from_the_lock(typed: Typed) -> None:
    typed.write_data()
    change(typed, "region\n", "region,code\n")
    path = typed.root / "data.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *(f"{line},0{at % 7}x" for at, line in enumerate(lines[1:]))]) + "\n")
    typed.types("data", "lock")
    path.write_text(path.read_text().replace("x\n", "\n"))
    # Without the lock the column would be of integers; as texts its zeros stay.
    told = typed.types("data", "status", "--json").document
    assert told["datasets"][0]["told"] == ["30 rows changed in `code` (first 0, 1, 2, 3, 4)"]


def test_status_tells_what_is_missing_and_what_differs(typed: Typed) -> None:
    assert typed.types("data", "status").code == 1
    typed.types("data", "lock")
    change(typed, row(typed, 3) + "\n", "")
    told = typed.types("data", "status")
    assert (told.code, told.out) == (1, "people 1  differs\n  1 row removed (3)\n")
    (typed.root / "data.csv").unlink()
    told = typed.types("data", "status")
    assert told.code == 1
    assert "people 1  missing\n  There is no file" in told.out


def test_a_clone_without_the_store_is_told_what_the_lock_knows(typed: Typed) -> None:
    typed.types("data", "lock", "--store", str(typed.root / "elsewhere"))
    change(typed, row(typed, 3) + "\n", "")
    for folder in (typed.root.parent / "cache" / "tables").iterdir():
        folder.unlink()
    typed.runs().refuses("30 rows before, 29 now; which ones is not known: this store has not seen the locked rows")


def test_diff_compares_files_labels_digests_and_the_lock(typed: Typed) -> None:
    typed.types("data", "lock")
    typed.runs("first")
    text = (typed.root / "data.csv").read_text()
    (typed.root / "old.csv").write_text(text.replace("north", "west", 1))
    change(typed, row(typed, 29), row(typed, 29) + "\n" + "40,1,1,1,north")
    for old in ("@lock", "people@lock", "1", "people@1"):
        told = typed.types("data", "diff", old, "people", "--json").document
        assert told["changes"]["first_added"] == ["40"], told
        assert told["identical"] is False
        digits = told["old"]["data"][:8]
    assert "1 row added (40)" in typed.types("data", "diff", digits, "data.csv").out
    told = typed.types("data", "diff", "old.csv", "@lock")
    assert "1 row changed in `region` (" in told.out
    told = typed.types("data", "diff", "@lock", "1")
    assert "no difference" in told.out
    typed.types("data", "diff", "peple", "1").refuses(
        "`peple` is none that this store has seen", "Did you mean `people`?"
    )
    typed.types("data", "diff", "nobody@lock", "1").refuses("`nobody@lock` means 0 of its entries")


def test_a_snapshot_outlives_the_file(typed: Typed) -> None:
    told = typed.types("data", "lock", "--snapshot", "--json").document
    name = told["datasets"][0]["snapshot"]
    assert (typed.store / "objects" / name).is_file()
    assert typed.types("store", "verify").code == 0
    assert typed.types("gc", "--days", "0").code == 0
    assert (typed.store / "objects" / name).is_file()
    (typed.root / "gone.txt").write_text("5\n")
    told = typed.types("forget", "--ids", "gone.txt")
    assert "1 table of row digests, 1 snapshot of data" in told.out
    assert not (typed.store / "objects" / name).exists()
    assert typed.types("store", "verify").code == 0


def test_an_address_without_its_library_or_its_place_is_told(typed: Typed) -> None:
    settings = (typed.root / "bancada.toml").read_text()
    (typed.root / "bancada.toml").write_text(settings + 'snapshot = "nowhere://bucket"\n')
    typed.types("data", "lock", "--snapshot").refuses("`nowhere://bucket/")
    assert not (typed.root / "data.lock").exists()
    (typed.root / "bancada.toml").write_text(settings + f'snapshot = "file://{typed.root}/data.csv/x"\n')
    typed.types("data", "lock").refuses("The address of a snapshot is one that can be written.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("schema = 1", "Found 1."),
        ('schema = "bancada.data.lock/9"', "Upgrade bancada"),
        ("][", "It cannot be read: "),
    ],
)
def test_a_lock_that_cannot_be_read_stops_a_run(typed: Typed, text: str, told: str) -> None:
    (typed.root / "data.lock").write_text(text)
    typed.runs().refuses(told)
    typed.types("data", "status").refuses(told)
    code = typed.types("data", "lock").code
    assert code == (2 if "Upgrade" in told else 0)


def test_what_a_function_prints_is_no_answer(typed: Typed) -> None:
    typed.write(
        after="""
        def made():
            print("hello")
            return {"k": [1, 2, 3], "x": [1.0, 2.0, 3.0], "y": [0, 1, 0]}

        other = bc.Problem(name="other", dataset=bc.Dataset.from_function(made, name="made", id="k"), target="y")
        """
    )
    for words in (("lock",), ("status",), ("diff", "@lock", "made")):
        told = typed.types("data", *words, "--json")
        assert "hello" not in told.out, told
    assert typed.types("data", "status").out == "made  locked\npeople 1  locked\n"


def test_two_datasets_of_one_name_are_refused(typed: Typed) -> None:
    (typed.root / "other.csv").write_text((typed.root / "data.csv").read_text().replace("north", "west"))
    typed.write(
        after="""
        other = bc.Problem(
            name="other",
            dataset=bc.Dataset.from_file("other.csv", name="people", version="1", id="person"),
            target="ill",
        )
        """
    )
    typed.types("data", "lock").refuses("Two are called `people`, version '1', and their data differ.")


def test_a_module_that_fails_locks_nothing(typed: Typed) -> None:
    settings = (typed.root / "bancada.toml").read_text()
    (typed.root / "bancada.toml").write_text(settings.replace("]", ', "broken_module_of_data"]'))
    (typed.root / "broken_module_of_data.py").write_text("1 / 0\n")
    told = typed.types("data", "lock")
    assert told.code == 2
    assert "`broken_module_of_data` failed to: ZeroDivisionError" in told.err
    assert not (typed.root / "data.lock").exists()


def test_dvc_is_understood(typed: Typed) -> None:
    data = (typed.root / "data.csv").read_bytes()
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    (typed.root / "data.csv.dvc").write_text(f"outs:\n- md5: {md5}\n  size: 1\n  hash: md5\n  path: data.csv\n")
    typed.types("data", "lock")
    assert f'"data.csv" = "{md5}"' in (typed.root / "data.lock").read_text()
    assert typed.types("data", "status").code == 0
    (typed.root / "data.csv.dvc").write_text(f"outs:\n- md5: {'0' * 32}\n  hash: md5\n  path: data.csv\n")
    told = typed.types("data", "status")
    assert told.code == 1
    assert "`data.csv` is not the file that `data.csv.dvc` says" in told.out
    (typed.root / "data.csv").unlink()
    typed.runs().refuses("Run `dvc pull data.csv.dvc`")
    assert "dvc pull data.csv.dvc" in typed.types("data", "status").out


def test_ctrl_c_while_a_snapshot_is_written_leaves_nothing(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("bancada.store._objects.write_all", interrupted)
    assert typed.types("data", "lock", "--snapshot").code == 130
    assert not (typed.root / "data.lock").exists()
    assert not list((typed.store / "objects").glob(".*"))
