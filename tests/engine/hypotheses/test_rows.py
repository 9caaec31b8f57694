"""Rows of an expression beside the declared slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.engine.conftest import folder

from bancada.engine.hypotheses import with_rows
from bancada.exceptions import DataError, DefinitionError, NotFoundError

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

__all__ = ["folder"]


def test_an_expression_adds_its_rows_and_changes_no_identity(folder: Folder) -> None:
    before = folder.binding()
    after = with_rows(before, "region == 'north' and a > 0")
    rows = before.dataset.rows(["region", "a"]).take(before.positions)
    wanted = (rows.column("region").to_numpy() == "north") & (rows.column("a").to_numpy() > 0)
    assert np.array_equal(after.slices["region == 'north' and a > 0"], wanted)
    assert "region == 'north' and a > 0" in after.slice_ids
    assert (after.identity, after.evaluation) == (before.identity, before.evaluation)


@pytest.mark.parametrize(
    ("expression", "error", "match"),
    [
        ("regin == 'north'", NotFoundError, "Found no column `regin`. Did you mean `region`"),
        ("region < 3", DefinitionError, "Found column `region` of type"),
        ("a > 1000", DataError, "holds for none of the 120 rows"),
    ],
)
def test_rows_that_do_not_exist_are_refused(
    folder: Folder, expression: str, error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        with_rows(folder.binding(), expression)
