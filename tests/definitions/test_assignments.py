"""Tests of assignments of the command line."""

from __future__ import annotations

import enum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.definitions import candidate, parse_assignments
from bancada.definitions._literals import write
from bancada.exceptions import ConfigurationError, NotFoundError


class Kernel(enum.Enum):
    rbf = 1
    linear = 2


@candidate
def model(  # type: ignore[no-untyped-def]  # noqa: PLR0917 - one parameter for each kind of value that can be assigned
    rate: float = 0.1,
    depth: int | None = None,
    kernel: Kernel = Kernel.rbf,
    loss: Literal["l1", "l2"] = "l2",
    label: str = "a",
    warm: bool = False,
    sizes: list[int] | None = None,
    free=None,  # noqa: ANN001 - a parameter without a type takes any value: that is the case
) -> Any:
    return rate, depth, kernel, loss, label, warm, sizes, free


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
INTEGERS = st.integers(-(2**63), 2**63 - 1)
SETS: dict[str, st.SearchStrategy[Any]] = {
    "rate": st.floats(allow_nan=False),
    "depth": st.none() | INTEGERS,
    "kernel": st.sampled_from(Kernel),
    "loss": st.sampled_from(["l1", "l2"]),
    "label": TEXTS,
    "warm": st.booleans(),
    "sizes": st.none() | st.lists(INTEGERS, max_size=3),
    "free": st.none() | st.booleans() | INTEGERS | TEXTS | st.lists(TEXTS, max_size=2),
}


@given(st.fixed_dictionaries({}, optional=SETS))
def test_written_parameters_are_read_again(params: dict[str, Any]) -> None:
    written = [f"{name}={write(value)}" for name, value in params.items()]
    assert parse_assignments(model, written) == [params]
    assert model.resolve(params) == model.resolve(parse_assignments(model, written)[0])


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6), st.lists(TEXTS, min_size=1, max_size=4))
def test_a_grid_has_every_combination_once_and_the_last_name_varies_fastest(
    depths: list[int], labels: list[str]
) -> None:
    grid = parse_assignments(model, [f"depth={','.join(map(write, depths))}", f"label={','.join(map(write, labels))}"])
    first, second = list(dict.fromkeys(depths)), list(dict.fromkeys(labels))
    assert grid == [{"depth": depth, "label": label} for depth in first for label in second]


def test_no_assignment_is_one_empty_mapping() -> None:
    assert parse_assignments(model, []) == [{}]


def test_values_and_ranges_mix() -> None:
    grid = parse_assignments(model, ["depth=none,1..3", "rate=0.01..1 log 3, 5"])
    assert [item["depth"] for item in grid[::4]] == [None, 1, 2, 3]
    assert [item["rate"] for item in grid[:4]] == [0.01, 0.1, 1.0, 5.0]


def test_text_may_hold_an_equals_sign_and_what_looks_like_a_range() -> None:
    assert parse_assignments(model, ["label=a=b,1..3,'a,b'"]) == [{"label": text} for text in ("a=b", "1..3", "a,b")]


def test_true_and_one_are_two_values() -> None:
    assert parse_assignments(model, ["free=true,1,1.0,1"]) == [{"free": True}, {"free": 1}, {"free": 1.0}]


@pytest.mark.parametrize(
    ("assignments", "message"),
    [
        (["rate"], r"An assignment is written `name=value`\. Found 'rate'\. Write it like `rate=0\.1,0\.3`"),
        (["rate=1", "rate=2"], "Found `rate` of candidate `model` twice"),
        (["depth=deep"], r"Parameter `depth` of candidate `model` takes `int \| None`\. Found 'deep'"),
        (["depth=1,,2"], "Found ''"),
        (["depth="], "Found ''"),
        (["sizes=[1,2"], r"Found '\[1,2'\. Close the quote or the bracket"),
        (["kernel=poly"], "takes `Kernel`. Found 'poly'"),
        (["warm=1"], "takes `bool`. Found '1'"),
        (["depth=1..200", "rate=0..1 51"], "Found 10,200 for candidate `model`"),
    ],
)
def test_what_cannot_be_assigned_is_refused(assignments: list[str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        parse_assignments(model, assignments)


def test_an_unknown_parameter_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFoundError, match=r"Found no `dept`\. Did you mean `depth`\?"):
        parse_assignments(model, ["dept=3"])
