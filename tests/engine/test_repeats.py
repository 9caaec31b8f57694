"""The first fold on a part of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Folder


@pytest.mark.parametrize("limit", [2, 17, 60, 119, 120, 10_000])
def test_the_first_fold_has_at_most_so_many_rows_of_its_own(folder: Folder, limit: int) -> None:
    binding = folder.binding()
    whole, part = binding.repeats[0].parts[0], binding.first_fold(limit, seed=3).repeats[0].parts[0]
    assert len(part.train) + len(part.test) <= max(limit, 2)
    assert len(part.train)
    assert len(part.test)
    assert set(part.train) <= set(whole.train)
    assert set(part.test) <= set(whole.test)
    assert (np.diff(part.train) > 0).all()
    assert (len(part.train) == len(whole.train)) == (limit >= 120)


def test_the_seed_alone_decides_which_rows(folder: Folder) -> None:
    binding = folder.binding()
    drawn = [binding.first_fold(40, seed).repeats[0].digest for seed in (3, 3, 4)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[0] != binding.repeats[0].digest
    assert len(binding.first_fold(40, 3).repeats) == 1
    assert binding.identity == binding.first_fold(40, 3).identity
