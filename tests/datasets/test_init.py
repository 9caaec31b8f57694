"""The door of `bancada.datasets`."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import bancada.datasets


def test_every_public_name_is_behind_the_door() -> None:
    assert bancada.datasets.__all__ == sorted(bancada.datasets.__all__, key=lambda name: (not name.isupper(), name))
    assert all(getattr(bancada.datasets, name) is not None for name in bancada.datasets.__all__)
    assert set(bancada.datasets._DOOR) == set(bancada.datasets.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = bancada.datasets.nothing


def test_the_door_alone_loads_nothing_heavy() -> None:
    code = "import sys, bancada.datasets; print({'numpy', 'pandas', 'pyarrow', 'scipy', 'sklearn'} & set(sys.modules))"
    path = os.pathsep.join(filter(None, sys.path))
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path}
    )
    assert answer.stdout.strip() == "set()"
