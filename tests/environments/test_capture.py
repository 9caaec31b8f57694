"""Capturing what is installed: names, versions, contents, edits, what is kept, what is remembered."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tests.environments.wheels import Objects, make_project, make_wheel

from bancada.environments import _capture as room
from bancada.environments import capture

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from tests.environments.conftest import Looker
    from tests.environments.wheels import Venv

    from bancada.records.environments import EnvironmentRecord, Package


def package(record: EnvironmentRecord, name: str) -> Package:
    return next(found for found in record.packages if found.name == name)


def test_every_package_is_named_with_its_version_and_content(venv: Venv, look: Looker) -> None:
    record = look(venv).record
    assert [(found.name, found.version, found.origin) for found in record.packages] == [
        ("many-kinds", "1.0", "index"),
        ("plain", "1.0", "index"),
    ]
    assert all(len(found.content) == 64 for found in record.packages)
    assert (record.manager, record.missing, record.notes) == ("uv", (), ())


def test_an_edited_file_is_named_and_its_package_is_kept(venv: Venv, look: Looker, objects: Objects) -> None:
    before = package(look(venv).record, "plain")
    venv.write("plain.py", "VERSION = 'edited'\n")
    captured = look(venv)
    after = package(captured.record, "plain")
    assert (after.origin, after.altered, after.why) == ("kept", ("plain.py",), "edited after it was installed")
    assert after.content != before.content
    assert b"edited" in objects.put_all(dict(captured.objects)).kept[after.kept]
    assert captured.record.notes == ("`plain` 1.0 was edited after it was installed, 1 file: `plain.py`.",)
    assert captured.record.missing == ()


def test_a_file_that_was_removed_is_an_edit(venv: Venv, look: Looker) -> None:
    (venv.site / "plain.py").unlink()
    assert package(look(venv).record, "plain").altered == ("plain.py",)


def test_a_local_wheel_is_kept(venv: Venv, look: Looker, tmp_path: Path) -> None:
    venv.add(make_wheel(tmp_path / "elsewhere", "local"))
    found = package(look(venv).record, "local")
    assert (found.origin, found.why, len(found.kept)) == ("kept", "from a local file", 64)


def test_a_link_to_sources_is_kept_as_they_are(venv: Venv, look: Looker, tmp_path: Path, objects: Objects) -> None:
    sources = tmp_path / "project" / "src" / "own"
    venv.link(make_project(tmp_path / "project", sources, "WORD = 'first'\n"))
    first = look(venv)
    found = package(first.record, "own")
    assert (found.origin, found.why) == ("kept", "editable")
    assert b"WORD = 'first'" in objects.put_all(dict(first.objects)).kept[found.kept]
    (sources / "more.py").write_text("WORD = 'second'\n")
    assert package(look(venv).record, "own").content != found.content


def test_a_kept_package_with_a_secret_is_refused_by_name(venv: Venv, look: Looker, tmp_path: Path) -> None:
    text = "URL = 'postgresql://ana:correct-horse-battery@db/churn'\n"
    venv.add(make_wheel(tmp_path / "elsewhere", "local", files={"local_settings.py": text}))
    record = look(venv).record
    found = package(record, "local")
    assert (found.origin, found.kept) == ("missing", "")
    assert record.missing == (
        "package `local` 1.0 cannot be had again: from a local file, and `local_settings.py` holds password in a URL",
    )


def test_a_module_that_belongs_to_no_package_is_named(venv: Venv, look: Looker) -> None:
    venv.write("dropped.py", "")
    assert look(venv).record.missing == ("`site-packages/dropped.py` belongs to no installed package",)


def test_what_is_remembered_is_what_would_be_read(
    venv: Venv, look: Looker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv.add(make_wheel(tmp_path / "elsewhere", "local"))
    venv.age()
    cold = look(venv)
    monkeypatch.setattr("bancada.environments._stamps._YOUNG_NS", 0)
    again = look(venv)
    monkeypatch.setattr(room, "examine", None)
    warm = look(venv)
    assert cold.record == again.record == warm.record
    assert Objects().put_all(dict(warm.objects)).kept == Objects().put_all(dict(cold.objects)).kept


def test_an_edit_is_seen_though_all_is_remembered(venv: Venv, look: Looker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bancada.environments._stamps._YOUNG_NS", 0)
    look(venv)
    file = venv.write("plain.py", "VERSION = '1.1'\n")
    os.utime(file, (1, 1))
    assert package(look(venv).record, "plain").altered == ("plain.py",)


def test_a_lock_that_agrees_is_kept_and_one_that_does_not_is_told(venv: Venv, look: Looker, objects: Objects) -> None:
    digest = "a" * 64
    lock = look.root / "requirements.txt"
    lock.write_text(f"plain==1.0 --hash=sha256:{digest}\nabsent==3 --hash=sha256:{digest}\n")
    agreeing = look(venv).record
    assert agreeing.locks == {"requirements.txt": objects.put(lock.read_bytes())}
    assert package(agreeing, "plain").hashes == (f"sha256:{digest}",)
    lock.write_text(f"plain==2.0 --hash=sha256:{digest}\n")
    other = look(venv).record
    assert (other.locks, package(other, "plain").hashes) == ({}, ())
    assert other.notes == (
        "`requirements.txt` is not what is installed: 1 package installed in another version, plain 1.0 (locked: 2.0).",
    )


def test_a_lock_with_a_secret_is_not_kept(venv: Venv, look: Looker) -> None:
    index = "--index-url https://ana:correct-horse-battery@index.example/simple\n"
    (look.root / "requirements.txt").write_text(f"{index}plain==1.0 --hash=sha256:{'a' * 64}\n")
    record = look(venv).record
    assert (record.locks, record.notes) == ({}, ("`requirements.txt` was not kept: it holds password in a URL.",))


def test_this_process_is_looked_at_once_and_kept_in_each_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = tmp_path / "site-packages" / "some-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "RECORD").write_text("some-1.0.dist-info/RECORD,,\n")
    (metadata / "WHEEL").write_text("Tag: py3-none-any\n")
    (metadata / "direct_url.json").write_text('{"url": "file:///a", "dir_info": {}}')
    monkeypatch.setattr(sys, "path", [str(metadata.parent)])

    def scan(_: str) -> tuple[str, ...]:
        return ()

    stores = [Objects(), Objects()]
    records = [capture(tmp_path, tmp_path / "cache", store.put, scan) for store in stores]
    assert records[0] is records[1]
    assert [list(store.kept) for store in stores] == [[records[0].packages[0].kept]] * 2


def test_an_emptied_cache_is_filled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = tmp_path / "site-packages" / "some-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "RECORD").write_text("some-1.0.dist-info/RECORD,,\n")
    (metadata / "direct_url.json").write_text('{"url": "file:///a", "dir_info": {}}')
    monkeypatch.setattr(sys, "path", [str(metadata.parent)])

    def scan(_: str) -> tuple[str, ...]:
        return ()

    first, second = Objects(), Objects()
    capture(tmp_path, tmp_path / "cache", first.put, scan)
    for path in (tmp_path / "cache").rglob("*.whl"):
        path.unlink()
    capture(tmp_path, tmp_path / "cache", second.put, scan)
    assert first.kept == second.kept
    assert len(first.kept) == 1


def test_a_torn_wheel_of_the_cache_is_packed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, objects: Objects
) -> None:
    metadata = tmp_path / "site-packages" / "some-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "RECORD").write_text("some-1.0.dist-info/RECORD,,\n")
    (metadata / "direct_url.json").write_text('{"url": "file:///a", "dir_info": {}}')
    monkeypatch.setattr(sys, "path", [str(metadata.parent)])
    monkeypatch.setattr("bancada.environments._stamps._YOUNG_NS", 0)

    def scan(_: str) -> tuple[str, ...]:
        return ()

    name = capture(tmp_path, tmp_path / "cache", Objects().put, scan).packages[0].kept
    for path in (tmp_path / "cache").rglob("*.whl"):
        path.write_bytes(b"")
    capture(tmp_path, tmp_path / "cache", objects.put, scan)
    assert list(objects.kept) == [name]
