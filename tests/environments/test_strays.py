"""What belongs to no package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.environments._memory import Was
from bancada.environments._strays import legacy_packages, strays
from bancada.records.environments import Package

if TYPE_CHECKING:
    from pathlib import Path


def test_modules_that_no_package_lists_are_named(tmp_path: Path) -> None:
    site = tmp_path / "site-packages"
    site.mkdir()
    for name in ("own.py", "dropped.py", "dropped.pth", "fast.so", "notes.txt", "_virtualenv.py"):
        (site / name).write_text("")
    was = Was("", {str(site): ["own.py"]}, Package(name="own", version="1"))
    assert strays([str(site), str(tmp_path)], [was]) == [
        f"`site-packages/{name}` belongs to no installed package" for name in ("dropped.pth", "dropped.py", "fast.so")
    ]


def test_old_forms_are_named_and_cannot_be_had_again(tmp_path: Path) -> None:
    site = tmp_path / "dist-packages"
    (site / "Old_Thing-1.2-py3.11.egg-info").mkdir(parents=True)
    (site / "linked.egg-link").write_text("")
    (site / "new-1.0.dist-info").mkdir()
    found = list(legacy_packages([str(site), str(tmp_path / "absent")]))
    assert [(package.name, package.version, package.origin) for package in found] == [
        ("old-thing", "1.2", "missing"),
        ("linked", "", "missing"),
    ]


def test_of_a_name_in_two_old_forms_the_first_counts(tmp_path: Path) -> None:
    site = tmp_path / "site-packages"
    for folder in (site / "old-1.0-py3.11.egg-info", tmp_path / "dist-packages" / "old-0.9.egg-info"):
        folder.mkdir(parents=True)
    (site / "old.egg-link").write_text("")
    found = list(legacy_packages([str(site), str(tmp_path / "dist-packages")]))
    assert [(package.name, package.version) for package in found] == [("old", "1.0")]


def test_a_folder_of_modules_that_no_package_lists_is_named(tmp_path: Path) -> None:
    site = tmp_path / "site-packages"
    for name in ("own/deep/a.py", "dropped/deep/b.py", "plain/notes.txt", "left/__pycache__/c.pyc", "~gone/d.py"):
        (site / name).parent.mkdir(parents=True)
        (site / name).write_text("")
    was = Was("", {str(site / "own" / "deep"): ["a.py"]}, Package(name="own", version="1"))
    assert strays([str(site)], [was]) == ["`site-packages/dropped` belongs to no installed package"]
    assert strays([str(site)], [was], {"dropped"}) == []
