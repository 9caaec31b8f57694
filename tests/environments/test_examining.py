"""Where a distribution can be had again, by how it was installed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.environments.wheels import encoded

from bancada.environments import _examining as room
from bancada.environments._examining import Examined, examine
from bancada.environments._installed import MetadataFolder

if TYPE_CHECKING:
    from pathlib import Path


def install(tmp_path: Path, direct: dict[str, Any] | None = None, name: str = "own", text: str = "x = 1\n") -> Path:
    """Install a module by hand; returns its metadata folder."""
    folder = tmp_path / "lib" / "python3.11" / "site-packages" / f"{name}-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder.parent / f"{name}.py").write_text(text)
    (folder / "WHEEL").write_text("Tag: py3-none-any\n")
    rows = f"{name}.py,sha256={encoded(text.encode())},1\n{folder.name}/WHEEL,,\n{folder.name}/RECORD,,\n"
    (folder / "RECORD").write_text(rows)
    if direct is not None:
        (folder / "direct_url.json").write_text(json.dumps(direct))
    return folder


def examined(folder: Path, *kinds: str) -> Examined:
    name = folder.name.partition("-")[0]
    return examine(MetadataFolder(name, "1.0", str(folder), str(folder.parent)), folder, lambda _: kinds)


@pytest.mark.parametrize(
    ("direct", "why"),
    [
        ({"url": "file:///srv/own", "dir_info": {}}, "from a local folder"),
        ({"url": "file:///srv/own-1.0.whl", "archive_info": {}}, "from a local file"),
        ({"url": "https://ana:secret@files.example/own.whl?token=x", "archive_info": {}}, "from files.example/own.whl"),
        (
            {"url": "https://ana:secret@git.example/own", "vcs_info": {"vcs": "git", "commit_id": "0123456789abcdef"}},
            "from git at git.example/own, commit 0123456789ab",
        ),
        ({"url": "file:///srv/own", "vcs_info": {"vcs": "git", "commit_id": "?"}}, "from git at a local folder"),
    ],
)
def test_what_no_index_gave_is_kept_and_says_where_it_came_from(
    tmp_path: Path, direct: dict[str, Any], why: str
) -> None:
    found = examined(install(tmp_path, direct))
    assert (found.package.origin, found.package.why) == ("kept", why)
    assert found.wheel is not None


def test_an_address_with_a_secret_is_not_told(tmp_path: Path) -> None:
    folder = install(tmp_path, {"url": "https://files.example/TOKEN/own.whl", "archive_info": {}})
    place = MetadataFolder("own", "1.0", str(folder), str(folder.parent))
    found = examine(place, tmp_path, lambda text: ["token"] if "TOKEN" in text else [])
    assert (found.package.origin, found.package.why) == ("kept", "from an address that holds a secret")


def test_what_an_index_gave_is_not_kept_but_bancada_always_is(tmp_path: Path) -> None:
    index = examined(install(tmp_path / "a"))
    assert (index.package.origin, index.package.why, index.wheel) == ("index", "", None)
    own = examined(install(tmp_path / "b", name="bancada"), "password")
    assert (own.package.origin, own.package.why) == ("kept", "bancada itself")


def test_the_digest_of_a_wheel_is_known_where_the_installer_told_it(tmp_path: Path) -> None:
    hashes = {"hashes": {"sha256": "a" * 64}}
    wheel = install(tmp_path / "a", {"url": "file:///own-1.0-py3-none-any.whl", "archive_info": hashes})
    source = install(tmp_path / "b", {"url": "file:///own-1.0.tar.gz", "archive_info": hashes})
    assert examined(wheel).package.hashes == ("sha256:" + "a" * 64,)
    assert examined(source).package.hashes == ()


def test_what_is_too_large_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_MOST_MB", 0)
    found = examined(install(tmp_path, {"url": "file:///x", "dir_info": {}}))
    assert (found.package.origin, found.wheel) == ("missing", None)
    assert "more than the 0 MB that are packed" in found.package.why


def test_of_an_edited_package_only_the_edits_are_searched_for_secrets(tmp_path: Path) -> None:
    folder = install(tmp_path)
    (folder / "WHEEL").write_text("password\n")
    assert examined(folder).package.origin == "index"
    (folder.parent / "own.py").write_text("edited\n")
    found = examined(folder, "password")
    assert (found.package.origin, found.package.altered) == ("missing", ("own.py",))
    assert found.package.why == "edited after it was installed, and `own.py` holds password"


def test_without_a_list_of_files_nothing_can_be_kept(tmp_path: Path) -> None:
    folder = install(tmp_path)
    (folder / "RECORD").unlink()
    found = examined(folder)
    assert (found.package.origin, found.package.content, found.package.why) == (
        "missing",
        "",
        "nothing lists its files",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("before", ["", "x" * 5_000_001])
def test_a_secret_is_found_however_the_text_is_written_and_however_long_it_is(
    tmp_path: Path, encoding: str, before: str
) -> None:
    folder = install(tmp_path, {"url": "file:///x", "dir_info": {}})
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (folder.parent / "own.py").write_bytes(f"{mark}{before}\n# café\nPASSWORD".encode(encoding))
    found = examine(
        MetadataFolder("own", "1.0", str(folder), str(folder.parent)),
        folder,
        lambda text: ("password",) if "PASSWORD" in text else (),
    )
    assert (found.package.origin, found.wheel) == ("missing", None)
    assert found.package.why == "from a local folder, and `own.py` holds password"


def test_programs_of_the_machine_are_no_text(tmp_path: Path) -> None:
    folder = install(tmp_path, {"url": "file:///x", "dir_info": {}})
    (folder.parent / "own.py").write_bytes(b"\x7fELF\0\0PASSWORD")
    seen: list[str] = []

    def scan(text: str) -> tuple[str, ...]:
        seen.append(text)
        return ()

    examine(MetadataFolder("own", "1.0", str(folder), str(folder.parent)), folder, scan)
    assert not any("PASSWORD" in text for text in seen)
