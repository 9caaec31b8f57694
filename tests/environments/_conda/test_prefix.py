"""What Conda writes down about a package, in the forms in which the programs of its kind write it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from bancada.environments._capture import capture_of
from bancada.environments._conda._prefix import meta_files, read_prefix

if TYPE_CHECKING:
    from pathlib import Path

RECORD = b"tiny/__init__.py,,\n"
SITE = "lib/python3.11/site-packages"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# Of one package: by Conda, which names files as the archive has them and lists bytecode; and by rattler.
BY_CONDA: list[dict[str, Any]] = [
    {
        "_path": "site-packages/tiny/__init__.py",
        "path_type": "hardlink",
        "sha256": digest(b"A"),
        "sha256_in_prefix": digest(b"A"),
    },
    {"_path": "site-packages/tiny-1.dist-info/RECORD", "path_type": "hardlink", "sha256": digest(RECORD)},
    {"_path": "python-scripts/tiny", "path_type": "hardlink", "sha256": digest(b"S"), "sha256_in_prefix": digest(b"T")},
    {"_path": f"{SITE}/tiny/__pycache__/__init__.cpython-311.pyc", "path_type": "pyc_file"},
    {"_path": "bin/tiny-too", "path_type": "unix_python_entry_point", "sha256_in_prefix": digest(b"E")},
    {"_path": "lib/liba.so", "path_type": "softlink", "sha256": digest(b"L")},
]
BY_RATTLER: list[dict[str, Any]] = [
    {"_path": "bin/tiny", "path_type": "hardlink", "sha256": digest(b"S"), "sha256_in_prefix": digest(b"T")},
    {"_path": "bin/tiny-too", "path_type": "unix_python_entry_point", "sha256": digest(b"F")},
    {"_path": f"{SITE}/tiny-1.dist-info/RECORD", "path_type": "hardlink", "sha256": digest(RECORD)},
    {"_path": f"{SITE}/tiny/__init__.py", "path_type": "hardlink", "sha256": digest(b"A")},
    {"_path": "lib/liba.so", "path_type": "softlink"},
]
FILES = [f"{SITE}/tiny/__init__.py", f"{SITE}/tiny-1.dist-info/METADATA", f"{SITE}/tiny-1.dist-info/RECORD", "bin/tiny"]


def prefix_with(folder: Path, paths: list[dict[str, Any]], **changed: Any) -> Path:
    (folder / "conda-meta").mkdir(parents=True)
    meta = {
        "name": "tiny",
        "version": "1",
        "build": "0",
        "files": FILES,
        "paths_data": {"paths_version": 1, "paths": paths},
    }
    (folder / "conda-meta" / "tiny-1-0.json").write_text(json.dumps(meta | changed))
    (folder / "conda-meta" / "history").write_text("")
    metadata = folder / SITE / "tiny-1.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Name: tiny\n")
    (metadata / "RECORD").write_bytes(RECORD)
    return folder


def test_one_package_has_one_digest_whichever_program_installed_it(tmp_path: Path) -> None:
    conda = read_prefix(prefix_with(tmp_path / "conda", BY_CONDA)).packages[0]
    other = read_prefix(prefix_with(tmp_path / "rattler", BY_RATTLER)).packages[0]
    assert conda.content == other.content != ""


@pytest.mark.parametrize("index", [0, 1, 2])
def test_each_file_counts(tmp_path: Path, index: int) -> None:
    whole = read_prefix(prefix_with(tmp_path / "whole", BY_CONDA)).packages[0]
    changed = [entry | ({"sha256": digest(b"other")} if at == index else {}) for at, entry in enumerate(BY_CONDA)]
    assert read_prefix(prefix_with(tmp_path / "other", changed)).packages[0].content != whole.content


@pytest.mark.parametrize("paths", [BY_CONDA, BY_RATTLER])
def test_a_distribution_that_is_as_it_came_is_given(tmp_path: Path, paths: list[dict[str, Any]]) -> None:
    found = read_prefix(prefix_with(tmp_path, paths))
    assert (found.gives, found.lost) == (frozenset({"tiny"}), ())


@pytest.mark.parametrize("paths", [BY_CONDA, BY_RATTLER])
def test_one_with_another_list_of_files_is_lost(tmp_path: Path, paths: list[dict[str, Any]]) -> None:
    prefix_with(tmp_path, paths)
    (tmp_path / SITE / "tiny-1.dist-info" / "RECORD").write_text("tiny/__init__.py,,\nmore.py,,\n")
    assert read_prefix(tmp_path).lost == ("tiny-1",)


def test_what_a_package_has_in_a_folder_of_its_own_is_no_distribution(tmp_path: Path) -> None:
    vendored = f"{SITE}/tiny/_vendor/wheel-0.43.dist-info/METADATA"
    prefix_with(tmp_path, BY_CONDA, files=[*FILES, vendored, "share/site-packages/far-1.dist-info/METADATA"])
    for path in (vendored, "share/site-packages/far-1.dist-info/METADATA"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
    assert read_prefix(tmp_path).gives == {"tiny"}


def test_paths_of_windows_are_read(tmp_path: Path) -> None:
    turned = [entry | {"_path": entry["_path"].replace("/", "\\")} for entry in BY_RATTLER]
    prefix_with(tmp_path / "there", turned, files=[file.replace("/", "\\") for file in FILES])
    found, usual = read_prefix(tmp_path / "there"), read_prefix(prefix_with(tmp_path / "here", BY_RATTLER))
    assert (found.packages[0].content, found.gives) == (usual.packages[0].content, frozenset({"tiny"}))


def test_a_package_without_files_has_a_digest_and_one_of_which_no_digests_are_told_has_none(tmp_path: Path) -> None:
    assert read_prefix(prefix_with(tmp_path / "empty", [], files=[])).packages[0].content != ""
    assert read_prefix(prefix_with(tmp_path / "old", [], paths_data=None)).packages[0].content == ""
    untold = [{"_path": "lib/a", "path_type": "hardlink"}]
    assert read_prefix(prefix_with(tmp_path / "untold", untold)).packages[0].content == ""


def test_what_macos_leaves_beside_is_passed_over(tmp_path: Path) -> None:
    prefix_with(tmp_path, BY_CONDA)
    (tmp_path / "conda-meta" / "._tiny-1-0.json").write_bytes(b"\x00")
    assert read_prefix(tmp_path).unread == ()


def test_an_old_egg_is_given_by_the_name_of_its_folder(tmp_path: Path) -> None:
    egg = f"{SITE}/Tiny_Egg-2.0-py3.11.egg-info/PKG-INFO"
    prefix_with(tmp_path, [], files=[egg])
    (tmp_path / egg).parent.mkdir()
    (tmp_path / egg).write_text("Name: Tiny_Egg\n")
    assert read_prefix(tmp_path).gives == {"tiny-egg"}


@pytest.mark.parametrize(
    ("told", "read"), [(None, ""), ("python", "python"), ("generic", "generic"), (True, "generic")]
)
def test_every_way_to_say_noarch_is_read(tmp_path: Path, told: object, read: str) -> None:
    assert read_prefix(prefix_with(tmp_path, [], noarch=told)).packages[0].noarch == read


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"name": 3}', '{"name": "a", "version": "1", "build": "0", "files": 3}']
)
def test_what_describes_no_package_is_named(tmp_path: Path, text: str) -> None:
    prefix_with(tmp_path, BY_CONDA)
    (tmp_path / "conda-meta" / "broken-1-0.json").write_text(text)
    found = read_prefix(tmp_path)
    assert found.unread == ("broken-1-0.json",)
    assert [package.name for package in found.packages] == ["tiny"]


def test_the_platform_and_the_archive_are_read_from_the_address_where_nothing_else_tells(tmp_path: Path) -> None:
    url = "https://mirror.example/conda-forge/linux-64/tiny-1-0.tar.bz2"
    package = read_prefix(prefix_with(tmp_path, [], url=url)).packages[0]
    assert (package.subdir, package.archive, package.channel, package.file) == (
        "linux-64",
        ".tar.bz2",
        "conda-forge",
        "tiny-1-0.tar.bz2",
    )


def test_a_folder_without_metadata_has_no_packages(tmp_path: Path) -> None:
    assert meta_files(tmp_path) == ()
    assert read_prefix(tmp_path).packages == ()


def test_modules_that_conda_brought_without_a_distribution_are_no_strays(tmp_path: Path) -> None:
    prefix = prefix_with(tmp_path, BY_CONDA, files=[*FILES, f"{SITE}/solo/a.py", "site-packages/fast.so", "lib/b.py"])
    assert read_prefix(prefix).brings == {"tiny", "tiny-1.dist-info", "solo", "fast.so"}
    for name in ("solo/a.py", "fast.so", "dropped/a.py"):
        (prefix / SITE / name).parent.mkdir(exist_ok=True)
        (prefix / SITE / name).write_text("")
    record = capture_of(prefix, [str(prefix / SITE)], tmp_path / "root", tmp_path / "cache", lambda _: ()).record
    strays = [phrase for phrase in record.missing if "belongs to no" in phrase]
    assert strays == ["`site-packages/dropped` belongs to no installed package"]
