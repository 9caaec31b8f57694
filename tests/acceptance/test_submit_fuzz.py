"""Mangled submissions: told in three sentences or accepted for good reason, never half-written, never a traceback."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

Grid = list[list[str]]

CELLS = st.sampled_from(
    [
        "",
        "0",
        "1",
        "2",
        "29",
        "30",
        "-1",
        "1.0",
        "01",
        " 3 ",
        "1e3",
        "nan",
        "NA",
        "inf",
        "-inf",
        "0.5",
        "0,5",
        "1.5",
        "yes",
        *["True", "=1+1", '"', "a,b", "\x1b[31m", "é", "\ufeff", "999999999999999999999", "id", "train", "\n", "\0"],
    ]
)
HEADERS = st.sampled_from(
    [
        "id",
        "repeat",
        "fold",
        "part",
        "probability",
        "score",
        "label",
        "Id",
        "person",
        "",
        "prob",
        "x",
        "\x1b[31m",
        "id ",
    ]
)


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[str, int, int, str]]:
    kinds = st.sampled_from(["cell", "header", "drop line", "double line", "drop column", "cut line", "swap"])
    number = st.integers(0, 40)
    one = st.tuples(kinds, number, number, st.one_of(CELLS, HEADERS))
    return draw(st.lists(one, min_size=1, max_size=3))


def apply(grid: Grid, kind: str, row: int, column: int, text: str) -> None:
    if len(grid) < 2 or not grid[0]:
        return
    line = grid[1 + row % (len(grid) - 1)]
    place = column % max(len(line), 1)
    match kind:
        case "cell" if line:
            line[place] = text
        case "header":
            grid[0][column % len(grid[0])] = text
        case "drop line":
            grid.remove(line)
        case "double line":
            grid.append([*line])
        case "drop column":
            for item in grid:
                del item[column % len(grid[0]) : column % len(grid[0]) + 1]
        case "cut line":
            del line[place:]
        case "swap":
            grid[1][0], line[0] = (line[:1] or [""])[0], (grid[1][:1] or [""])[0]


def told_right(grid: Grid, truth: dict[int, float]) -> bool:
    """Judge a grid by the plainest reading of the rules, which shares no code with the one under test."""
    header = [name.strip() for name in grid[0]]
    if len(set(header)) < len(header) or not {"id", "person"} & set(header):
        return False
    ids = header.index("id") if "id" in header else header.index("person")
    try:
        seen = [int(float(line[ids])) for line in grid[1:] if line]
    except (ValueError, IndexError, OverflowError):
        return False
    return sorted(seen) == sorted(truth)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(wrong=changes(), separator=st.sampled_from([",", ";", "\t"]))
def test_a_mangled_submission_is_refused_or_right(
    typed: Typed, wrong: list[tuple[str, int, int, str]], separator: str
) -> None:
    split = typed.types("show", "--split", "--csv").out
    lines = [line for line in csv.DictReader(io.StringIO(split)) if line["part"] == "test"]
    truth = {int(line["id"]): int(line["id"]) % 7 / 7 for line in lines}
    grid: Grid = [["id", "repeat", "fold", "probability"]]
    grid += [[x["id"], x["repeat"], x["fold"], f"{truth[int(x['id'])]:.6f}"] for x in lines]
    for kind, row, column, text in wrong:
        apply(grid, kind, row, column, text)
    path = typed.root / "out.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=separator, escapechar="\\")
        writer.writerows(line for line in grid if line)
    before = typed.stored()
    told = typed.types("submit", "out.csv", "--as", "vendor")
    assert told.code in {0, 2}, told.err
    assert "Traceback" not in told.err
    assert "\x1b" not in told.err + told.out
    if told.code == 2:
        told.refuses()
        assert typed.stored() == before
    else:
        assert told_right(grid, truth), grid
        assert "vendor (r-" in told.err
