"""Installed code is told from a user's own."""

from __future__ import annotations

import collections
import functools
import json.decoder
import math
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.metrics import fbeta_score

import bancada.metrics
from bancada.metrics._named import is_installed, name_of_installed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "module", ["builtins", "math", "json.decoder", "numpy", "sklearn.metrics", "bancada.metrics", "xml.dom.minidom"]
)
def test_python_its_packages_and_this_one_are_installed(module: str) -> None:
    assert is_installed(module)


def test_what_a_user_wrote_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "own_module.py").touch()
    monkeypatch.setitem(sys.modules, "made_by_hand", ModuleType("made_by_hand"))
    for module in ("__main__", __name__, "own_module", "made_by_hand", "there_is_none"):
        assert not is_installed(module)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (math.sqrt, ("math", "sqrt")),
        (json.decoder.JSONDecoder.decode, ("json.decoder", "JSONDecoder.decode")),
        (np.mean, ("numpy", "mean")),
        (dict, ("builtins", "dict")),
        (fbeta_score, ("sklearn.metrics._classification", "fbeta_score")),
        (bancada.metrics.get, ("bancada.metrics._registry", "get")),
    ],
)
def test_what_is_installed_is_found_by_its_name(value: Any, name: tuple[str, str]) -> None:
    assert name_of_installed(value) == name


def test_what_a_library_made_of_a_users_function_is_not_the_librarys() -> None:
    def own(value: int) -> None:
        """Do nothing."""

    made = [functools.cache(own), functools.singledispatch(own), functools.partial(sorted), own, 1, "sorted"]
    made += [collections.namedtuple("Own", "a")]  # noqa: PYI024 - the class that the library makes is what is tested
    assert [name_of_installed(value) for value in made] == [None] * len(made)
