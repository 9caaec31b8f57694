"""Laws of files as evidence: each content is kept once, what cannot be kept is named, nothing else is missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bancada.engine.evidence import EvidenceFiles, Wanted
from bancada.engine.evidence._files import LARGEST_BYTES
from bancada.identity import digest_bytes
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "ghp_" + "Z7" * 18


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "pack" / "inner").mkdir(parents=True)
    (root / "pack" / "__init__.py").write_text("'''pack'''\n")
    (root / "pack" / "inner" / "model.py").write_text("x = 1\n")
    (root / "table.json").write_text("[1, 2]")
    return root


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store", create=True)


def digest_of(path: Path) -> str:
    return digest_bytes(path.read_bytes())


def test_sources_files_and_packages_are_kept_and_come_back(root: Path, store: Store) -> None:
    (root / "pyproject.toml").write_text("[tool.bancada]\n")
    model = "pack/inner/model.py"
    wanted = Wanted(sources={model: digest_of(root / model)}, files=[("table.json", digest_of(root / "table.json"))])
    found = EvidenceFiles(root, store).gather(wanted)
    assert found.missing == []
    assert set(found.sources) == {model}
    assert set(found.files) == {"table.json", "pack/__init__.py", "pyproject.toml"}
    for path, name in {**found.sources, **found.files}.items():
        assert store.objects.get(name) == (root / path).read_bytes()


def test_a_content_is_read_once_and_found_in_the_store_when_its_file_is_gone(root: Path, store: Store) -> None:
    wanted = Wanted(files=[("table.json", digest_of(root / "table.json"))])
    keeper = EvidenceFiles(root, store)
    first = keeper.gather(wanted)
    (root / "table.json").unlink()
    assert keeper.gather(wanted) == first
    assert EvidenceFiles(root, store).gather(wanted) == first
    # A power cut tore the object: it is written again from the file, and missed where there is none.
    store.objects.path(first.files["table.json"]).write_bytes(b"[1")
    assert EvidenceFiles(root, store).gather(wanted).missing == ["file `table.json` was read, and is gone"]
    (root / "table.json").write_text("[1, 2]")
    assert EvidenceFiles(root, store).gather(wanted) == first
    assert store.objects.get(first.files["table.json"]) == b"[1, 2]"


def test_what_cannot_be_kept_is_named_with_its_reason(root: Path, store: Store) -> None:
    with (root / "large.bin").open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    (root / "conf.py").write_text(f"token = '{TOKEN}'\n")
    wanted = Wanted(
        sources={"pack/inner/model.py": "0" * 64, "conf.py": digest_of(root / "conf.py")},
        files=[("large.bin", "1" * 64), ("gone.json", "2" * 64), ("vanished.json", ""), ("pack", "3" * 64)],
    )
    found = EvidenceFiles(root, store).gather(wanted)
    assert (found.sources, set(found.files)) == ({}, set())
    assert found.missing == [
        "source `conf.py` was withheld: it holds GitHub token, token",
        "source `pack/inner/model.py` changed while the run was under way",
        "file `gone.json` was read, and is gone",
        "file `large.bin` is larger than 20 MB",
        "file `pack` cannot be read: Is a directory",
        "file `vanished.json` was read, and is gone",
    ]
    assert [path for path in store.objects.walk() if TOKEN.encode() in path.read_bytes()] == []


def test_the_dataset_s_own_files_are_no_evidence_here_and_others_of_their_name_are(root: Path, store: Store) -> None:
    now = digest_of(root / "table.json")
    wanted = Wanted(files=[("table.json", now)])
    assert EvidenceFiles(root, store, {"table.json": now}).gather(wanted).files == {}
    assert EvidenceFiles(root, store, {"table.json": "4" * 64}).gather(wanted).files == {"table.json": now}


@pytest.mark.parametrize(
    ("wanted", "missed"),
    [
        (Wanted(beside=["conf.py", "pack/inner/model.py"]), False),
        (Wanted(beside=["conf.py", "pack/inner/model.py"], doubtful=True), True),
        (Wanted(beside=["conf.py", "pack/inner/model.py"], needed=["conf.py"]), True),
    ],
)
def test_a_loaded_module_is_kept_and_missed_only_where_code_may_need_it(
    root: Path, store: Store, wanted: Wanted, *, missed: bool
) -> None:
    (root / "conf.py").write_text(f"token = '{TOKEN}'\n")
    found = EvidenceFiles(root, store).gather(wanted)
    assert set(found.files) == {"pack/inner/model.py", "pack/__init__.py"}
    assert found.missing == (["source `conf.py` was withheld: it holds GitHub token, token"] if missed else [])


def test_settings_that_hold_secrets_are_withheld_without_a_word(root: Path, store: Store) -> None:
    (root / "bancada.toml").write_text(f"token = '{TOKEN}'\n")
    assert EvidenceFiles(root, store).gather(Wanted(doubtful=True)).missing == []


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16", "utf-16-be"])
def test_a_secret_is_found_in_whatever_way_the_text_is_written(root: Path, store: Store, encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (root / "table.json").write_bytes(f'{mark}{{"café": "{TOKEN}"}}'.encode(encoding))
    wanted = Wanted(files=[("table.json", digest_of(root / "table.json"))])
    assert EvidenceFiles(root, store).gather(wanted).missing == [
        "file `table.json` was withheld: it holds GitHub token"
    ]
