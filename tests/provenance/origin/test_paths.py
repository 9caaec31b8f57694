"""Paths of a record: none leads out, none deceives, and there are not too many."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.exceptions import StoreError
from bancada.provenance.origin import Caps, checked_path, write_tree

HOSTILE = (
    "", "/etc/passwd", "//server/share", "..", "../x", "a/../../x", "a/..", "./a", "a//b", "a/", "C:/x", "c:x", "a\\b",
    "..\\x", "a\nb", "a\x00b", "a\x1b[2J", "a\u202eb", "a\u200bb", "a\u2028b", "\ud800", ".git/c", "a/.GIT/hooks/x",
    ".git./config", ".git /config", "a/" * 80 + "a", "a" * 300, "\u00e9" * 200, "/".join(["a" * 200] * 6),
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_path_that_leads_out_or_deceives_is_refused(name: str) -> None:
    with pytest.raises(StoreError, match="A path in a record leads to a place below the folder") as caught:
        checked_path(name)
    assert str(caught.value).isascii()
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("name", ["a.py", "src/churn/models.py", "dados/clientes de março.csv", ".gitignore", "~/x"])
def test_a_path_below_is_taken_as_it_is(name: str) -> None:
    assert checked_path(name) == PurePosixPath(name)


@given(st.text(max_size=40))
def test_what_is_taken_stays_below(name: str) -> None:
    try:
        path = checked_path(name)
    except StoreError:
        return
    folder = Path("/somewhere/below")
    assert (folder / path).parts[: len(folder.parts)] == folder.parts
    assert ".." not in path.parts


def test_files_are_written_below_their_folder(tmp_path: Path) -> None:
    objects = {"1": b"one", "2": b"two"}
    write_tree(tmp_path, {"a/b/c.txt": "1", "a/d.txt": "2"}, objects.__getitem__)
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == b"one"
    assert (tmp_path / "a" / "d.txt").read_bytes() == b"two"


def test_nothing_is_written_where_one_path_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="it has a part"):
        write_tree(tmp_path, {"a.txt": "1", "../b.txt": "1"}, {"1": b"x"}.__getitem__)
    assert list(tmp_path.iterdir()) == []


def test_no_link_is_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    (folder / "file").symlink_to(outside / "new")
    for name in ("link/x", "file"):
        with pytest.raises(StoreError, match="Each file of a record has a place of its own"):
            write_tree(folder, {name: "1"}, {"1": b"x"}.__getitem__)
    assert list(outside.iterdir()) == []


def test_a_file_is_no_folder_at_once(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="`a` is no folder"):
        write_tree(tmp_path, {"a": "1", "a/b": "1"}, {"1": b"x"}.__getitem__)


@pytest.mark.parametrize(
    ("caps", "told"),
    [
        (Caps(files=1), "This one has 2 files"),
        (Caps(file_bytes=2), "3 bytes for 'a'"),
        (Caps(total_bytes=5), "more than 5 bytes"),
    ],
)
def test_no_more_is_written_than_the_caps_allow(tmp_path: Path, caps: Caps, told: str) -> None:
    with pytest.raises(StoreError, match=told):
        write_tree(tmp_path, {"a": "1", "b": "1"}, {"1": b"one"}.__getitem__, caps)


def test_a_million_entries_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="1,000,000 files"):
        write_tree(tmp_path, {f"{number}": "1" for number in range(1_000_000)}, {"1": b"x"}.__getitem__)
    assert list(tmp_path.iterdir()) == []


def test_what_the_file_system_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is written below one folder"):
        write_tree(tmp_path / "gone", {"a": "1"}, {"1": b"x"}.__getitem__)
