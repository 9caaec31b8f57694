"""What pip takes out of a prefix, and nothing outside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bancada.environments._conda._site import packages_folder, remove_distribution

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "prefix" / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    return site


def brought(site: Path, *rows: str) -> Path:
    metadata = site / "tiny-1.dist-info"
    metadata.mkdir()
    (metadata / "RECORD").write_text("".join(f"{row},,\n" for row in rows))
    return metadata


def test_its_files_and_what_is_then_empty_are_gone(site: Path, tmp_path: Path) -> None:
    (site / "tiny" / "inner").mkdir(parents=True)
    (site / "tiny" / "inner" / "a.py").touch()
    (site / "near.py").touch()
    (tmp_path / "prefix" / "bin").mkdir()
    (tmp_path / "prefix" / "bin" / "tiny").touch()
    metadata = brought(site, "tiny/inner/a.py", "../../../bin/tiny", "tiny-1.dist-info/RECORD", "never/there.py")
    remove_distribution(tmp_path / "prefix", metadata)
    assert [path.name for path in site.iterdir()] == ["near.py"]
    assert list((tmp_path / "prefix" / "bin").iterdir()) == []


def test_nothing_outside_the_prefix_is_removed(site: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("by-path", "by-link", "absolute"):
        (outside / name).touch()
    (site / "link").symlink_to(outside)
    (site / "file").symlink_to(outside / "by-link")
    metadata = brought(site, "../../../../outside/by-path", "link/by-link", str(outside / "absolute"), "file")
    remove_distribution(tmp_path / "prefix", metadata)
    assert sorted(path.name for path in outside.iterdir()) == ["absolute", "by-link", "by-path"]
    assert not (site / "file").is_symlink()


def test_a_distribution_without_a_list_loses_its_metadata(site: Path, tmp_path: Path) -> None:
    metadata = site / "tiny-1.dist-info"
    metadata.mkdir()
    remove_distribution(tmp_path / "prefix", metadata)
    assert list(site.iterdir()) == []


def test_the_folder_of_packages_is_that_of_the_python(site: Path, tmp_path: Path) -> None:
    assert packages_folder(tmp_path / "prefix", "3.11.7") == site
    assert packages_folder(tmp_path, "3.12.1") == tmp_path / "lib" / "python3.12" / "site-packages"
    free = tmp_path / "lib" / "python3.13t" / "site-packages"
    free.mkdir(parents=True)
    assert packages_folder(tmp_path, "3.13.0") == free
