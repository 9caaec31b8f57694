"""Who the champion is, and whether it was named in advance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bancada.exceptions import DefinitionError
from bancada.judgement.champions import answers_to, champion_of, in_advance, named_in, refuse_unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.records import RunRecord

    MakeRun = Callable[..., RunRecord]


def under(run_of: MakeRun, name: str, champion: Any, started: str = "2024-01-01T00:00:00+00:00") -> RunRecord:
    return run_of(name, provenance={} if champion is None else {"champion": champion}, started=started)


def test_a_run_tells_the_champion_that_it_knew(run_of: MakeRun) -> None:
    assert named_in(under(run_of, "a", "live")) == "live"
    assert [named_in(under(run_of, "a", odd)) for odd in (None, "", 3, ["live"])] == [None] * 4


def test_the_newest_run_tells_who_it_is_now(run_of: MakeRun) -> None:
    old, new = under(run_of, "a", "live"), under(run_of, "b", "next", "2024-02-01T00:00:00+00:00")
    assert champion_of([new, old]) == "next"
    assert champion_of([old, under(run_of, "c", None, "2024-03-01T00:00:00+00:00")]) is None
    assert champion_of([]) is None


def test_a_champion_is_meant_by_candidate_claim_or_id(run_of: MakeRun) -> None:
    run = under(run_of, "live", None)
    for named in ("live", run.claim_id, f"r-{run.run_id}", f"r-{run.run_id[:6]}"):
        assert answers_to([run], named)
    for named in ("liv", f"r-{run.run_id[:3]}", "r-zzzzzz"):
        assert not answers_to([run], named)


def test_every_run_of_a_line_must_have_known_it(run_of: MakeRun) -> None:
    early, late = under(run_of, "a", "live"), under(run_of, "a", None)
    assert in_advance([early], "live")
    assert not in_advance([early, late], "live")
    assert not in_advance([early], "other")
    assert not in_advance([], "live")


def test_a_champion_that_nobody_is_is_refused() -> None:
    refuse_unknown("churn", None, [])
    refuse_unknown("churn", "live", ["live", "next"])
    refuse_unknown("churn", "r-abcdef", [], ["abcdefgh", "xyzxyz"])
    with pytest.raises(DefinitionError, match=r"champion of problem `churn` .* no `boosing`\. Did you mean `boosting`"):
        refuse_unknown("churn", "boosing", ["boosting"])
    with pytest.raises(DefinitionError, match="`r-zzzzzz` means 0 runs"):
        refuse_unknown("churn", "r-zzzzzz", ["boosting"], ["abcdefgh"])
    with pytest.raises(DefinitionError, match="`r-abcdef` means 2 runs"):
        refuse_unknown("churn", "r-abcdef", [], ["abcdefgh", "abcdefxy"])
