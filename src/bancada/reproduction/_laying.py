"""A run laid out in a fresh folder: the job's file, the project's files, what the job names."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.engine.runner import Job, JobFold
from bancada.exceptions import StoreError
from bancada.identity import canonical_json, file_digest
from bancada.provenance.origin import Caps, checked_path, write_tree
from bancada.records.laying import MOST_BYTES, MOST_FILES

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.reproduction._collecting import Collected
    from bancada.store import Store

__all__ = ["PROJECT", "Place", "lay_out"]

PROJECT = "project"
MOST_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a job is laid out, and what it finds elsewhere.

    Attributes:
        folder: An empty folder, but for its lock.
        recipe: How the table becomes the dataset.
        table: The decoded table of the data.
        data_root: Below it lie the files that a manifest names.
        root: The project itself, where its files are taken as they are now; None lays out the recorded ones.
        whole: True to have the table in the folder too, so that it holds everything.
    """

    folder: Path
    recipe: dict[str, Any]
    table: Path
    data_root: Path
    root: Path | None = None
    whole: bool = False


def lay_out(collected: Collected, store: Store, place: Place, workers: int) -> Path:
    """Write a job into a folder and return its file.

    Every object is read, and proved by its digest, before anything is executed.

    Args:
        collected: What there is of the run; nothing is missing.
        store: Where its objects are.
        place: Where, and where its data are.
        workers: How many folds run at once.

    Raises:
        StoreError: An object is missing, was altered or is too large, or a path of the record leads elsewhere.
    """
    run, template = collected.run, collected.template
    if template is None:
        message = "what is missing was told before"
        raise AssertionError(message)
    # Modules are imported from there, wherever the files come from.
    search = [checked_path(name) for name in template.search if name != "."]
    folder = place.folder
    project = folder / PROJECT
    project.mkdir(exist_ok=True)
    if place.root is None:
        caps = Caps(files=MOST_FILES, file_bytes=MOST_BYTES)
        write_tree(project, collected.files, lambda name: store.objects.get(name, MOST_BYTES), caps)
        _lay_out_data(collected, place.data_root, project)
        for below in search:
            (project / below).mkdir(parents=True, exist_ok=True)
    tables = {number: f"parts/split-{_number(number)}.arrow" for number in template.split.tables}
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
    if candidate.extracted:
        store.objects.get(collected.candidate.extracted, MOST_BYTES)
    write_tree(folder, parts, store.objects.get)
    table = str(place.table.absolute())
    if place.whole:
        table = "parts/table.arrow"
        shutil.copyfile(place.table, folder / table)
    job = Job(
        run_id=run.run_id,
        template=template,
        tables=tables,
        sealed=sealed,
        recipe=place.recipe,
        table=table,
        data_root=str(place.data_root.absolute()),
        project=PROJECT if place.root is None else str(place.root.absolute()),
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


def _number(repeat: str) -> int:
    if not (repeat.isascii() and repeat.isdecimal() and len(repeat) <= MOST_DIGITS):
        raise StoreError(
            "A record names the tables of its split by the numbers of its repeats.",
            f"One of these is named {repeat[:40]!a}.",
            "Do not use this record: bancada wrote none that does.",
        )
    return int(repeat)


def _lay_out_data(collected: Collected, root: Path, project: Path) -> None:
    """Copy the files of the data that the code read by itself, where the project has them as they were."""
    data = collected.run.problem.dataset.files
    for path, digest in collected.beside.items():
        source, target = root / checked_path(path), project / path
        if data.get(path) != digest or path.endswith(".py") or _digest(source) != digest:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _digest(path: Path) -> str:
    try:
        return file_digest(path)
    except OSError:
        return ""


def _threads(recorded: object) -> int | None:
    return recorded if isinstance(recorded, int) and recorded > 0 else None
