"""From what happened to the record that is kept."""

from __future__ import annotations

import datetime as dt
import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bancada.engine.data import uncaptured
from bancada.engine.evidence import Gathered, Looking, Wanted, git_facts
from bancada.engine.sealing import keep_rows, opened_data
from bancada.environments import interpreter
from bancada.identity import canonical_json
from bancada.records import Evidence, RunRecord

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from bancada.engine._binding import Binding
    from bancada.engine._claims import Claim
    from bancada.engine.runner import Template
    from bancada.provenance.repository import Repository
    from bancada.records import FoldUse, Score
    from bancada.store import Store

__all__ = ["Ended", "Surroundings", "run_record", "utc_now", "wanted_of"]


def utc_now() -> str:
    """Return the present time in UTC, ISO 8601."""
    return dt.datetime.now(dt.UTC).isoformat()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where runs happen: captured once in a process, the same for all its runs.

    Attributes:
        author: git's user, unverified.
        provenance: Commit, interpreter, workers.
        looking: The look at machine and packages, which goes on beside the work.
    """

    author: str
    provenance: dict[str, Any]
    looking: Looking

    @classmethod
    def capture(
        cls,
        repository: Repository,
        store: Store,
        workers: int,
        threads: int,
        data: Collection[str] = (),
        *,
        root: Path,
        cache: Path,
    ) -> Surroundings:
        """Look around.

        Args:
            repository: The project's repository, asked already.
            store: Where large parts are kept.
            workers: How many folds run at once.
            threads: How many threads each may use.
            data: Files of the dataset, relative to the root.
            root: The project's root.
            cache: Where what was read of packages is remembered.
        """
        looking = Looking(root, cache, store)
        return cls(
            repository.author,
            {
                "git": git_facts(repository, store, data),
                "python": interpreter()["python"],
                "threads": threads,
                "workers": workers,
            },
            looking,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What is known of a run when it has ended.

    Attributes:
        run_id: Its id.
        started: UTC time, ISO 8601.
        seconds: Wall-clock time from start to finish.
        status: `done`, `failed`, `interrupted` or `explored`.
        uses: Its folds.
        scores: Its scores.
        gathered: What was kept of its code, and of the files that its folds observed.
        outside: Paths outside the project that were read.
        notes: What must be told about the models, such as a fixed `random_state`.
        unstable: How many folds have given other predictions under the same key.
        stopped_by: What ended a trial early: `rule`, `interrupt` or `quick`; empty where nothing did.
        read: Paths of all files that its folds read, below the root and elsewhere.
    """

    run_id: str
    started: str
    seconds: float
    status: str
    uses: tuple[FoldUse, ...]
    scores: tuple[Score, ...]
    gathered: Gathered = field(default_factory=Gathered)
    outside: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    unstable: int = 0
    stopped_by: str = ""
    read: frozenset[str] = frozenset()


def run_record(
    item: Claim, binding: Binding, surroundings: Surroundings, store: Store, ended: Ended, job: str, template: Template
) -> RunRecord:
    """Return the record of a run that has ended.

    Args:
        item: What was asserted.
        binding: The problem with its data.
        surroundings: Where it ran.
        store: Where the sources are kept.
        ended: What became of it.
        job: Object with what a runner must know of the problem.
        template: The same as a value.
    """
    missing = [*item.missing, *(f"`{path}` was read, outside the project" for path in sorted(ended.outside))]
    missing += ended.gathered.missing
    missing += template.missing
    missing += uncaptured(binding.dataset, binding.kept)
    installed = surroundings.looking.kept
    missing += installed.missing
    if ended.unstable:
        missing.append(f"not deterministic: {ended.unstable} folds have given other predictions under the same key")
    return RunRecord(
        run_id=ended.run_id,
        claim_id=item.claim_id,
        claim=item.ingredients,
        candidate=item.label,
        params=item.recorded,
        seed=item.seed,
        status=ended.status,
        problem=binding.identity,
        evaluation=binding.evaluation,
        folds=tuple(sorted(ended.uses, key=lambda use: (use.repeat, use.fold))),
        scores=ended.scores,
        evidence=Evidence(grade="incomplete" if missing else "complete", missing=tuple(missing)),
        started=ended.started,
        seconds=ended.seconds,
        author=surroundings.author,
        baseline=item.baseline,
        provenance={
            **surroundings.provenance,
            **({} if installed.name is None else {"environment": installed.name}),
            "hardware": surroundings.looking.hardware,
            "n_rows": binding.data.n_rows,
            "n_sealed": binding.n_sealed,
            **binding.named,
            **_holdout(ended, binding, store),
            "code": _code(item, store),
            "data": binding.kept,
            "extracted": _extracted(item),
            "job": job,
            "notes": sorted({*ended.notes, *installed.notes}),
            "reference": f"{item.spec.module}:{item.spec.qualname}" if item.spec.module else None,
            "sources": ended.gathered.sources,
            "files": ended.gathered.files,
            "splits": {str(repeat.number): repeat.content for repeat in binding.repeats},
            **({"stopped_by": ended.stopped_by} if ended.stopped_by else {}),
        },
    )


def _holdout(ended: Ended, binding: Binding, store: Store) -> dict[str, Any]:
    """Return which rows are sealed, and which files of the data the candidate's code has opened itself."""
    if not binding.n_sealed:
        return {}
    opened = opened_data(binding.project.root, binding.data.files, ended.read)
    return {"holdout": keep_rows(binding.holdout, store), **({"opened_data": list(opened)} if opened else {})}


def _extracted(item: Claim) -> dict[str, Any] | None:
    """Return object and name of what was extracted from a session; without the object where it is withheld."""
    if not item.spec.extracted:
        return None
    return {"object": None if item.spec.text else item.spec.extracted, "name": item.spec.qualname or None}


def _code(item: Claim, store: Store) -> str | None:
    """Keep the list of definitions that a claim's identity consists of; claims of the same code share it."""
    if item.closure is None:
        return None
    definitions = [
        {"module": part.module, "path": part.path, "name": part.qualname, "digest": part.digest, "reason": part.reason}
        for part in item.closure.items
    ]
    return store.objects.put(
        canonical_json(
            {
                "digest": item.closure.digest,
                "definitions": definitions,
                "imports": list(item.closure.imports),
                "doubts": list(item.closure.doubts),
            }
        )
    )


def wanted_of(item: Claim, binding: Binding, observed: Collection[tuple[str, str]], beside: Collection[str]) -> Wanted:
    """Return the files without which a run could not be repeated.

    Args:
        item: What was asserted.
        binding: The problem with its data.
        observed: Path and digest of what its folds read and imported below the root.
        beside: Files of all modules of the project that are loaded.
    """
    closure = item.closure
    functions = (getattr(metric, "function", None) for metric in binding.metrics)
    kinds = (type(binding.task), *map(type, binding.metrics), *functions)
    modules = {getattr(kind, "__module__", None) or "" for kind in kinds}
    files = {getattr(sys.modules.get(name), "__file__", None) for name in modules}
    root = binding.project.root
    return Wanted(
        sources={} if closure is None else closure.sources,
        files=(*observed, *item.ingredients["reads"].items()),
        beside=beside,
        needed={os.path.relpath(file, root).replace(os.sep, "/") for file in files if file},
        doubtful=closure is None or bool(closure.doubts),
    )
