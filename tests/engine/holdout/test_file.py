"""`looks.toml`: a line for each look, which git can unite and an editor can damage."""

from __future__ import annotations

import random
import string
import subprocess
import tomllib
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bancada.engine.holdout import LOOKS_NAME, add_looks, read_looks
from bancada.exceptions import ConfigurationError
from bancada.records.looks import HoldoutRows, Look

if TYPE_CHECKING:
    from pathlib import Path


def look(number: int, *, author: str = "Ana <ana@example.org>", rows: int = 3) -> Look:
    chance = random.Random(number)
    return Look(
        look_id="".join(chance.choices(string.ascii_lowercase, k=12)),
        number=number,
        level=0.05 / number,
        looked=f"2026-11-{number:02}T10:00:00+00:00",
        author=author,
        problem="churn",
        run_id="r" * 26,
        claim_id="c" * 64,
        candidate="boosting",
        evaluation_id="e" * 64,
        metrics=("roc_auc", "brier"),
        answers="a" * 64,
        holdout=HoldoutRows.of("d" * 64, rows, range(1, 10**18, 10**17)),
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    add_looks(tmp_path, [look(1)])
    add_looks(tmp_path, [look(1), look(2)])
    told = read_looks(tmp_path)
    assert told.looks == (look(1), look(2))
    assert told.warnings == ()
    text = (tmp_path / LOOKS_NAME).read_text()
    assert len(text.splitlines()) == 2 + 1 + 2
    # It is TOML as a whole too.
    assert set(tomllib.loads(text)["looks"]) == {look(1).look_id, look(2).look_id}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(max_size=40))
def test_any_name_is_written_and_read(tmp_path: Path, author: str) -> None:
    author = author.encode("utf-8", "replace").decode()
    (tmp_path / LOOKS_NAME).unlink(missing_ok=True)
    add_looks(tmp_path, [look(1, author=author)])
    assert read_looks(tmp_path).looks[0].author == author
    assert read_looks(tmp_path).warnings == ()


def test_no_file_is_no_look(tmp_path: Path) -> None:
    assert read_looks(tmp_path).looks == ()


def test_a_line_that_was_altered_is_named_and_still_counts(tmp_path: Path) -> None:
    add_looks(tmp_path, [look(1)])
    path = tmp_path / LOOKS_NAME
    path.write_text(path.read_text().replace("boosting", "forest"))
    told = read_looks(tmp_path)
    assert [item.candidate for item in told.looks] == ["forest"]
    assert told.warnings == (f"line 4 of `{LOOKS_NAME}` was altered after it was written; look 1 still counts",)


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("level = 0.05", "level = nan"),
        ("level = 0.05", "level = 5.0"),
        ("number = 1", f"number = 1{'0' * 300}"),
        ("number = 1", "number = -3"),
        ("author", "noted = 2026-01-01, author"),
        ("author", f"noted = {'[' * 60}{']' * 60}, author"),
    ],
)
def test_no_value_of_an_altered_line_stops_what_counts_looks(then: str, now: str, tmp_path: Path) -> None:
    add_looks(tmp_path, [look(1)])
    path = tmp_path / LOOKS_NAME
    path.write_text(path.read_text().replace(then, now))
    told = read_looks(tmp_path)
    assert "line 4 of `looks.toml` was altered" in told.warnings[0]
    assert 0 < told.looks[0].level < 1
    assert 1 <= told.looks[0].number <= 1_000_000


def test_a_line_that_stands_twice_counts_once_and_two_ways_of_telling_one_are_named(tmp_path: Path) -> None:
    add_looks(tmp_path, [look(1)])
    path = tmp_path / LOOKS_NAME
    path.write_text(path.read_text() + path.read_text())
    assert read_looks(tmp_path) == type(read_looks(tmp_path))((look(1),), ())
    path.write_text(path.read_text() + path.read_text().splitlines()[3].replace("boosting", "x") + "\n")
    told = read_looks(tmp_path)
    assert told.looks == (look(1),)
    assert "another way than line 4" in told.warnings[0]


def test_a_damaged_line_takes_no_other_with_it(tmp_path: Path) -> None:
    add_looks(tmp_path, [look(1), look(2)])
    path = tmp_path / LOOKS_NAME
    lines = path.read_text().splitlines()
    lines[3] = lines[3][:60]
    path.write_text("\n".join([*lines, "<<<<<<< HEAD", "=======", "x = 1", "looks.q = { number = true }"]))
    told = read_looks(tmp_path)
    assert told.looks == (look(2),)
    assert [warning.split(" of ")[0] for warning in told.warnings] == ["line 4", "line 6", "line 7", "line 8", "line 9"]
    # The next line begins on a line of its own.
    add_looks(tmp_path, [look(3)])
    assert read_looks(tmp_path).looks == (look(2), look(3))


def test_rows_that_nobody_describes_count_for_every_holdout(tmp_path: Path) -> None:
    add_looks(tmp_path, [look(1)])
    path = tmp_path / LOOKS_NAME
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if not line.startswith("rows")))
    told = read_looks(tmp_path)
    assert told.looks[0].holdout.hashes == ()
    assert "names rows that no line describes" in told.warnings[0]


def test_a_newer_version_and_an_unreadable_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / LOOKS_NAME).write_text('schema = "bancada.looks/2"\n')
    with pytest.raises(ConfigurationError, match="Upgrade bancada"):
        read_looks(tmp_path)
    (tmp_path / LOOKS_NAME).unlink()
    (tmp_path / LOOKS_NAME).mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_looks(tmp_path)


def test_git_unites_the_lines_of_two_branches(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        told = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *told, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    (tmp_path / ".gitattributes").write_text(f"{LOOKS_NAME} merge=union\n")
    add_looks(tmp_path, [look(1)])
    git("add", ".")
    git("commit", "-qm", "one")
    git("switch", "-qc", "other")
    add_looks(tmp_path, [look(2), msgspec.structs.replace(look(5), number=2)])
    git("commit", "-qam", "two")
    git("switch", "-q", "main")
    add_looks(tmp_path, [look(3)])
    git("commit", "-qam", "three")
    git("merge", "-q", "other")
    told = read_looks(tmp_path)
    assert {item.look_id for item in told.looks} == {look(n).look_id for n in (1, 2, 3, 5)}
    assert told.warnings == ()
