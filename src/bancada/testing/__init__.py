"""Conformance: the laws of every contract as checks, a double of each block, and a plugin for pytest."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.testing._check import Check
    from bancada.testing._dataset_laws import dataset_checks
    from bancada.testing._executor_laws import executor_checks
    from bancada.testing._inline_executor import InlineExecutor
    from bancada.testing._mean_deviation import MeanDeviation
    from bancada.testing._memoriser import Memoriser
    from bancada.testing._memory_dataset import MemoryDataset
    from bancada.testing._metric_laws import metric_checks
    from bancada.testing._model_laws import model_checks
    from bancada.testing._number_task import NumberTask
    from bancada.testing._project_checks import project_checks
    from bancada.testing._report import check
    from bancada.testing._round_robin import RoundRobin
    from bancada.testing._split_laws import split_checks
    from bancada.testing._task_laws import task_checks

__all__ = [
    "Check",
    "InlineExecutor",
    "MeanDeviation",
    "Memoriser",
    "MemoryDataset",
    "NumberTask",
    "RoundRobin",
    "check",
    "dataset_checks",
    "executor_checks",
    "metric_checks",
    "model_checks",
    "project_checks",
    "split_checks",
    "task_checks",
]

_HOMES = {
    "Check": "_check",
    "InlineExecutor": "_inline_executor",
    "MeanDeviation": "_mean_deviation",
    "Memoriser": "_memoriser",
    "MemoryDataset": "_memory_dataset",
    "NumberTask": "_number_task",
    "RoundRobin": "_round_robin",
    "check": "_report",
    "dataset_checks": "_dataset_laws",
    "executor_checks": "_executor_laws",
    "metric_checks": "_metric_laws",
    "model_checks": "_model_laws",
    "project_checks": "_project_checks",
    "split_checks": "_split_laws",
    "task_checks": "_task_laws",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
