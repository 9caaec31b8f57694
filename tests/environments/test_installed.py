"""Which distributions are there."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING

from bancada.environments import metadata_folders, normal_name

if TYPE_CHECKING:
    from pathlib import Path


def test_every_installed_distribution_is_found_once() -> None:
    expected: dict[str, str] = {}
    for item in importlib.metadata.distributions():
        expected.setdefault(normal_name(item.name), item.version)
    found = list(metadata_folders())
    assert {folder.name: folder.version for folder in found} == expected
    assert len(found) == len(expected)


def test_the_distribution_found_first_counts(tmp_path: Path) -> None:
    for site, version in (("a", "2.0"), ("b", "1.0")):
        (tmp_path / site / f"Some_Thing-{version}.dist-info").mkdir(parents=True)
    folders = list(metadata_folders([str(tmp_path / "a"), str(tmp_path / "absent"), str(tmp_path / "b")]))
    assert [(folder.name, folder.version) for folder in folders] == [("some-thing", "2.0")]
