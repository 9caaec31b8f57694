"""Data that cannot be used are told in three sentences; no run, no fold and no schema is kept of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

HEADER = "person,a,b,ill\n"


def _rows(*rows: str) -> str:
    return HEADER + "".join(f"{row}\n" for row in rows)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param(
            _rows("1,1,1,0", "1,2,2,1", "2,3,3,1"),
            ("Ids must be unique.", "`person` of `people` repeats an id in 1 row, first 1.", "`id=bc.ROW`"),
            id="duplicate ids",
        ),
        pytest.param(
            _rows("1,1,1,0", ",2,2,1"),
            ("Each row must have an id.", "`person` of `people` is null in 1 row, first in row 2.", "Fill the ids"),
            id="missing ids",
        ),
        pytest.param(
            "a,b,ill\n1,1,0\n2,2,1\n",
            (
                "The id must be a column of the dataset.",
                "`people` has no column `person`.",
                "Known are `a`, `b`, `ill`.",
            ),
            id="no id column",
        ),
        pytest.param(
            "person,a,b,sick\n1,1,1,0\n2,2,2,1\n",
            ("`target` of problem `risk` names columns", "Found no column `ill`.", "Known are `a`, `b`"),
            id="absent target",
        ),
        pytest.param(
            _rows(*(f"{person},1,2,1" for person in range(9))),
            ("A binary target must hold exactly two classes.", "`ill` holds 1: 1.", "Check which rows"),
            id="one class",
        ),
        pytest.param(
            _rows(*(f"{person},1,2,{person % 3}" for person in range(9))),
            ("A binary target must hold exactly two classes.", "`ill` holds 3: 0, 1, 2.", "Use `Multiclass()`"),
            id="three classes",
        ),
        pytest.param(
            _rows("1,1,1,0", "2,2,2,", "3,1,1,1"),
            ("Every row needs a known target.", "`ill` is null or NaN in 1 of 3 rows.", "Leave these rows out"),
            id="NaN in the target",
        ),
        pytest.param(
            _rows("1,1,1,0", "2,2,2", "3,1,1,1"),
            ("as many fields in each line as in its header", "`data.csv`, line 3: Expected 4 columns, got 3: 2,2,2."),
            id="a line too short",
        ),
        pytest.param(
            _rows("1,1,1,0", "2,\x1b[31m2,2"),
            ("as many fields in each line as in its header", r"line 3: Expected 4 columns, got 3: 2,\x1b[31m2,2."),
            id="a line too short with an escape",
        ),
        pytest.param("", ("A CSV file must have a header and rows.", "`data.csv` is empty."), id="nothing"),
        pytest.param(
            HEADER,
            ("A dataset must have rows and columns.", "`people` has 0 rows and 4 columns.", "Check the source"),
            id="a header alone",
        ),
        pytest.param(
            "person;a;b;ill\n1;2;3;0\n",
            ("must be separated by commas.", "the single column 'person;a;b;ill'.", "sep=';'"),
            id="semicolons",
        ),
        pytest.param(
            "person,a,a,ill\n1,1,1,0\n",
            ("Columns must have names of their own.", "`people` has more than one `a`.", "Rename or drop"),
            id="a column twice",
        ),
        pytest.param(
            "person,a,ill\n1,1,0\n2,2,1\n",
            ("`features` of problem `risk` names columns", "Found no column `b`."),
            id="absent feature",
        ),
        pytest.param(
            _rows("1,1,1,0", "2,2,2,1"),
            ("A split into `k` folds needs at least that many rows.", "There are 2 rows for `k=3`.", "smaller `k`"),
            id="fewer rows than folds",
        ),
        pytest.param(
            _rows(*(f"{person},1,2,{int(person == 3)}" for person in range(9))),
            ("Each class of the target must have at least 3 rows", "The class 1 has 1.", "`stratify=False`"),
            id="a class too rare",
        ),
    ],
)
def test_a_csv_file_that_cannot_be_used_leaves_nothing_behind(
    typed: Typed, text: str, sentences: tuple[str, ...]
) -> None:
    typed.write_data(text)
    typed.runs().refuses(*sentences)
    assert typed.stored() == []


def test_columns_of_a_file_that_failed_do_not_bind_the_file_that_mends_it(typed: Typed) -> None:
    typed.write_data("person,a,b,sick\n1,1,1,0\n2,2,2,1\n")
    assert typed.runs().code == 2
    typed.write_data()
    assert typed.runs().code == 0


def test_bytes_that_are_no_utf_8_are_named(typed: Typed) -> None:
    (typed.root / "data.csv").write_bytes((HEADER + "1,ä,1,0\n").encode("latin-1"))
    typed.runs().refuses("A CSV file must be UTF-8.", "Column `a` of `data.csv` has bytes", "Save the file as UTF-8.")
    assert typed.stored() == []


def test_a_file_that_is_not_there_is_named_with_those_that_are(typed: Typed) -> None:
    (typed.root / "data.csv").rename(typed.root / "dat.csv")
    typed.runs().refuses("A dataset's file must exist.", f"There is no file `{typed.root / 'data.csv'}`.", "`dat.csv`")
    assert typed.stored() == []


class TestASchemaThatChanged:
    """The columns of a dataset's version are those that its first run read."""

    @pytest.fixture(autouse=True)
    def _ran(self, typed: Typed) -> None:
        assert typed.runs().code == 0

    @pytest.mark.parametrize(
        ("text", "sentences"),
        [
            (
                "person,a,ill,region\n1,1,0,x\n2,2,1,y\n",
                (
                    "`data.csv` must have the columns of its schema.",
                    "It misses `b`.",
                    "Correct the file, or the schema",
                ),
            ),
            (
                "person,a,b,ill,region,age\n1,1,1,0,x,9\n2,2,2,1,y,9\n",
                ("`data.csv` must have the columns of its schema.", "It also has `age`."),
            ),
            (
                "person,a,b,ill,region\n1,1.5,1,0,x\n2,oops,2,1,y\n",
                ("must have the types of its schema.", "Column `a` was double, is string since value 'oops' in row 2."),
            ),
        ],
    )
    def test_it_is_named_and_nothing_is_recorded(self, typed: Typed, text: str, sentences: tuple[str, ...]) -> None:
        before = typed.stored()
        typed.write_data(text)
        typed.runs().refuses(*sentences)
        assert typed.stored() == before
        typed.types("show", "--split").refuses(*sentences)
        typed.types("fit", "first").refuses(*sentences)
        assert typed.stored() == before

    def test_a_new_version_may_have_other_columns(self, typed: Typed) -> None:
        typed.rows(person=[*range(12)], a=["x", "y"] * 6, b=[1.5, 2.5] * 6, ill=[0, 1, 1] * 4)
        typed.write(
            candidates="@bc.candidate\ndef second():\n    return Curve(column='b')\n",
            dataset='bc.Dataset.from_file("data.csv", name="people", version="2", id="person")',
        )
        assert typed.runs().code == 0
