"""Laws of exchanges: one ingredient is the other's, and all else stays as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from tests.store.store_samples import run_record

from bancada.engine.runner import JobCandidate
from bancada.reproduction._collecting import Collected
from bancada.reproduction.differing import Diff, Side
from bancada.reproduction.explaining._exchanging import exchanged, ingredients

A = Collected(
    msgspec.structs.replace(run_record("a"), params={"C": 1}, seed=0, claim={"frame": "pandas"}),
    None,
    JobCandidate(module="lab", qualname="fit"),
    {"lab.py": "1" * 64, "old.py": "2" * 64, "terms.txt": "3" * 64},
    (),
)
B = Collected(
    msgspec.structs.replace(run_record("b"), params={"C": 2}, seed=7, claim={"frame": "numpy"}),
    None,
    JobCandidate(module="lab", qualname="fit"),
    {"lab.py": "4" * 64, "new.py": "5" * 64, "terms.txt": "6" * 64},
    (),
)


def facts(name: str) -> dict[str, Any]:
    found = exchanged(name, A, B)
    run = found.collected.run
    modules = {path: digest[0] for path, digest in found.collected.files.items() if path.endswith(".py")}
    return {
        "modules": "".join(modules[path] for path in sorted(modules)),
        "terms": found.collected.files["terms.txt"][0],
        "params": run.params["C"],
        "frame": run.claim["frame"],
        "seed": run.seed,
        "environment": found.environment.run_id[0],
        "data": found.data.run_id[0],
    }


OWN = {"modules": "12", "terms": "3", "params": 1, "frame": "pandas", "seed": 0, "environment": "a", "data": "a"}


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("code", {"modules": "45"}),
        ("files", {"terms": "6"}),
        ("parameters", {"params": 2, "frame": "numpy"}),
        ("code and parameters", {"modules": "45", "params": 2, "frame": "numpy"}),
        ("seed", {"seed": 7}),
        ("packages", {"environment": "b"}),
        ("data", {"data": "b"}),
    ],
)
def test_one_ingredient_is_the_other_s_and_the_rest_stays(name: str, changed: dict[str, Any]) -> None:
    assert facts(name) == OWN | changed


def document(*differs: str) -> Diff:
    side = Side(run_id="", claim_id="", candidate="", params={}, seed=0, problem="", started="", status="done")
    return Diff(a=side, b=side, same_claim=False, differs=differs, predictions="")


def test_what_differs_and_can_be_exchanged_is_tried() -> None:
    assert ingredients(document("code", "packages", "interpreter", "seed"), A, B) == (("code", "packages", "seed"), {})
    wanted, refused = ingredients(document("data", "problem", "machine", "seed"), A, B)
    assert wanted == ("seed",)
    assert set(refused) == {"data", "problem", "machine"}
    wanted, refused = ingredients(document("packages", "seed"), A, B, current=True)
    assert (wanted, set(refused)) == (("seed",), {"packages"})


def test_code_and_parameters_of_another_function_go_together() -> None:
    other = replace(B, candidate=JobCandidate(module="lab", qualname="other"))
    assert ingredients(document("code", "parameters", "seed"), A, other)[0] == ("code and parameters", "seed")
    named = replace(B, run=msgspec.structs.replace(B.run, params={"D": 2}))
    assert ingredients(document("parameters"), A, named)[0] == ("code and parameters",)
