"""What every test runs under: hypothesis without a clock, and no file outside the test's own folders."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from pathlib import Path

# A slow machine is no failure, so no example has a deadline. Examples are the same on each run unless
# `BANCADA_EXPLORE=1` asks for new ones: a red run is then red for its change, not for its luck.
settings.register_profile(
    "fixed", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile("explore" if os.environ.get("BANCADA_EXPLORE") else "fixed")


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an empty home and cache, and none of the caller's settings."""
    home: Path = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("BANCADA_", "XDG_", "GIT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("BANCADA_CACHE", str(home / "cache"))
