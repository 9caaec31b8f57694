"""Tests of `approvals.toml`."""

from __future__ import annotations

import os
import subprocess
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.exceptions import ConfigurationError
from bancada.judgement.approvals._entries import entry_of
from bancada.judgement.approvals._file import FILE_NAME, read_approvals, write_approvals

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'schema = "bancada.approvals/1"\n'
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.recursive(
    TEXTS | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def raw(who: str, subject: str = "evaluation", **more: Any) -> dict[str, Any]:
    said = {"problem": "risk", "subject": subject, "role": "data", "who": who, "when": "2026-11-23", "digest": "0" * 64}
    return said | more


def test_without_a_file_nobody_has_approved(tmp_path: Path) -> None:
    assert read_approvals(tmp_path) == ()


def test_an_empty_list_is_one(tmp_path: Path) -> None:
    write_approvals(tmp_path, [])
    assert read_approvals(tmp_path) == ()
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@given(more=st.dictionaries(TEXTS, VALUES, max_size=4))
def test_what_is_written_is_read_again_whatever_it_says(more: dict[str, Any], tmp_path_factory: Any) -> None:
    root = tmp_path_factory.mktemp("root")
    entry = entry_of(more | raw("ana"))
    write_approvals(root, [entry])
    assert [found.raw for found in read_approvals(root)] == [entry.raw]


def test_each_entry_is_one_line_and_their_order_does_not_matter(tmp_path: Path) -> None:
    entries = [entry_of(raw("rui")), entry_of(raw("ana")), entry_of(raw("ana", "code"))]
    write_approvals(tmp_path, entries)
    text = (tmp_path / FILE_NAME).read_text(encoding="utf-8")
    assert [line[2:].partition("role")[0] + line.partition("who")[2][:8] for line in text.splitlines()[3:-1]] == [
        '{ problem = "risk", subject = "code",  = "ana"',
        '{ problem = "risk", subject = "evaluation",  = "ana"',
        '{ problem = "risk", subject = "evaluation",  = "rui"',
    ]
    write_approvals(tmp_path, reversed(read_approvals(tmp_path)))
    assert (tmp_path / FILE_NAME).read_text(encoding="utf-8") == text


def test_lines_that_two_branches_wrote_stand_together_after_a_union(tmp_path: Path) -> None:
    for name, who in (("base", ()), ("ours", ("ana", "eva")), ("theirs", ("rui",))):
        (tmp_path / name).mkdir()
        write_approvals(tmp_path / name, [entry_of(raw(person)) for person in who])
    files = [str(tmp_path / name / FILE_NAME) for name in ("ours", "base", "theirs")]
    words = ["git", "merge-file", "-q", "--union", *files]
    subprocess.run(words, check=True, timeout=30)
    found = read_approvals(tmp_path / "ours")
    assert {entry.raw["who"] for entry in found} == {"ana", "eva", "rui"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<<<<<<< HEAD\n", r"Line 2 is '<<<<<<< HEAD', which a merge has left\. Keep the lines of both sides"),
        ("approvals = [\n=======\n]\n", r"Line 3 is '=======', which a merge has left"),
        ("approvals = [", r"It is no TOML: .* Correct that line, or restore the file from git"),
        ("a = 1\na = 2\n", r"It is no TOML: Cannot overwrite"),
        ("a = " + "[" * 3_000, r"It is no TOML"),
        ("approvals = 3\n", r"`approvals` is 3\. It is a list"),
        (f"approvals = [{'0, ' * 5_001}]\n", r"`approvals` is 5,001 entries\. It is a list of up to 5,000"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=message):
        read_approvals(tmp_path)


@pytest.mark.parametrize("head", ["", 'schema = "bancada.approvals/2"\n', "schema = 1\n"])
def test_a_file_of_another_version_is_refused(head: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(head + "approvals = []\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"in the form `bancada\.approvals/1`.*Upgrade bancada"):
        read_approvals(tmp_path)


def test_a_file_that_is_none_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE_NAME)
    with pytest.raises(ConfigurationError, match="It is no file"):
        read_approvals(tmp_path)


def test_no_link_is_followed_and_no_folder_read(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("secret = 1\n", encoding="utf-8")
    (tmp_path / FILE_NAME).symlink_to(tmp_path / "other")
    with pytest.raises(ConfigurationError, match="It cannot be read") as caught:
        read_approvals(tmp_path)
    assert "secret" not in str(caught.value)
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(ConfigurationError, match=r"It cannot be read: Is a directory\."):
        read_approvals(tmp_path)


@pytest.mark.parametrize("content", [b"\xff\xfe", b" " * 4_000_001])
def test_bytes_that_are_no_text_or_too_many_are_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"cannot be read|It has 4,000,001 bytes"):
        read_approvals(tmp_path)


def test_a_root_that_cannot_be_written_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(ConfigurationError, match="cannot be written"):
        write_approvals(tmp_path, [])
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_what_nobody_knows_beside_the_entries_is_kept(tmp_path: Path) -> None:
    more = 'ticket = "AB-1"\nminutes = { day = 2026-11-23, "who was there" = ["Ana"] }\n'
    (tmp_path / FILE_NAME).write_text(HEAD + more + "approvals = []\n", encoding="utf-8")
    write_approvals(tmp_path, read_approvals(tmp_path))
    told = tomllib.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8"))
    assert told == tomllib.loads(HEAD + more + "approvals = []\n")


def test_dates_that_somebody_wrote_by_hand_are_kept(tmp_path: Path) -> None:
    text = HEAD + 'approvals = [{ on = 2026-11-23, at = 2026-11-23T12:00:00Z, huge = inf, who = "ana" }]\n'
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    entries = read_approvals(tmp_path)
    write_approvals(tmp_path, entries)
    assert tomllib.loads((tmp_path / FILE_NAME).read_text())["approvals"] == tomllib.loads(text)["approvals"]
