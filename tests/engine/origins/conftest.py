"""A store with runs of several people."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.provenance.origin.origin_samples import Signer, run_record

from bancada.definitions import Project, find_project
from bancada.engine.origins import said, sign_runs, stamped
from bancada.records import RunRecord, Statement
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

PROBLEM = "churn"
_seconds = itertools.count()


@dataclass
class Person:
    """Somebody with a home folder, and perhaps an SSH key.

    Attributes:
        project: The project as this person's settings make it.
        store: The store that all share.
    """

    project: Project
    store: Store

    def wrote(self, letter: str, **changed: Any) -> str:
        """Write a run, and return its id."""
        record: RunRecord = msgspec.structs.replace(run_record(letter * 26), **changed)
        self.store.runs.finish(stamped(record, self.project))
        return record.run_id

    def fitted(self, run_id: str, data: bytes, form: str = "cloudpickle") -> Statement:
        """Say that a model was fitted for a run, and return what was said."""
        content = {"object": self.store.objects.put(data), "format": form, "executes_code": form != "skops"}
        told = Statement(kind="fit", said="2026-01-02T00:00:00+00:00", content=content)
        told = said(told, run_id, self.project)
        self.store.runs.say(PROBLEM, run_id, told)
        return told

    def concluded(self, run_id: str, kind: str = "verdict", **content: Any) -> None:
        """Say that a run came out as it was recorded, or what else is given."""
        when = f"2026-02-01T00:00:{next(_seconds):02}+00:00"
        told = Statement(kind=kind, said=when, content=content or {"verdict": "identical"})
        self.store.runs.say(PROBLEM, run_id, said(told, run_id, self.project))

    def signed(self, *run_ids: str) -> None:
        """Sign runs."""
        sign_runs(self.store, self.project, [(PROBLEM, run_id) for run_id in run_ids], ask=False)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Make the store that all share."""
    return Store.open(tmp_path / "store", create=True)


def person(folder: Path, name: str, store: Store) -> Person:
    (folder / "project").mkdir(exist_ok=True)
    return Person(find_project(folder / "project", {}, home=folder / name), store)


@pytest.fixture
def me(tmp_path: Path, store: Store) -> Person:
    """Be the one who decides; nobody's signature counts yet."""
    return person(tmp_path, "me", store)


@pytest.fixture
def ana(tmp_path: Path, store: Store) -> Person:
    """Have a colleague who signs."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("signatures are made and verified by `ssh-keygen`, which is not here")
    found = person(tmp_path, "ana", store)
    return Person(replace(found.project, key=Signer.make(store.root, "ana@example.org").key), store)


@pytest.fixture
def eve(tmp_path: Path, store: Store) -> Person:
    """Have a stranger who signs too."""
    found = person(tmp_path, "eve", store)
    return Person(replace(found.project, key=Signer.make(store.root, "eve@example.org").key), store)


@pytest.fixture
def knowing(me: Person, ana: Person, tmp_path: Path) -> Person:
    """Be the one who decides, and who accepts what the colleague has signed."""
    path = tmp_path / "allowed_signers"
    assert ana.project.key is not None
    path.write_text(Signer("ana@example.org", ana.project.key).line)
    return Person(replace(me.project, signers=path), me.store)
