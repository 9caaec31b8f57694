"""What is refused before it starts names every missing piece, and what would mend it."""

from __future__ import annotations

import pytest

from bancada.engine.evidence import Foreseen, refuse_incomplete, remedy_of
from bancada.exceptions import UsageError


def test_nothing_is_refused_where_nothing_is_missing() -> None:
    refuse_incomplete(())


def test_every_piece_is_named_once_with_all_its_claims_and_each_remedy_once() -> None:
    shared = "`/srv/terms.txt` was read, outside the project"
    other = "`/srv/more.txt` was read, outside the project"
    foreseen = [
        Foreseen("a", (shared, other)),
        Foreseen("b", (shared,)),
        *(Foreseen(f"c{n}", (other,)) for n in range(4)),
    ]
    with pytest.raises(UsageError, match="With `--strict` a run starts where its evidence will be complete") as refused:
        refuse_incomplete(foreseen)
    assert refused.value.found.splitlines() == [
        "These would be missing:",
        f"  `a`, `b`: {shared}",
        f"  `a`, `c0`, `c1` and 2 more: {other}",
    ]
    assert refused.value.remedy == "Keep it below the root, or make it part of the dataset."


def test_a_known_run_is_run_anew() -> None:
    with pytest.raises(UsageError, match="run it anew with `--again`"):
        refuse_incomplete([Foreseen("a", ("x",), known=True)])


def test_many_pieces_are_counted() -> None:
    with pytest.raises(UsageError, match="and 8 more"):
        refuse_incomplete([Foreseen("a", tuple(f"piece {n}" for n in range(20)))])


@pytest.mark.parametrize(
    ("phrase", "remedy"),
    [
        ("`churn` is installed in editable form", "install it from a wheel"),
        ("source `a.py` was withheld: it holds token", "take the secret out"),
        ("the code of `f`, which exists in this session", "write it as a function"),
        ("file `big.bin` is larger than 20 MB", "make it part of the dataset"),
        ("source `a.py` changed while the run was under way", "leave the file where it is"),
        ("package `torch` 2.1: no index gives it back", "install it from an index"),
        ("something else", "`bancada show --code`"),
    ],
)
def test_each_kind_has_its_remedy(phrase: str, remedy: str) -> None:
    assert remedy in remedy_of(phrase)
