"""The door of scoring."""

from __future__ import annotations

import subprocess
import sys

import pytest

import bancada.scoring


def test_every_public_name_opens() -> None:
    assert bancada.scoring.__all__ == sorted(bancada.scoring.__all__)
    for name in bancada.scoring.__all__:
        assert callable(getattr(bancada.scoring, name))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = bancada.scoring.nothing


def test_the_door_alone_loads_nothing_heavy() -> None:
    code = "import sys, bancada.scoring; print([m for m in ('numpy', 'scipy', 'pyarrow') if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
