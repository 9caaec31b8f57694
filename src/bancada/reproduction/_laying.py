"""A run laid out in a fresh folder: the job's file, the project's files, what the job names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.engine.runner import Job, JobFold
from bancada.identity import canonical_json
from bancada.provenance.origin import checked_path, write_tree

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.reproduction._collecting import Collected
    from bancada.store import Store

__all__ = ["PROJECT", "lay_out"]

PROJECT = "project"


def lay_out(collected: Collected, store: Store, folder: Path, table: Path, root: Path | None, workers: int) -> Path:
    """Write a job into a folder and return its file.

    Every object is read, and proved by its digest, before anything is executed.

    Args:
        collected: What there is of the run; nothing is missing.
        store: Where its objects are.
        folder: An empty folder, but for its lock.
        table: The decoded table of the data.
        root: The project itself, where its files are taken as they are now; None lays out the recorded ones.
        workers: How many folds run at once.

    Raises:
        StoreError: An object is missing or was altered, or a path of the record leads elsewhere.
    """
    run, template = collected.run, collected.template
    if template is None or collected.recipe is None:
        message = "what is missing was told before"
        raise AssertionError(message)
    project = folder / PROJECT
    project.mkdir(exist_ok=True)
    if root is None:
        write_tree(project, collected.files, store.objects.get)
        for name in template.search:
            if name != ".":
                (project / checked_path(name)).mkdir(parents=True, exist_ok=True)
    tables = {number: f"parts/split-{int(number)}.arrow" for number in template.split.tables}
    parts = {tables[number]: name for number, name in template.split.tables.items()}
    sealed = "parts/sealed.bits" if template.split.sealed else ""
    if template.split.sealed:
        parts[sealed] = template.split.sealed
    candidate = collected.candidate
    if candidate.extracted:
        parts["parts/extracted.py"] = candidate.extracted
        candidate = msgspec.structs.replace(candidate, extracted="parts/extracted.py")
    arrays = {name: f"parts/array-{number}.bin" for number, name in enumerate(candidate.arrays)}
    parts |= {file: name for name, file in arrays.items()}
    write_tree(folder, parts, store.objects.get)
    job = Job(
        run_id=run.run_id,
        template=template,
        tables=tables,
        sealed=sealed,
        recipe=collected.recipe,
        table=str(table.absolute()),
        project=PROJECT if root is None else str(root.absolute()),
        candidate=msgspec.structs.replace(candidate, arrays=arrays),
        params=run.params,
        seed=run.seed,
        frame=str(run.claim.get("frame", "pandas")),
        folds=tuple(JobFold(repeat=use.repeat, fold=use.fold, key=use.key) for use in run.folds),
        workers=workers,
        threads=_threads(run.provenance.get("threads")),
    )
    path = folder / "job.json"
    path.write_bytes(canonical_json(msgspec.to_builtins(job)))
    return path


def _threads(recorded: object) -> int | None:
    return recorded if isinstance(recorded, int) and recorded > 0 else None
