"""The interpreter and everything that is installed."""

from __future__ import annotations

import importlib.metadata
import platform
from typing import TYPE_CHECKING

from bancada.environments import metadata_folders, normal_name
from bancada.provenance import environment

if TYPE_CHECKING:
    from pathlib import Path


def test_every_installed_distribution_is_listed_once_with_its_version() -> None:
    found = environment()
    assert found.python == platform.python_version()
    assert list(found.packages) == sorted(set(found.packages))
    expected: dict[str, str] = {}
    for item in importlib.metadata.distributions():
        expected.setdefault(normal_name(item.name), item.version)
    assert dict(found.packages) == expected


def test_the_environment_is_captured_once() -> None:
    assert environment() is environment()


def test_the_distribution_found_first_counts(tmp_path: Path) -> None:
    for site, version in (("a", "2.0"), ("b", "1.0")):
        (tmp_path / site / f"Some_Thing-{version}.dist-info").mkdir(parents=True)
    folders = list(metadata_folders([str(tmp_path / "a"), str(tmp_path / "absent"), str(tmp_path / "b")]))
    assert [(folder.name, folder.version) for folder in folders] == [("some-thing", "2.0")]
