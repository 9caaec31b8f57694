"""What is told of where a run ran, also where little is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from tests.store.store_samples import run_record

from bancada.identity import canonical_json
from bancada.records.environments import EnvironmentRecord, Package
from bancada.report.recorded import patch_document, patch_text, recorded_lines
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path


def test_each_thing_is_a_line_and_what_is_not_known_is_none(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    plain = msgspec.structs.replace(run_record("a"), provenance={})
    assert [line.partition(":")[0] for line in recorded_lines(plain, store)] == ["data"]
    here = EnvironmentRecord(
        manager="uv", python="3.11.7", implementation="CPython", tag="linux", platform="Linux",
        packages=(Package(name="numpy", version="2", altered=("numpy/x.py",)),),
    )  # fmt: skip
    patch = store.objects.put(b"diff --git a/x b/x\n\tred\x1b[31m\n")
    told = {
        "environment": store.objects.put(canonical_json(msgspec.to_builtins(here))),
        "git": {
            "commit": "a" * 40, "branch": "trunk", "remote": "git@example.org:x", "dirty": True, "patch": patch,
            "withheld": ["`a.csv`: it is data"],
        },
        "sources": {"a.py": "0" * 64},
        "files": {},
    }  # fmt: skip
    record = msgspec.structs.replace(run_record("a"), provenance=told)
    lines = recorded_lines(record, store)
    assert lines[0] == (
        "git: commit aaaaaa on trunk of git@example.org:x with changes: `--patch` shows them; "
        "not in the patch: `a.csv`: it is data"
    )
    assert lines[1] == "environment: uv, CPython 3.11.7, 1 package; edited by hand: numpy"
    assert lines[3] == "kept: 1 source of its code, 0 files beside them"
    shown = patch_text(patch_document(record, store))
    assert shown == "diff --git a/x b/x\n\tred\\x1b[31m\n"
    gone = msgspec.structs.replace(record, provenance={"environment": "f" * 64})
    assert "environment: not in the store any more" in recorded_lines(gone, store)


def test_a_clean_project_has_no_patch(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    git = {"commit": "a" * 40, "branch": "", "dirty": False, "patch": None}
    record = msgspec.structs.replace(run_record("a"), provenance={"git": git})
    assert patch_text(patch_document(record, store)) == "The project was clean.\n"
    dirty = msgspec.structs.replace(run_record("a"), provenance={"git": {**git, "dirty": True}})
    assert "nothing of that is kept" in patch_text(patch_document(dirty, store))
