"""A record is laid out as bancada writes one; what it writes otherwise is refused before anything executes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.store.store_samples import run_record

from bancada.engine.runner import JobCandidate, Template
from bancada.engine.runner._protocol import TemplateSplit
from bancada.exceptions import StoreError
from bancada.reproduction._collecting import Collected
from bancada.reproduction._laying import Place, lay_out
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["x", "", "-1", "1.5", "\u0661", "../0", "9" * 5_000])
def test_a_repeat_that_is_no_number_is_refused(tmp_path: Path, name: str) -> None:
    split = TemplateSplit(identity={}, kind="random", tables={name: "0" * 64})
    collected = Collected(run_record("a"), Template(problem="churn", split=split), JobCandidate(), {}, ())
    store = Store.open(tmp_path / ".bancada", create=True)
    place = Place(folder=tmp_path, recipe={}, table=tmp_path / "table.arrow", data_root=tmp_path)
    with pytest.raises(StoreError, match="by the numbers of its repeats"):
        lay_out(collected, store, place, 1)
