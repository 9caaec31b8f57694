"""A channel of tiny packages, and a prefix made from it once."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.environments._conda.conda_channel import (
    CHANNEL,
    PLACEHOLDER,
    Recipe,
    distribution,
    index,
    make_prefix,
    python_recipe,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Forge:
    """A channel, and a prefix that holds its packages.

    Attributes:
        channel: The channel's folder.
        prefix: The prefix. Tests look at it, and change copies.
    """

    channel: Path
    prefix: Path

    @property
    def address(self) -> str:
        """The channel's address."""
        return self.channel.as_uri()


@pytest.fixture(scope="session")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Forge:
    rattler = pytest.importorskip("rattler", reason="py-rattler is not installed: bancada[conda] has it")
    if os.name == "nt":
        pytest.skip("the tiny package of Python is made of links")
    place = tmp_path_factory.mktemp("forge")
    channel = place / CHANNEL
    subdir = str(rattler.Subdir.current())
    told = {
        "tiny/__init__.py": b"NUMBER = 1\n",
        "tiny/place.py": f'PREFIX = "{PLACEHOLDER}/share"\n'.encode(),
    }
    tiny = distribution("tiny", "1.0", told)
    recipes = [
        python_recipe(subdir),
        Recipe(
            name="tiny",
            version="1.0",
            files=tiny,
            noarch="python",
            depends=("python >=3",),
            prefixed=frozenset({"site-packages/tiny/place.py"}),
        ),
        Recipe(
            name="other",
            version="1.0",
            files=distribution("other", "1.0", {"other/__init__.py": b"OLD = 1\n", "other/gone.py": b""}),
            noarch="python",
            depends=("python", "clib >=2"),
        ),
        Recipe(name="clib", version="2.0", files={"lib/libc.txt": b"compiled\n"}, subdir=subdir, build="h0_1"),
    ]
    for recipe in recipes:
        write(channel, recipe)
    index(channel)
    make_prefix(place / "prefix", channel.as_uri(), ["python", "tiny", "other"], place / "cache")
    return Forge(channel, place / "prefix")


@pytest.fixture
def prefix(forge: Forge, tmp_path: Path) -> Path:
    """Return a copy of the prefix that a test may change."""
    return shutil.copytree(forge.prefix, tmp_path / "prefix", symlinks=True)


@pytest.fixture
def environ(forge: Forge, tmp_path: Path) -> dict[str, str]:
    """Return the variables of a machine whose only channel is this one."""
    home = tmp_path / "home"
    home.mkdir()
    return {"PATH": os.environ["PATH"], "HOME": str(home), "CONDA_CHANNELS": forge.address, "UV_OFFLINE": "1"}
