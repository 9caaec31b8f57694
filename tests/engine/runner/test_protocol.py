"""The files between a driver and a runner: unknown fields are no obstacle, newer versions and damage are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from bancada.engine.runner import read_job, read_result, read_template
from bancada.exceptions import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLE = Path(__file__).with_name("samples") / "job-1"
JOB = json.loads((SAMPLE / "job.json").read_text())
RESULT = json.loads((SAMPLE / "answered" / "result.json").read_text())

every_form = pytest.mark.parametrize(
    ("read", "document"), [(read_job, JOB), (read_result, RESULT), (read_template, JOB["template"])]
)


@every_form
def test_a_document_is_read_and_written_as_it_was(read: Callable[[bytes], Any], document: dict[str, Any]) -> None:
    written = msgspec.to_builtins(read(json.dumps(document).encode()))
    again = msgspec.to_builtins(read(json.dumps(written).encode()))
    assert written == again
    assert document.items() <= written.items() or set(document) <= set(written)


@every_form
def test_fields_of_later_versions_are_no_obstacle(read: Callable[[bytes], Any], document: dict[str, Any]) -> None:
    assert read(json.dumps({**document, "unheard": [1]}).encode()) == read(json.dumps(document).encode())


@every_form
def test_a_newer_version_is_told(read: Callable[[bytes], Any], document: dict[str, Any]) -> None:
    newer = document["schema"].rpartition("/")[0] + "/2"
    with pytest.raises(StoreError, match=f"Found `{newer}`"):
        read(json.dumps({**document, "schema": newer}).encode())


@every_form
@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"schema": 1}', b"{}"])
def test_damage_is_told(read: Callable[[bytes], Any], document: dict[str, Any], data: bytes) -> None:
    assert document
    with pytest.raises(StoreError, match="is a JSON document of"):
        read(data)
