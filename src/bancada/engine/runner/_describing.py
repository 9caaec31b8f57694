"""From a problem bound to its data to what a run keeps for a runner: no pickles, nothing that only this process has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from bancada import models
from bancada.definitions import Slice
from bancada.engine.runner._protocol import Template, TemplateSplit
from bancada.exceptions import DefinitionError
from bancada.identity import canonical_json
from bancada.models import building

if TYPE_CHECKING:
    from bancada.contracts import Metric
    from bancada.engine._binding import Binding
    from bancada.store import Store

__all__ = ["describe_binding", "metric_form"]

_PACKAGE = "bancada"


def describe_binding(binding: Binding, store: Store) -> tuple[str, Template]:
    """Keep what a runner must know of a problem, and return its object with what it says.

    Args:
        binding: The problem with its data.
        store: Where it is kept.
    """
    forms, unscored = _metrics(binding.metrics, store)
    task, missing = _task(binding, store)
    problem = binding.problem
    template = Template(
        problem=problem.name,
        task=task,
        target=problem.target if isinstance(problem.target, str | None) else tuple(problem.target),
        features=binding.roles.features,
        groups=problem.groups,
        time=problem.time,
        weight=problem.weight,
        fit_weight=problem.fit_weight,
        metrics=forms,
        unscored=unscored,
        slices=tuple(
            (item.name, item.expression) if isinstance(item, Slice) else item for item in problem.judged.slices
        ),
        split=TemplateSplit(
            identity=dict(binding.split.identity()),
            kind=binding.split.kind,
            columns=tuple(binding.split.columns),
            tables={str(repeat.number): repeat.content for repeat in binding.repeats},
            sealed=_sealed(binding, store),
        ),
        search=tuple(folder.relative_to(binding.project.root).as_posix() for folder in binding.project.search),
        missing=missing,
    )
    return store.objects.put(canonical_json(msgspec.to_builtins(template))), template


def metric_form(metric: Metric) -> Any:
    """Return a metric as JSON: a built-in one by name, any other by what it is made of.

    Raises:
        DefinitionError: It exists in this session only.
    """
    if type(metric).__module__.startswith(f"{_PACKAGE}.metrics.") and hasattr(metric, "ways"):
        return {"metric": metric.name, "aggregate": metric.aggregate}
    return models.describe(metric)


def _metrics(metrics: tuple[Metric, ...], store: Store) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    forms, unscored = [], []
    for metric in metrics:
        try:
            form = metric_form(metric)
        except Exception:  # noqa: BLE001 - an object of the user's may raise anything, and its run has ended well
            unscored.append(metric.name)
            continue
        forms.append(form)
        if "metric" not in form:
            _keep_arrays(metric, store)
    return tuple(forms), tuple(unscored)


def _task(binding: Binding, store: Store) -> tuple[Any, tuple[str, ...]]:
    task = binding.problem.task
    if task is None:
        return None, ()
    try:
        form = models.describe(task)
    except Exception as error:  # noqa: BLE001 - as above
        why = error.found if isinstance(error, DefinitionError) else f"{type(error).__name__}: {error}"
        return None, (f"the task `{task.name}`: {why}",)
    _keep_arrays(task, store)
    return form, ()


def _keep_arrays(value: object, store: Store) -> None:
    for data in building.arrays(value):
        store.objects.put(data)


def _sealed(binding: Binding, store: Store) -> str | None:
    if not binding.n_sealed:
        return None
    mask = np.ones(binding.data.n_rows, dtype=np.bool_)
    mask[binding.positions] = False
    return store.objects.put(np.packbits(mask).tobytes())
