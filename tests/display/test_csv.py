"""A spreadsheet computes nothing."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.display import Column, Figure, Table, to_csv


def _cells(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(Table((Column("name"),), ((name,), ("end",)))))))


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\uff1d1", '"=1', "'=1", "|cmd", "\t=1"])
def test_a_formula_is_text(formula: str) -> None:
    assert not _cells(formula)[1][0].lstrip(' \t"').startswith(("=", "+", "-", "@", "|", "\uff1d"))


@given(st.text(min_size=1))
def test_one_cell_stays_one_cell_and_no_formula(name: str) -> None:
    rows = _cells(name)
    assert len(rows) == 3
    assert all(len(row) == 1 for row in rows if name.strip())
    assert not rows[1] or not rows[1][0].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_headings_are_guarded_too() -> None:
    assert to_csv(Table((Column("=1"),), ((1,),))) == "'=1\n1\n"


def test_numbers_are_written_in_full() -> None:
    table = Table((Column("a"), Column("b"), Column("c")), ((-0.123456789, Figure(0.84761234, "0.848"), None),))
    assert to_csv(table) == "a,b,c\n-0.123456789,0.84761234,\n"
