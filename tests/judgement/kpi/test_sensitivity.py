"""Sensitivity: moved to just before a tipping point an assumption ranks as now, just beyond it otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bancada.definitions.kpi import Kpi
from bancada.judgement.kpi._sensitivity import sensitivity_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.judgement.kpi.conftest import Make

    from bancada.judgement.kpi import Swap
    from bancada.judgement.kpi._candidates import Candidate
    from bancada.metrics.kpi import KpiMetric

    Shared = Callable[[Any, Any, int], Make]


def gain(y_true: Any, y_pred: Any, invoice: Any, offer: float = 2.0) -> Any:
    return y_pred * (y_true * invoice - offer)


COSTS: dict[str, float | str] = {"c10": 2, "c01": "invoice", "c11": "-invoice"}
KPIS = {
    "numbers": Kpi("k", unit="EUR per 10 rows", costs={"c10": 3, "c01": 7, "c11": 1}),
    "columns": Kpi("k", unit="EUR", costs=COSTS),
    "decided": Kpi("k", unit="EUR", costs={"c10": 3, "c01": 7}, decide="threshold"),
    "function": Kpi("k", unit="EUR", function=gain),
}


def drawn(shared: Shared, seed: int) -> list[Candidate]:
    rng = np.random.default_rng(seed)
    truth = rng.random(60) < 0.4
    make = shared(truth, rng.lognormal(1, 1, 60), 3)
    weight = None if seed % 2 else rng.integers(1, 4, 60)
    return [
        make(name, np.clip(shift + 0.3 * truth + 0.25 * rng.normal(size=60), 0, 1), weight)
        for name, shift in zip("abcde", rng.uniform(0, 0.6, 5), strict=True)
    ]


def values(kpi: KpiMetric, candidates: list[Candidate]) -> dict[str, float]:
    """Score from scratch: per fold by the metric, then the mean."""
    sign = 1.0 if kpi.greater_is_better else -1.0
    return {
        one.label: sign * float(np.mean([kpi.score(tested.fold.sample) for tested in one.folds])) for one in candidates
    }


def swapped(now: dict[str, float], then: dict[str, float]) -> set[tuple[str, str]]:
    return {(a, b) for a in now for b in now if now[a] > now[b] + 1e-6 and then[b] > then[a]}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", ["numbers", "decided", "function"])
def test_the_ranking_holds_up_to_a_tipping_point_and_changes_beyond_it(
    kind: str, seed: int, candidate_of: Shared
) -> None:
    kpi, candidates = KPIS[kind].metric, drawn(candidate_of, seed)
    now = values(kpi, candidates)
    leader = max(now, key=lambda name: now[name])
    found = sensitivity_of(kpi, candidates, {})
    assert {part.assumption for part in found} == {"offer"} if kind == "function" else {"c10", "c01"}
    for part in found:
        assert part.exact == (kind == "numbers")

        def at(place: float, name: str = part.assumption) -> dict[str, float]:
            return values(kpi.moved(name, place), candidates)

        sides: list[tuple[Swap | None, Swap | None]] = [
            (part.order_below, part.leader_below),
            (part.order_above, part.leader_above),
        ]
        for order, lead in sides:
            if order is not None:
                near = part.value + (order.value - part.value) * (1 - 1e-6)
                # What was searched for is a place where they have swapped; what was solved for, where they are equal.
                step = 1e-6 * max(abs(order.value), 1e-3) if part.exact else 0.0
                beyond = order.value + np.sign(order.value - part.value) * step
                assert swapped(now, at(near)) == set()
                if order.value:  # a cost of nothing is where the range of a cost ends
                    assert (order.ahead, order.behind) in swapped(now, at(beyond))
            if lead is not None:
                near = part.value + (lead.value - part.value) * (1 - 1e-6)
                assert now[lead.ahead] == pytest.approx(now[leader])
                assert not {pair for pair in swapped(now, at(near)) if pair[0] == lead.ahead}


def test_a_column_is_multiplied_and_moves_all_cells_that_name_it(candidate_of: Shared) -> None:
    kpi, candidates = KPIS["columns"].metric, drawn(candidate_of, 1)
    found = {part.assumption: part for part in sensitivity_of(kpi, candidates, {})}
    part = found["invoice"]
    assert (part.value, part.column, set(found)) == (1.0, "invoice", {"c10", "invoice"})
    # Amounts times x rank as the other cost divided by x.
    other = found["c10"]
    for mine, its in ((part.order_above, other.order_below), (part.order_below, other.order_above)):
        if mine is not None and its is not None and its.value:
            assert mine.value == pytest.approx(2 / its.value)
            assert (mine.ahead, mine.behind) == (its.ahead, its.behind)
    assert part.order_above is not None or part.order_below is not None


def test_a_range_says_whether_the_leader_stays(candidate_of: Shared) -> None:
    candidates = drawn(candidate_of, 0)
    kpi = KPIS["numbers"].metric
    bare = next(part for part in sensitivity_of(kpi, candidates, {}) if part.assumption == "c01")
    edge = bare.leader_above or bare.leader_below
    assert edge is not None
    wide = (min(7.0, edge.value - 1), max(7.0, edge.value + 1))
    told = {
        ends: next(p for p in sensitivity_of(kpi, candidates, {"c01": ends}) if p.assumption == "c01").leader_holds
        for ends in (wide, (6.999, 7.001))
    }
    assert told == {wide: False, (6.999, 7.001): True}
    assert bare.leader_holds is None


def test_one_candidate_alone_has_no_ranking(candidate_of: Shared) -> None:
    assert sensitivity_of(KPIS["numbers"].metric, drawn(candidate_of, 0)[:1], {}) == ()


def test_a_function_that_fails_elsewhere_is_looked_at_where_it_does_not(candidate_of: Shared) -> None:
    def fragile(y_true: Any, y_pred: Any, offer: float = 2.0) -> Any:
        if offer > 2:
            raise ValueError(offer)
        return y_pred * (5.0 * y_true - offer)

    found = sensitivity_of(Kpi("k", unit="EUR", function=fragile).metric, drawn(candidate_of, 3), {})
    assert (found[0].order_above, found[0].leader_above) == (None, None)
