"""The importable files behind an editable installation, in each layout and by each builder's way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bancada.environments._editable import sources_of
from bancada.environments._installed import metadata_folders
from bancada.environments._reading import read_distribution

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n")


def keys(tmp_path: Path, link: Path, metadata: dict[str, str]) -> list[str] | None:
    """Install a link by hand, and return the keys of what lies behind it, less the metadata."""
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    folder = site / "own-0.1.dist-info"
    folder.mkdir(parents=True)
    direct = {"url": link.as_uri(), "dir_info": {"editable": True}}
    texts = {"own-0.1.dist-info/direct_url.json": json.dumps(direct), "own-0.1.dist-info/METADATA": "x", **metadata}
    for name, text in texts.items():
        (site / name).write_text(text)
    (folder / "RECORD").write_text("".join(f"{name},,\n" for name in (*texts, "own-0.1.dist-info/RECORD")))
    found = sources_of(read_distribution(next(iter(metadata_folders([str(site)]))), tmp_path))
    if found is None:
        return None
    return sorted(part.key for part in found.parts if not part.key.startswith("own-0.1.dist-info/"))


def test_a_folder_of_sources_is_taken_whole(tmp_path: Path) -> None:
    link = tmp_path / "project"
    write(link, "src/own/__init__.py", "src/own/inner/a.py", "src/own/data.bin", "src/other.py", "tests/test_a.py")
    write(link, "src/own/__pycache__/a.pyc", "src/own/.hidden/a.py", "src/own.egg-info/PKG-INFO")
    found = keys(tmp_path, link, {"own.pth": f"{link / 'src'}\n"})
    assert found == ["other.py", "own/__init__.py", "own/data.bin", "own/inner/a.py"]


@pytest.mark.parametrize(
    ("top_level", "expected"),
    [
        ("", ["own/__init__.py"]),
        ("second\n", ["second/__init__.py"]),
        ("own\nsecond", ["own/__init__.py", "second/__init__.py"]),
    ],
)
def test_beside_other_folders_the_metadata_decide_then_the_name(
    tmp_path: Path, top_level: str, expected: list[str]
) -> None:
    link = tmp_path / "project"
    write(link, "own/__init__.py", "second/__init__.py", "tests/__init__.py", "setup.py", "data/a.csv")
    told = {"own-0.1.dist-info/top_level.txt": top_level} if top_level else {}
    assert keys(tmp_path, link, {"own.pth": f"# a comment\n{link}\n", **told}) == expected


def test_without_a_name_that_fits_all_but_tests_and_documents_are_taken(tmp_path: Path) -> None:
    link = tmp_path / "project"
    write(link, "first/__init__.py", "second/__init__.py", "tests/__init__.py", "docs/conf.py", "setup.py")
    assert keys(tmp_path, link, {"own.pth": f"{link}\n"}) == ["first/__init__.py", "second/__init__.py"]


def test_the_mapping_of_a_finder_is_read_and_never_run(tmp_path: Path) -> None:
    link = tmp_path / "project"
    write(link, "lib/a.py", "single.py", "deep/x.py")
    mapping = {"own": str(link / "lib"), "single": str(link / "single"), "space.deep": str(link / "deep")}
    finder = f"raise SystemExit\nMAPPING: dict[str, str] = {mapping!r}\n"
    told = {"__editable___own_finder.py": finder, "own.pth": "import __editable___own_finder\n"}
    assert keys(tmp_path, link, told) == ["own/a.py", "single.py", "space/deep/x.py"]


@pytest.mark.parametrize("finder", ["MAPPING = call()\n", "MAPPING = 3\n", "def broken(\n", "x = 1\n"])
def test_what_makes_its_modules_as_they_are_imported_cannot_be_packed(tmp_path: Path, finder: str) -> None:
    link = tmp_path / "project"
    write(link, "own.c")
    told = {"_own_loader.py": finder, "own.pth": "import _own_loader\n"}
    assert keys(tmp_path, link, told) is None


def test_a_link_that_leads_outside_is_left_out(tmp_path: Path) -> None:
    link = tmp_path / "project"
    write(link, "src/own/__init__.py", "secret.txt")
    (link / "src" / "own" / "out.txt").symlink_to(link / "secret.txt")
    (link / "src" / "own" / "in.py").symlink_to(link / "src" / "own" / "__init__.py")
    assert keys(tmp_path, link, {"own.pth": f"{link / 'src'}\n"}) == ["own/__init__.py", "own/in.py"]


def test_an_extension_module_is_noticed(tmp_path: Path) -> None:
    link = tmp_path / "project"
    write(link, "src/own/__init__.py", "src/own/fast.so")
    keys(tmp_path, link, {"own.pth": f"{link / 'src'}\n"})
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    found = sources_of(read_distribution(next(iter(metadata_folders([str(site)]))), tmp_path))
    assert found is not None
    assert found.compiled
