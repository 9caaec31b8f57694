"""The built-in metrics by name."""

from __future__ import annotations

import pytest

from bancada.exceptions import NotFoundError
from bancada.metrics import _registry, get, names, table


def test_names_are_sorted_and_each_is_found() -> None:
    assert list(names()) == sorted(names())
    assert [get(name).name for name in names()] == list(names())


def test_a_mistyped_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFoundError, match=r"There is no metric `roc_acu`\. Did you mean `roc_auc`\?"):
        get("roc_acu")


def test_an_unknown_name_is_pointed_to_scorers() -> None:
    with pytest.raises(NotFoundError, match=r"from_scorer\('neg_log_loss'\)"):
        get("neg_log_loss")


def test_the_table_describes_each_metric() -> None:
    entries = {entry.name: entry for entry in table()}
    assert tuple(entries) == names()
    assert entries["accuracy"].tasks == ("binary", "multiclass")
    assert not entries["rmse"].greater_is_better
    assert entries["f1"].formula == "2·TP / (2·TP + FP + FN)"
    assert all(entry.formula and entry.tasks for entry in entries.values())


@pytest.mark.parametrize("name", ["roc_auc", "log_loss", "brier", "accuracy"])
def test_the_usual_binary_metrics_are_there(name: str) -> None:
    assert "binary" in get(name).tasks


def test_no_two_files_give_one_name() -> None:
    given = [metric.name for file in _registry.FILES for metric in file.METRICS]
    assert sorted(given) == list(names())
