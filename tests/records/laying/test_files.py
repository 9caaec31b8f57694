"""What a record would have laid out: each file once, and one answer for whoever asks."""

from __future__ import annotations

from typing import Any

import pytest

from bancada.exceptions import StoreError
from bancada.records.laying import laid_files

A, B = "a" * 64, "b" * 64


def test_files_of_both_fields_are_laid_out() -> None:
    told = {"sources": {"a.py": A, "same.py": B}, "files": {"b.toml": B, "same.py": B}}
    assert laid_files(told) == {"a.py": A, "same.py": B, "b.toml": B}


@pytest.mark.parametrize("fields", [("sources", "files"), ("files", "sources")])
def test_two_contents_of_one_path_are_refused(fields: tuple[str, str]) -> None:
    told = {fields[0]: {"evil.py": A}, fields[1]: {"evil.py": B}}
    with pytest.raises(StoreError, match=r"names two contents for 'evil\.py'"):
        laid_files(told)


@pytest.mark.parametrize("told", [{}, {"sources": 3, "files": "x"}, {"sources": ["a.py"], "files": None}])
def test_what_names_no_files_lays_out_none(told: dict[str, Any]) -> None:
    assert laid_files(told) == {}


def test_a_long_name_is_shortened_and_its_hidden_characters_are_told() -> None:
    with pytest.raises(StoreError, match=r"'\\x1bx{79}…'|'\\x1bx{79}\\u2026'"):
        laid_files({"sources": {"\x1b" + "x" * 5_000: A}, "files": {"\x1b" + "x" * 5_000: B}})
