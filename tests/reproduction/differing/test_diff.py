"""What a stranger wrote into a record is compared as far as it can be, and stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.store.store_samples import run_record

from bancada.reproduction.differing import Recorded, diff
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("used", [3, [1], {"numpy": 3}, {"numpy": ["2.4"]}, {"numpy": {"a": 1}}, {"numpy": [[], {}]}])
@pytest.mark.parametrize("slices", [3, {"a": 1}, [3], [{"name": [1]}], [{"name": {"a": 1}}, {}]])
def test_a_record_of_another_form_is_compared_as_far_as_it_goes(tmp_path: Path, used: Any, slices: Any) -> None:
    store = Store.open(tmp_path / ".bancada", create=True)
    run = run_record("a")
    evaluation = msgspec.structs.replace(run.evaluation, ingredients={"slices": slices})
    strange = msgspec.structs.replace(run, claim={**run.claim, "distributions": used}, evaluation=evaluation)
    one, other = Recorded(run, store), Recorded(strange, store)
    assert [score.delta for score in diff(one, other).scores] == [0.0]
    assert [score.delta for score in diff(other, one).scores] == [0.0]
