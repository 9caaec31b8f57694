"""What the tests of environments share: an index in a folder, an environment, a capture, a place for objects."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.environments.wheels import Objects, Venv, make_wheel, path_with_uv

from bancada.environments import _capture as room
from bancada.provenance import find_secrets

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.environments._capture import Captured


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wheels in a folder that stands for an index."""
    folder = tmp_path_factory.mktemp("index")
    make_wheel(folder, "plain")
    make_wheel(folder, "plain", "2.0")
    make_wheel(
        folder,
        "many-kinds",
        files={
            "many_kinds_more/__init__.py": "",
            "many_kinds_more/data, with comma.txt": "x\n",
            "@.data/scripts/many-tool": "#!python\nprint('tool')\n",
            "@.data/data/share/many/notes.txt": "notes\n",
            "@.dist-info/entry_points.txt": "[console_scripts]\nMany-Entry = many_kinds:VERSION\n",
        },
    )
    return folder


@pytest.fixture
def venv(tmp_path: Path, index: Path) -> Venv:
    """Make an environment with two packages from the index."""
    if shutil.which("uv", path=path_with_uv()) is None:
        pytest.skip("uv is not on the PATH")
    made = Venv.made(tmp_path / "env")
    made.add("plain==1.0", "many-kinds", UV_FIND_LINKS=str(index))
    return made


@pytest.fixture
def environ(index: Path) -> dict[str, str]:
    """Return the variables of a machine whose only index is the folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}
    cache = {"UV_CACHE_DIR": os.environ["UV_CACHE_DIR"]} if "UV_CACHE_DIR" in os.environ else {}
    return {**kept, **cache, "UV_NO_INDEX": "1", "UV_OFFLINE": "1", "UV_NO_CONFIG": "1", "UV_FIND_LINKS": str(index)}


class Looker:
    """Captures environments, with one cache and one root."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.cache = folder / "cache"
        self.root.mkdir()

    def __call__(self, venv: Venv) -> Captured:
        """Capture one."""
        return room.capture_of(venv.prefix, [str(venv.site)], self.root, self.cache, find_secrets)


@pytest.fixture
def look(tmp_path: Path) -> Looker:
    """Make a capture with an empty cache and an empty root."""
    return Looker(tmp_path)


@pytest.fixture
def objects() -> Objects:
    """Make an empty place."""
    return Objects()
