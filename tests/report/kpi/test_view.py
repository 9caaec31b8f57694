"""The KPIs of a board in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from sklearn.naive_bayes import GaussianNB

import bancada as bc
from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_board_tells_its_kpis_and_shows_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.normal(size=60), "invoice": rng.lognormal(size=60)})
    y = (X["a"] + rng.normal(size=60) > 0).astype(int)
    models = {"bayes": GaussianNB(), "prior": GaussianNB(priors=[0.9, 0.1])}
    costs = bc.Kpi("lost", unit="EUR per 100 rows", costs={"c10": 1, "c01": "invoice"})
    board = bc.evaluate(models, X, y, split=3, kpi=costs, exclude=["invoice"], store=tmp_path / "store", workers=1)
    view = board.kpi("lost")
    lines = {line.label: line.value for line in view.document.kpis[0].lines}
    assert lines == {line.candidate: kpi.value for line in board for kpi in line.row.kpi or ()}
    assert "lost ↓ · EUR per 100 rows · 60 rows" in str(view) == repr(view)
    assert "<table" in view._repr_html_()
    bare = bc.evaluate(models, X, y, split=3, store=tmp_path / "store", workers=1)
    with pytest.raises(DefinitionError, match="has none"):
        bare.kpi()
