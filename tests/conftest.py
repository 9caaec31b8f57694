"""What every test runs under: hypothesis without a clock, and no file outside the test's own folders."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from bancada.environments._capture import capture_of
from bancada.provenance import find_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

# Beside what other tools keep: it stands from one run of the tests to the next.
LOOKED_AT = Path(__file__).parent.parent / ".cache" / "environment-of-the-tests"

# A slow machine is no failure, so no example has a deadline. Examples are the same on each run unless
# `BANCADA_EXPLORE=1` asks for new ones: a red run is then red for its change, not for its luck.
settings.register_profile(
    "fixed", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile("explore" if os.environ.get("BANCADA_EXPLORE") else "fixed")


@pytest.fixture(scope="session")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache in which the environment of the tests is known: the first look at all of its files takes seconds.

    A test that makes a cache of its own copies it, by links.
    """
    capture_of(Path(sys.prefix), sys.path, tmp_path_factory.mktemp("nowhere"), LOOKED_AT, find_secrets)
    return LOOKED_AT


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give new folders. pytest's own numbered ones cost more the more there are: thousands of tests, a minute."""
    above: Path = tmp_path_factory.mktemp("homes")
    return (above / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_home(looked_at: Path, homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an empty home, a cache that knows the environment alone, and none of the caller's settings."""
    home = next(homes)
    home.mkdir()
    for name in [name for name in os.environ if name.startswith(("BANCADA_", "XDG_", "GIT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    shutil.copytree(looked_at, home / "cache", copy_function=os.link)
    monkeypatch.setenv("BANCADA_CACHE", str(home / "cache"))
