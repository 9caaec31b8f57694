"""Which manager an environment is of."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bancada.environments import manager_named, manager_of, managers


@pytest.mark.parametrize(
    ("configuration", "name"),
    [("home = /usr\nuv = 0.9\n", "uv"), ("home = /usr\nversion = 3.11.7\n", "venv"), (None, "system")],
)
def test_it_is_told_by_its_configuration(tmp_path: Path, configuration: str | None, name: str) -> None:
    if configuration is not None:
        (tmp_path / "pyvenv.cfg").write_text(configuration)
    assert manager_of(tmp_path, tmp_path).name == name


def test_this_environment_has_one(tmp_path: Path) -> None:
    assert manager_of(Path(sys.prefix), tmp_path).name in {manager.name for manager in managers()}


def test_each_is_found_by_its_name_and_no_two_share_one() -> None:
    names = [manager.name for manager in managers()]
    assert len(set(names)) == len(names)
    for name in names:
        found = manager_named(name)
        assert found is not None
        assert found.name == name
    assert manager_named("pixi") is None
