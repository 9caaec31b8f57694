"""What is no longer as it was recorded is named; what was not recorded has not been seen to change."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.store.store_samples import run_record

from bancada.engine.runner import Result
from bancada.identity import canonical_json, digest_bytes
from bancada.records.environments import EnvironmentRecord, Package
from bancada.reproduction._drifting import drift, since
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.records import RunRecord

HARDWARE: dict[str, Any] = {
    "blas": [{"kernel": "Haswell"}],
    "cpu": "A",
    "memory_bytes": 8,
    "machine": "x86_64",
    "affinity": 2,
}
NOW = {"python": "3.11.7", "packages": {"numpy": "2.4.0"}, "threads": 1, "hardware": HARDWARE}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / ".bancada", create=True)


@pytest.fixture
def run(store: Store) -> RunRecord:
    here = EnvironmentRecord(
        manager="uv",
        python="3.11.7",
        implementation="CPython",
        tag="t",
        platform="p",
        packages=(Package(name="numpy", version="2.4.0"),),
    )
    provenance = {
        "python": "3.11.7",
        "threads": 1,
        "hardware": HARDWARE,
        "environment": store.objects.put(canonical_json(msgspec.to_builtins(here))),
    }
    return msgspec.structs.replace(run_record("a"), provenance=provenance)


def answered(run: RunRecord, **changed: Any) -> Result:
    return Result(run_id=run.run_id, problem_id=run.problem.digest, surroundings={**NOW, **changed})


def test_nothing_drifted_where_nothing_changed(run: RunRecord, store: Store) -> None:
    assert drift(run, store, answered(run)) == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"python": "3.12.1"}, "Python 3.11.7 → 3.12.1"),
        ({"packages": {"numpy": "2.4.1"}}, "package `numpy` 2.4.0 → 2.4.1"),
        ({"packages": {}}, "package `numpy` 2.4.0 → absent"),
        ({"packages": {"numpy": "2.4.0", "scipy": "1"}}, "package `scipy` absent → 1"),
        ({"threads": 4}, "threads 1 → 4"),
        ({"hardware": {**HARDWARE, "cpu": "B"}}, "CPU A → B"),
        ({"hardware": {**HARDWARE, "blas": [{"kernel": "Zen"}]}}, "BLAS Haswell → Zen"),
    ],
)
def test_what_changed_is_named_with_what_it_was(
    run: RunRecord, store: Store, changed: dict[str, Any], told: str
) -> None:
    assert drift(run, store, answered(run, **changed)) == (told,)


@pytest.mark.parametrize(
    "changed",
    [
        {"hardware": {**HARDWARE, "memory_bytes": 16}},
        {"hardware": {"cpu": ""}},
        {"hardware": {**HARDWARE, "blas": [{"kernel": "Haswell"}, {"kernel": "Zen"}]}},
        {"python": None},
        {"packages": None},
        {"hardware": None},
    ],
)
def test_what_says_nothing_or_means_nothing_is_passed_over(
    run: RunRecord, store: Store, changed: dict[str, Any]
) -> None:
    assert drift(run, store, answered(run, **changed)) == ()


def test_another_problem_comes_first(run: RunRecord, store: Store) -> None:
    result = msgspec.structs.replace(answered(run, threads=2), problem_id="f" * 64)
    assert drift(run, store, result)[0].startswith("problem `")


def test_files_of_the_project_are_held_against_the_recorded_ones(run: RunRecord, store: Store, tmp_path: Path) -> None:
    names = {"same.py": b"1", "changed.py": b"2", "gone.py": b"3"}
    digests = {name: digest_bytes(data) for name, data in names.items()}
    run = msgspec.structs.replace(run, provenance={**run.provenance, "sources": digests})
    (tmp_path / "same.py").write_bytes(b"1")
    (tmp_path / "changed.py").write_bytes(b"9")
    assert drift(run, store, answered(run), tmp_path) == ("file `changed.py` changed", "file `gone.py` is gone")


def test_many_changes_are_counted(run: RunRecord, store: Store) -> None:
    many = {f"package-{number:02}": "1" for number in range(30)} | {"numpy": "2.4.0"}
    told = drift(run, store, answered(run, packages=many))
    assert (len(told), told[-1]) == (21, "and 10 more")


def with_files(run: RunRecord, data: str, source: str) -> RunRecord:
    dataset = msgspec.structs.replace(run.problem.dataset, files={"data.csv": data, "/elsewhere/data.csv": "0"})
    problem = msgspec.structs.replace(run.problem, dataset=dataset)
    return msgspec.structs.replace(run, problem=problem, provenance={"sources": {"models.py": source}})


def test_what_the_project_has_otherwise_since_the_run_is_named(run: RunRecord, tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "data.csv").write_text("a\n1\n")
    (root / "models.py").write_text("a = 1\n")
    run = with_files(run, digest_bytes(b"a\n1\n"), digest_bytes(b"a = 1\n"))
    assert since(run, root, tmp_path / "cache") == ()
    (root / "data.csv").write_text("a\n2\n")
    (root / "models.py").write_text("a = 2\n")
    assert since(run, root, tmp_path / "cache") == ("data `data.csv` changed", "file `models.py` changed")
    (root / "data.csv").unlink()
    assert since(run, root, tmp_path / "cache") == ("data `data.csv` are gone", "file `models.py` changed")


@pytest.mark.skipif(sys.platform != "linux", reason="a file that even root cannot read is one of /proc")
def test_data_that_cannot_be_read_now_are_told(run: RunRecord, tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "data.csv").symlink_to("/proc/self/mem")
    (told, _) = since(with_files(run, "0", "0"), root, tmp_path / "cache")
    assert told == "data `data.csv` cannot be read: Input/output error"


def test_a_project_that_has_nothing_of_a_run_is_another_one(run: RunRecord, tmp_path: Path) -> None:
    assert since(with_files(run, "0", "0"), tmp_path / "other", tmp_path / "cache") == ()
