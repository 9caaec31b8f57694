"""An environment made again: equal to what was captured, refused where it is not, nothing left behind."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.environments.wheels import Venv, make_project, make_wheel

from bancada.environments import rebuild
from bancada.exceptions import EnvironmentNotRebuilt, StoreError, UsageError
from bancada.records.environments import EnvironmentRecord, Package

if TYPE_CHECKING:
    from pathlib import Path

    from tests.environments.conftest import Looker
    from tests.environments.wheels import Objects


def output(python: Path, program: str) -> str:
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def nothing(digest: str) -> bytes:
    raise StoreError("An object must be there.", f"Found none of {digest!r}.", "Look elsewhere.")


def changed(record: EnvironmentRecord, name: str, **fields: Any) -> EnvironmentRecord:
    """Change one package of a record."""
    packages = [
        msgspec.structs.replace(package, **fields) if package.name == name else package for package in record.packages
    ]
    return msgspec.structs.replace(record, packages=tuple(packages))


def test_what_is_rebuilt_is_what_was_captured(
    venv: Venv, look: Looker, objects: Objects, environ: dict[str, str], tmp_path: Path
) -> None:
    script = {"@.data/scripts/local-tool": "#!python\nprint(1)\n"}
    venv.add(make_wheel(tmp_path / "elsewhere", "local", files=script))
    venv.write("plain.py", "VERSION = 'edited'\n")
    captured = look(venv)
    again = Venv(tmp_path / "again")
    python = rebuild(captured.record, objects.put_all(dict(captured.objects)).kept.__getitem__, again.prefix, environ)
    assert output(python, "import plain, local, many_kinds; print(plain.VERSION, local.VERSION)") == "edited 1.0"
    tool = subprocess.run([again.prefix / "bin" / "local-tool"], capture_output=True, text=True, check=True)
    assert tool.stdout == "1\n"
    contents = [(found.name, found.version, found.content) for found in look(again).record.packages]
    assert contents == [(found.name, found.version, found.content) for found in captured.record.packages]


def test_a_linked_package_comes_back_as_files(
    venv: Venv, look: Looker, objects: Objects, environ: dict[str, str], tmp_path: Path
) -> None:
    project = make_project(tmp_path / "project", tmp_path / "project" / "own", "WORD = 'kept'\n")
    venv.link(project)
    captured = look(venv)
    get = objects.put_all(dict(captured.objects)).kept.__getitem__
    python = rebuild(captured.record, get, tmp_path / "again", environ)
    assert output(python, "import own; print(own.WORD, own.__file__)").startswith(f"kept {tmp_path / 'again'}")


def test_every_package_that_cannot_be_had_is_named(
    venv: Venv, look: Looker, environ: dict[str, str], tmp_path: Path
) -> None:
    absent = [Package(name=name, version="1.0", content="a" * 64) for name in ("absent", "nowhere")]
    record = changed(look(venv).record, "plain", version="9.9")
    record = msgspec.structs.replace(record, packages=(*record.packages, *absent))
    with pytest.raises(EnvironmentNotRebuilt, match=r"`absent` 1\.0, `nowhere` 1\.0, `plain` 9\.9") as caught:
        rebuild(record, nothing, tmp_path / "again", environ)
    assert caught.value.packages == ("absent", "nowhere", "plain")
    assert list((tmp_path / "again").iterdir()) == []


def test_without_a_network_what_the_cache_lacks_is_named(
    venv: Venv, look: Looker, environ: dict[str, str], tmp_path: Path
) -> None:
    absent = [Package(name=name, version="1.0", content="a" * 64) for name in ("absent", "nowhere")]
    record = look(venv).record
    record = msgspec.structs.replace(record, packages=(*record.packages, *absent))
    # Nobody listens at this port.
    down = {**environ, "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}
    for name in ("UV_NO_INDEX", "UV_OFFLINE", "ALL_PROXY", "HTTP_PROXY", "http_proxy", "all_proxy"):
        down.pop(name, None)
    with pytest.raises(
        EnvironmentNotRebuilt, match=r"Found neither the network nor, in uv's cache, `absent`"
    ) as caught:
        rebuild(record, nothing, tmp_path / "again", down)
    assert caught.value.packages == ("absent", "nowhere")


def test_an_index_with_other_files_is_found_out_before_anything_runs(
    venv: Venv, look: Looker, environ: dict[str, str], tmp_path: Path
) -> None:
    record = look(venv).record
    trap = f"import pathlib; pathlib.Path({str(tmp_path / 'ran')!r}).touch()\n"
    make_wheel(tmp_path / "other", "plain", files={"plain_more.pth": trap})
    make_wheel(tmp_path / "other", "many-kinds")
    other = {**environ, "UV_FIND_LINKS": str(tmp_path / "other"), "UV_CACHE_DIR": str(tmp_path / "uv")}
    with pytest.raises(EnvironmentNotRebuilt, match="`plain` has other files under the same version") as caught:
        rebuild(record, nothing, tmp_path / "again", other)
    assert caught.value.packages == ("many-kinds", "plain")
    assert not (tmp_path / "ran").exists()
    assert list((tmp_path / "again").iterdir()) == []


def test_a_file_that_no_list_names_is_found_out(
    venv: Venv, look: Looker, environ: dict[str, str], tmp_path: Path, index: Path
) -> None:
    record = look(venv).record
    (tmp_path / "other").mkdir()
    for wheel in index.glob("*.whl"):
        (tmp_path / "other" / wheel.name).write_bytes(wheel.read_bytes())
    with zipfile.ZipFile(tmp_path / "other" / "plain-1.0-py3-none-any.whl", "a") as file:
        file.writestr("sitecustomize.py", "raise SystemExit\n")
    other = {**environ, "UV_FIND_LINKS": str(tmp_path / "other"), "UV_CACHE_DIR": str(tmp_path / "uv")}
    with pytest.raises(EnvironmentNotRebuilt, match="`plain` has other files"):
        rebuild(record, nothing, tmp_path / "again", other)


def test_a_known_digest_refuses_another_wheel(
    venv: Venv, look: Looker, environ: dict[str, str], tmp_path: Path
) -> None:
    record = changed(look(venv).record, "plain", hashes=("sha256:" + "a" * 64,))
    with pytest.raises(EnvironmentNotRebuilt, match="`plain`") as caught:
        rebuild(record, nothing, tmp_path / "again", environ)
    assert caught.value.packages == ("plain",)


def test_what_the_store_lost_is_named(venv: Venv, look: Looker, environ: dict[str, str], tmp_path: Path) -> None:
    venv.write("plain.py", "VERSION = 'edited'\n")
    with pytest.raises(EnvironmentNotRebuilt, match="`plain`: its wheel is no longer in the store") as caught:
        rebuild(look(venv).record, nothing, tmp_path / "again", environ)
    assert caught.value.packages == ("plain",)


def of_here(*packages: Package, **fields: Any) -> EnvironmentRecord:
    here = EnvironmentRecord(
        manager="uv", python="3.11.7", implementation="CPython", tag="", platform="", packages=packages
    )
    return msgspec.structs.replace(here, **fields)


@pytest.mark.parametrize(
    ("package", "words"),
    [
        (Package(name="../evil", version="1", content="a" * 64), "each package once"),
        (Package(name="ok", version="1 --index-url=x", content="a" * 64), "each package once"),
        (Package(name="ok", version="1", content="a" * 64, hashes=("md5:1",)), "each package once"),
        (Package(name="ok", version="1", content="a" * 64, kept="b" * 64), "each package once"),
        (Package(name="ok", version="1", origin="kept", kept="../../x"), "each package once"),
        (Package(name="ok", version="1", origin="elsewhere"), "each package once"),
        (Package(name="ok", version="1"), r"`ok` \(its files were not recorded\)"),
        (Package(name="ok", version="1", origin="missing", why="editable"), r"`ok` \(editable\)"),
    ],
)
def test_a_record_that_cannot_be_followed_is_refused_before_anything_is_started(
    package: Package, words: str, tmp_path: Path
) -> None:
    with pytest.raises(EnvironmentNotRebuilt, match=words):
        rebuild(of_here(package), nothing, tmp_path / "again", {})
    assert not (tmp_path / "again").exists()


def test_another_system_and_another_manager_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentNotRebuilt, match="Found 'win32' recorded"):
        rebuild(of_here(tag="win32"), nothing, tmp_path / "again", {})
    with pytest.raises(EnvironmentNotRebuilt, match="Found the manager 'pixi'"):
        rebuild(of_here(manager="pixi"), nothing, tmp_path / "again", {})


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(UsageError, match="Found 1 name"):
        rebuild(of_here(), nothing, tmp_path, {})
    assert (tmp_path / "mine").read_text() == "x"


def test_without_uv_the_error_says_how_to_get_it(
    venv: Venv, look: Looker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(UsageError, match="Found no program `uv` on the PATH"):
        rebuild(look(venv).record, nothing, tmp_path / "again", {"PATH": str(tmp_path)})


def test_another_python_says_how_to_get_it(venv: Venv, look: Looker, environ: dict[str, str], tmp_path: Path) -> None:
    record = msgspec.structs.replace(look(venv).record, python="3.11.999")
    with pytest.raises(EnvironmentNotRebuilt, match=r"uv python install cpython@3\.11\.999"):
        rebuild(record, nothing, tmp_path / "again", environ)
