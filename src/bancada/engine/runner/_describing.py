"""From a problem bound to its data to what a run keeps for a runner: no pickles, nothing that only this process has."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from bancada import models
from bancada.definitions import Slice
from bancada.engine.runner._protocol import Template, TemplateSplit
from bancada.exceptions import DefinitionError
from bancada.identity import canonical_json
from bancada.models import building
from bancada.provenance import find_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.contracts import Metric
    from bancada.engine._binding import Binding
    from bancada.store import Store

__all__ = ["describe_binding", "metric_form"]

# Of a project's own module; more is data.
MOST_BYTES = 2_000_000
_PACKAGE = "bancada"
_FOREIGN = frozenset({"site-packages", "dist-packages"})


def describe_binding(binding: Binding, store: Store) -> tuple[str, Template]:
    """Keep what a runner must know of a problem, and return its object with what it says.

    Args:
        binding: The problem with its data.
        store: Where it is kept.
    """
    forms, unscored = _metrics(binding.metrics, store)
    task, missing = _task(binding, store)
    modules, withheld = _modules(binding, store)
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
        modules=modules,
        search=tuple(folder.relative_to(binding.project.root).as_posix() for folder in binding.project.search),
        withheld=withheld,
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
            forms.append(metric_form(metric))
        except DefinitionError:
            unscored.append(metric.name)
        else:
            _keep_arrays(metric, store)
    return tuple(forms), tuple(unscored)


def _task(binding: Binding, store: Store) -> tuple[Any, tuple[str, ...]]:
    task = binding.problem.task
    if task is None:
        return None, ()
    try:
        form = models.describe(task)
    except DefinitionError as error:
        return None, (f"the task `{task.name}`: {error.found}",)
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


def _modules(binding: Binding, store: Store) -> tuple[dict[str, str], tuple[str, ...]]:
    """Keep the project's modules that are imported: that of the candidate may import any of them."""
    root = binding.project.root
    kept, withheld = {}, []
    for path in sorted(set(_imported(binding))):
        try:
            data = (root / path).read_bytes()
        except OSError:
            withheld.append(f"module `{path}` could not be read")
            continue
        secrets = find_secrets(data.decode(errors="replace"))
        if secrets:
            withheld.append(f"module `{path}` was withheld: it holds {', '.join(secrets)}")
        elif len(data) > MOST_BYTES:
            withheld.append(f"module `{path}` is larger than {MOST_BYTES:,} bytes")
        else:
            kept[path] = store.objects.put(data)
    return kept, tuple(withheld)


def _imported(binding: Binding) -> Iterator[str]:
    """Yield the files below the root from which modules were imported, relative to it."""
    project = binding.project
    root = os.path.realpath(project.root)
    others = [os.path.realpath(folder) for folder in (project.store, project.cache, Path(sys.prefix))]
    ignored = tuple(folder + os.sep for folder in others if folder != root and folder.startswith(root + os.sep))
    starts = (root + os.sep, f"{project.root}{os.sep}")
    # A copy is made at once: another thread may import something.
    for name, module in sys.modules.copy().items():
        file = getattr(module, "__file__", None)
        if name == "__main__" or not isinstance(file, str) or not file.endswith(".py") or not file.startswith(starts):
            continue
        path = Path(os.path.realpath(file))
        own = path.is_relative_to(root) and not str(path).startswith(ignored)
        if own and not _FOREIGN.intersection(path.relative_to(root).parts):
            yield path.relative_to(root).as_posix()
