"""Tests of slices as values."""

from __future__ import annotations

from typing import Any

import pytest

from bancada.definitions import Slice
from bancada.definitions._slices import canonical_slices, check_slices, slice_columns
from bancada.exceptions import DefinitionError

NEW = Slice("new customers", "tenure<3 and region == 'n'")


def test_a_slice_tells_its_columns_and_its_canonical_text() -> None:
    assert NEW.columns == ("region", "tenure")
    assert NEW.canonical == "tenure < 3 and region == 'n'"
    assert NEW.expression == "tenure<3 and region == 'n'"


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 81, 3, None])
def test_the_name_of_a_slice_can_be_shown(name: Any) -> None:
    with pytest.raises(DefinitionError, match="The name of a slice is printable text of up to 80 characters"):
        Slice(name, "a == 1")


def test_an_expression_is_parsed_when_it_is_written() -> None:
    with pytest.raises(DefinitionError, match="Found '=' at character 3"):
        Slice("new", "a = 1")


def test_canonical_slices_do_not_depend_on_order_or_spaces() -> None:
    other = Slice("new customers", "  tenure < 3 and region=='n'")
    assert canonical_slices((NEW, "region")) == canonical_slices(("region", other))
    assert canonical_slices((NEW,)) != canonical_slices((Slice("new", NEW.expression),))
    assert canonical_slices(("region",)) != canonical_slices((Slice("region", "region == 'n'"),))


def test_the_columns_of_slices_are_told_once() -> None:
    assert slice_columns((NEW, "region", "plan")) == ("plan", "region", "tenure")


@pytest.mark.parametrize(
    ("slices", "message"),
    [
        (("a", "a"), "Found `a` twice"),
        ((Slice("a", "b == 1"), "a"), "Found `a` twice"),
        ("a", "is a list"),
        (None, "is a list"),
        (("",), "names columns"),
    ],
)
def test_what_is_no_list_of_slices_is_refused(slices: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        check_slices(slices)
