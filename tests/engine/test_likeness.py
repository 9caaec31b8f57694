"""What was edited in place, without a function's code telling of it, never answers under the new text's key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bancada.engine import Request, Workbench, bind
from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

    from bancada.engine import Plan

CANDIDATES = """
import functools, math

def times(k):
    def around(f):
        @functools.wraps(f)
        def inner(*a):
            return k * f(*a)
        return inner
    return around

LIST = [1.0, 2.0]
COMPUTED = math.log(2)

class Own:
    rate = 3.0

@times(2)
def helper():
    return 1.0

def given(x=(1.0, 5.0), *, y=1.5):
    return x[0] + y

@bc.candidate
def logistic(C: float = 1.0):
    return LogisticRegression(C=LIST[0] + COMPUTED + Own.rate + helper() + given())
"""


def planned_after(folder: Folder, old: str, new: str) -> Plan:
    """Edit the file after its import, and plan."""
    folder.write(candidates=CANDIDATES)
    definitions = folder.definitions()
    folder.write(candidates=CANDIDATES.replace(old, new))
    project, store = definitions.project, folder.store
    with Workbench(project, store, workers=1, in_process=True) as bench:
        candidate = definitions.candidate("logistic")
        request = Request("logistic", candidate, candidate.resolve({}))
        return bench.plan([request], bind(definitions.problem(), project, store))


@pytest.mark.parametrize(
    ("old", "new"),
    [("LIST = [1.0", "LIST = [9.0"), ("rate = 3.0", "rate = 9.0"), ("(1.0, 5.0)", "(9.0, 5.0)"), ("y=1.5", "y=9.5")],
)
def test_a_literal_that_differs_is_refused(folder: Folder, old: str, new: str) -> None:
    with pytest.raises(UsageError, match=r"was edited after `experiment_\d+` was imported: `\w+` differs"):
        planned_after(folder, old, new)


@pytest.mark.parametrize(("old", "new"), [("log(2)", "log(9)"), ("@times(2)", "@times(9)")])
def test_what_is_computed_is_not_cached_once_its_file_was_touched(folder: Folder, old: str, new: str) -> None:
    claim = planned_after(folder, old, new).claims[0].claim
    assert not claim.cacheable
    assert "was edited while it was in use" in claim.missing[0]


def test_an_untouched_file_is_cached_whatever_it_computes(folder: Folder) -> None:
    folder.write(candidates=CANDIDATES)
    plan = folder.plan("logistic")
    assert all(item.claim.cacheable for item in plan.claims)
