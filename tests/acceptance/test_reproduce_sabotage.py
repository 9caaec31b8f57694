"""Deliberate sabotage of a run that is reproduced: the record stands apart from it, and what takes it up notices."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.acceptance.test_sabotage import SABOTAGE, bench

if TYPE_CHECKING:
    from tests.acceptance.test_sabotage import Bench

__all__ = ["bench"]

HERE = "--with-current-environment"


def reproduced(bench: Bench, *words: str) -> tuple[int, Any]:
    return bench.types("reproduce", bench.first, HERE, *words)


@pytest.mark.parametrize(
    ("what", "file"),
    [("an imported module that git does not know", "shapes.py"), ("a file that the candidate reads", "scale.json")],
)
@pytest.mark.slow
def test_changed_code_leaves_the_record_as_it_was_and_is_named_where_it_is_taken(
    bench: Bench, what: str, file: str
) -> None:
    with SABOTAGE[what][1](bench):
        _, kept = reproduced(bench)
        code, found = reproduced(bench, "--with-current-code")
    assert (kept["verdict"], kept["since"]) == ("identical", [f"file `{file}` changed"])
    assert (code, found["verdict"]) == (1, "diverged")
    assert found["drifted"] == [f"file `{file}` changed"]
    assert found["first_difference"]["recorded"] != found["first_difference"]["found"]


@pytest.mark.parametrize(
    ("what", "drifted"),
    [
        ("one package's version", "package `tinycurve` 1.0 → 1.1"),
        ("a hand-edited file in site-packages", "package `tinycurve` 1.0 has other files than it had"),
    ],
)
def test_a_changed_package_is_noticed_and_named(bench: Bench, what: str, drifted: str) -> None:
    with SABOTAGE[what][1](bench):
        code, found = reproduced(bench)
    assert (code, found["verdict"]) == (1, "diverged")
    assert found["drifted"] == [drifted]


def test_one_cell_of_the_data_is_named_once_nothing_has_them_as_they_were(bench: Bench) -> None:
    with SABOTAGE["one cell of the data"][1](bench):
        # The decoded table is in the cache still, and is proved by its digest.
        _, kept = reproduced(bench)
        assert (kept["verdict"], kept["since"]) == ("identical", ["data `data.csv` changed"])
        shutil.rmtree(bench.root.parent / "cache" / "tables")
        code, found = reproduced(bench)
    assert (code, found["verdict"]) == (1, "impossible")
    assert any("data.csv" in text for text in found["missing"]), found["missing"]


def test_a_record_with_another_seed_is_nobody_s_and_executes_nothing(bench: Bench) -> None:
    (path,) = bench.root.glob(f".bancada/runs/risk/{bench.first.removeprefix('r-')}/run.json")
    before = path.read_text()
    path.chmod(0o644)
    path.write_text(json.dumps(json.loads(before) | {"seed": 5}))
    try:
        with pytest.raises(AssertionError, match="is foreign: nothing that you trust tells who made it"):
            reproduced(bench)
    finally:
        path.write_text(before)
