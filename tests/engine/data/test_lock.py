"""`data.lock` is read as it was written, stays the same where nothing changed, and says what is wrong with it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.engine.data._lock import LOCK_NAME, Lock, LockedData, named, read_lock, write_lock
from bancada.exceptions import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
ENTRY = st.builds(
    LockedData,
    name=TEXT,
    version=TEXT,
    id=st.none() | TEXT,
    data=TEXT,
    rows=st.integers(0, 2**40),
    files=st.dictionaries(TEXT, TEXT, max_size=3),
    dvc=st.dictionaries(TEXT, TEXT, max_size=2),
    columns=st.dictionaries(TEXT, TEXT, min_size=1, max_size=4),
)


def entry(name: str = "churn", version: str = "1") -> LockedData:
    return LockedData(name=name, version=version, data="d" * 64, rows=3, columns={"k": "int64", "a": "string"})


@given(st.lists(ENTRY, max_size=3, unique_by=lambda item: (item.name, item.version)))
def test_what_was_written_is_read(tmp_path_factory: pytest.TempPathFactory, entries: list[LockedData]) -> None:
    folder = tmp_path_factory.mktemp("lock")
    write_lock(folder, entries)
    lock = read_lock(folder)
    assert lock is not None
    assert list(lock.dataset) == sorted(entries, key=lambda item: (item.name, item.version))
    for item in entries:
        assert lock.of(item.name, item.version) == item
        assert list((lock.of(item.name, item.version) or item).columns) == list(item.columns)


def test_the_file_is_for_people_and_for_git(tmp_path: Path) -> None:
    assert write_lock(tmp_path, [entry("b"), entry("a")])
    text = (tmp_path / LOCK_NAME).read_text()
    assert text.startswith("# Written by `bancada data lock`")
    assert [item["name"] for item in tomllib.loads(text)["dataset"]] == ["a", "b"]
    before = (tmp_path / LOCK_NAME).stat().st_mtime_ns
    assert not write_lock(tmp_path, [entry("a"), entry("b")])
    assert (tmp_path / LOCK_NAME).stat().st_mtime_ns == before
    assert [path.name for path in tmp_path.iterdir()] == [LOCK_NAME]


def test_without_a_file_nothing_is_locked(tmp_path: Path) -> None:
    assert read_lock(tmp_path) is None
    assert Lock().of("churn", "1") is None


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("schema = ", "It cannot be read: Invalid value"),
        (
            'schema = "bancada.data.lock/2"',
            r"reads `data\.lock` in the form .*/1`\. Found 'bancada\.data\.lock/2'\. Upgrade",
        ),
        ("", r"Found None\. Upgrade bancada to read it, or write it anew"),
        ('schema = "bancada.data.lock/1"\n[[dataset]]\nname = "a"', "missing required field `data`"),
        ('schema = "bancada.data.lock/1"\n[[dataset]]\nname = 3', "Expected `str`, got `int`"),
        ('schema = "bancada.data.lock/1"\ndataset = 3', "Expected `array`"),
    ],
)
def test_what_is_no_lock_is_refused(tmp_path: Path, text: str, match: str) -> None:
    (tmp_path / LOCK_NAME).write_text(text)
    with pytest.raises(ConfigurationError, match=match):
        read_lock(tmp_path)


def test_a_dataset_stands_in_it_once(tmp_path: Path) -> None:
    write_lock(tmp_path, [entry()])
    text = (tmp_path / LOCK_NAME).read_text()
    (tmp_path / LOCK_NAME).write_text(text + text.partition("\n\n")[2].join(["\n", ""]))
    with pytest.raises(ConfigurationError, match=r"`churn`, version '1', stands in it twice"):
        read_lock(tmp_path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"It cannot be read: .*utf-8"):
        read_lock(tmp_path)


def test_fields_of_a_later_version_do_no_harm(tmp_path: Path) -> None:
    write_lock(tmp_path, [entry()])
    text = (tmp_path / LOCK_NAME).read_text()
    (tmp_path / LOCK_NAME).write_text(text.replace("rows = 3\n", 'rows = 3\nlater = "x"\n'))
    assert read_lock(tmp_path) == Lock(dataset=(entry(),))


def test_a_root_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).mkdir()
    with pytest.raises(ConfigurationError, match=r"`.*data\.lock` cannot be written: "):
        write_lock(tmp_path, [entry()])
    assert [path.name for path in tmp_path.iterdir()] == [LOCK_NAME]


def test_a_dataset_without_a_version_is_called_by_its_name() -> None:
    assert named("churn", "1") == "`churn`, version '1',"
    assert named("churn", "") == "`churn`"
