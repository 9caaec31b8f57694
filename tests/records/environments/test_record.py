"""The record of an environment: a round trip, the form of earlier versions, and what is no environment."""

from __future__ import annotations

import json
import pickle

import msgspec
import pytest

from bancada.exceptions import EnvironmentNotRebuilt, StoreError
from bancada.identity import canonical_json
from bancada.records.environments import EnvironmentRecord, Package, read_environment

OLD = {
    "python": "3.11.7",
    "implementation": "CPython",
    "tag": "linux-x86_64",
    "libc": "glibc 2.36",
    "platform": "Linux-6.1-x86_64",
    "packages": [["numpy", "2.4.6"], ["scipy", "1.17.0"]],
}
RECORD = EnvironmentRecord(
    manager="uv",
    python="3.11.7",
    implementation="CPython",
    tag="linux-x86_64",
    platform="Linux",
    packages=(
        Package(name="numpy", version="2.4.6", content="a" * 64, hashes=("sha256:" + "b" * 64,)),
        Package(name="own", version="1", content="c" * 64, origin="kept", kept="d" * 64, why="editable"),
    ),
    locks={"uv.lock": "e" * 64},
    details={"uv": "0.9"},
)


def test_what_is_written_is_what_is_read() -> None:
    assert read_environment(canonical_json(msgspec.to_builtins(RECORD))) == RECORD


def test_unknown_fields_stop_nothing() -> None:
    told = {**msgspec.to_builtins(RECORD), "later": [1]}
    assert read_environment(canonical_json(told)) == RECORD


def test_it_names_the_objects_that_it_needs() -> None:
    assert RECORD.objects == {"d" * 64, "e" * 64}


def test_an_environment_of_the_first_version_is_read_with_what_it_lacks() -> None:
    record = read_environment(json.dumps(OLD).encode())
    assert [(package.name, package.version, package.content) for package in record.packages] == [
        ("numpy", "2.4.6", ""),
        ("scipy", "1.17.0", ""),
    ]
    assert record.schema == "store.environment/0"
    assert (record.python, record.libc, record.manager) == ("3.11.7", "glibc 2.36", "")
    assert record.missing == ("the packages were recorded by name and version only, by an earlier bancada",)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"packages": 3}', b'{"packages": [["a"]]}', b'{"schema": "store.environment/1"}', b"\xff"],
)
def test_what_is_no_environment_is_refused(data: bytes) -> None:
    with pytest.raises(StoreError, match="must be one that bancada wrote"):
        read_environment(data)


def test_the_error_keeps_its_packages_across_processes() -> None:
    error = EnvironmentNotRebuilt("A.", "B.", "C.", ["own"])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - it was made above
    assert (str(again), again.packages) == ("A. B. C.", ("own",))
