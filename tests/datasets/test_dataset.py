"""The constructors' door."""

from __future__ import annotations

from typing import Any

import pytest

from bancada.datasets import ROW, Dataset
from bancada.exceptions import DefinitionError


def test_the_door_is_never_instantiated() -> None:
    with pytest.raises(DefinitionError, match=r"is a door of constructors.*`bc\.Dataset\.from_file"):
        Dataset()


@pytest.mark.parametrize(
    ("labels", "match"),
    [
        ({"name": ""}, r"`name` of a dataset must be a text\. It is ''"),
        ({"name": 3}, r"`name` of a dataset must be a text\. It is 3"),
        ({"name": "d", "version": 2}, r"`version` of a dataset must be a text\. It is 2\. Say `version='1'`"),
    ],
)
def test_labels_are_texts(labels: dict[str, Any], match: str) -> None:
    with pytest.raises(DefinitionError, match=match):
        Dataset.from_frame({"x": [1]}, id=ROW, **labels)


def test_a_function_must_be_callable() -> None:
    with pytest.raises(DefinitionError, match=r"must be a function that returns a frame\. It is 3"):
        Dataset.from_function(3, name="d", id=ROW)  # type: ignore[arg-type] # what the test is about
