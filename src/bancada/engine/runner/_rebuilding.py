"""From a job to the problem bound to its data, and to what makes its models."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bancada import datasets, metrics, models
from bancada.definitions import Evaluation, Problem, Project, Slice
from bancada.engine._binding import bind
from bancada.engine._extracted import MODULE_PREFIX, import_extracted, pickled
from bancada.engine._jobs import ModelSpec
from bancada.engine._making import find_candidate
from bancada.engine.runner._recorded_split import RecordedSplit
from bancada.exceptions import DefinitionError, StoreError
from bancada.identity import digest_bytes
from bancada.models import building

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.contracts import Metric
    from bancada.engine._binding import Binding
    from bancada.engine.runner._protocol import Job
    from bancada.store import Store

__all__ = ["Laid", "laid_out", "model_spec", "rebuilt_binding"]

# Under this name forms refer to what was extracted from a session.
EXTRACTED = "__extracted__"


@dataclass(frozen=True)
class Laid:
    """A job with the folders that it means.

    Attributes:
        job: What to compute.
        folder: Where its file lies.
        project: The rebuilt project, with a store and a cache of its own.
    """

    job: Job
    folder: Path
    project: Project

    def read(self, name: str) -> bytes:
        """Return a file of the job.

        Raises:
            StoreError: It is not there.
        """
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise StoreError(
                "A job names files beside it.", f"`{name}` cannot be read: {error.strerror}.", "Begin again."
            ) from error


def laid_out(job: Job, folder: Path) -> Laid:
    """Return a job with its folders, and put the project's first on `sys.path`."""
    root = folder / job.project
    search = tuple(root / name for name in job.template.search)
    project = Project(
        root=root,
        file=None,
        modules=(job.candidate.module,) if job.candidate.module else (),
        store=folder / "scratch",
        cache=folder / "cache",
        cores=job.workers,
        search=search,
    )
    own = [str(path) for path in search]
    sys.path[:] = [*own, *(entry for entry in sys.path if entry not in own)]
    return Laid(job, folder, project)


def model_spec(laid: Laid, store: Store) -> ModelSpec:
    """Return how a worker makes the model; what the job names is imported, and is there in workers that are forked.

    Raises:
        DefinitionError: A form cannot be built.
        NotFoundError: The candidate is not there.
    """
    candidate = laid.job.candidate
    if candidate.baseline:
        return ModelSpec(baseline=True)
    extracted = ""
    if candidate.extracted:
        extracted = store.objects.put(laid.read(candidate.extracted))
    if candidate.value is not None:
        return _value_spec(laid, store, extracted)
    if extracted:
        return ModelSpec(qualname=candidate.qualname, extracted=extracted)
    find_candidate(candidate.module, candidate.qualname)
    return ModelSpec(module=candidate.module, qualname=candidate.qualname)


def _value_spec(laid: Laid, store: Store, extracted: str) -> ModelSpec:
    candidate = laid.job.candidate
    modules = {EXTRACTED: import_extracted(ModelSpec(extracted=extracted), store)} if extracted else {}
    value = _built(laid, candidate.value, modules)
    named = [
        (item, name)
        for module in modules.values()
        for name, item in vars(module).items()
        if getattr(item, "__module__", None) == f"{MODULE_PREFIX}{extracted}"
    ]
    if models.describe(value, [(item, f"{EXTRACTED}:{name}") for item, name in named]) != candidate.value:
        raise DefinitionError(
            "A model that is rebuilt is the one that was recorded.",
            f"Rebuilt, its form differs from the recorded one: {candidate.value!r:.200}.",
            "The versions of its packages differ; rebuild the environment of the run.",
        )
    return ModelSpec(value=pickled(value, named, extracted), extracted=extracted)


def _built(laid: Laid, form: Any, modules: dict[str, Any] | None = None) -> Any:
    files = laid.job.candidate.arrays

    def get(digest: str) -> bytes:
        data = laid.read(files.get(digest, digest))
        if digest_bytes(data) != digest:
            raise StoreError("An array has the digest that its form names.", f"{digest!r} has not.", "Begin again.")
        return data

    return building.build(form, get, modules)


def rebuilt_binding(laid: Laid, store: Store) -> Binding:
    """Return the problem bound to its data, as the run had it.

    Raises:
        DataError: The data are not those of the recipe.
        DefinitionError: A form cannot be built.
    """
    job, template = laid.job, laid.job.template
    scored = [_metric(laid, form) for form in template.metrics]
    split = RecordedSplit(
        template.split.identity,
        template.split.kind,
        template.split.columns,
        {int(number): laid.read(file) for number, file in job.tables.items()},
        laid.read(job.sealed) if job.sealed else b"",
    )
    slices = [item if isinstance(item, str) else Slice(*item) for item in template.slices]
    problem = Problem(
        name=template.problem,
        dataset=datasets.thaw(job.recipe, laid.folder / job.table, laid.project.root / job.data_root),
        target=template.target if isinstance(template.target, str | None) else list(template.target),
        task=None if template.task is None else _built(laid, template.task),
        split=split,
        evaluation=Evaluation(primary=scored[0] if scored else None, metrics=scored[1:], slices=slices),
        features=list(template.features),
        groups=template.groups,
        time=template.time,
        weight=template.weight,
        fit_weight=template.fit_weight,
    )
    return bind(problem, laid.project, store)


def _metric(laid: Laid, form: Any) -> Metric:
    if isinstance(form, dict) and "metric" in form:
        return metrics.get(form["metric"]).with_aggregate(form["aggregate"])
    metric: Metric = _built(laid, form)
    return metric
