"""Laws of targets; what a worker does is in `test_process.py`."""

from __future__ import annotations

import json.decoder

import pytest

from bancada.exceptions import DefinitionError
from bancada.executors._worker import check_target, load_factory


def test_a_target_may_name_a_nested_function() -> None:
    assert load_factory("json.decoder:JSONDecoder.decode") is json.decoder.JSONDecoder.decode  # type: ignore[comparison-overlap] # any callable


def test_a_missing_module_or_name_is_pythons_own_error() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        load_factory("no_such_module:factory")
    with pytest.raises(AttributeError, match="no_such_name"):
        load_factory("json:no_such_name")


@pytest.mark.parametrize("target", ["", "json", ":", "json:", ":dumps"])
def test_a_target_of_another_form_is_refused(target: str) -> None:
    with pytest.raises(DefinitionError, match=f"`module:qualname`.*It is {target!r}"):
        check_target(target)
