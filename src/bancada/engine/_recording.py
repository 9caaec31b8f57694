"""From what happened to the record that is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.identity import canonical_json, digest_bytes
from bancada.provenance import author, environment, find_secrets, git_state, hardware
from bancada.records import Evidence, RunRecord

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.engine._binding import Binding
    from bancada.engine._claims import Claim
    from bancada.records import FoldUse, Score
    from bancada.store import Store

__all__ = ["Ended", "Surroundings", "run_record", "utc_now"]


def utc_now() -> str:
    """Return the present time in UTC, ISO 8601."""
    return dt.datetime.now(dt.UTC).isoformat()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where runs happen: captured once in a process, the same for all its runs.

    Attributes:
        author: git's user, unverified.
        provenance: Commit, machine, interpreter; the packages as the digest of an object.
    """

    author: str
    provenance: dict[str, Any]

    @classmethod
    def capture(cls, root: Path, store: Store, workers: int, threads: int) -> Surroundings:
        """Look around."""
        here = environment()
        packages = store.objects.put(canonical_json(msgspec.to_builtins(here)))
        git = git_state(root)
        return cls(
            author(root),
            {
                "environment": packages,
                "git": None if git is None else msgspec.to_builtins(git),
                "hardware": hardware(),
                "python": here.python,
                "threads": threads,
                "workers": workers,
            },
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
        outside: Paths outside the project that were read.
        notes: What must be told about the models, such as a fixed `random_state`.
        unstable: How many folds have given other predictions under the same key.
        stopped_by: What ended a trial early: `rule`, `interrupt` or `quick`; empty where nothing did.
    """

    run_id: str
    started: str
    seconds: float
    status: str
    uses: tuple[FoldUse, ...]
    scores: tuple[Score, ...]
    outside: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    unstable: int = 0
    stopped_by: str = ""


def run_record(item: Claim, binding: Binding, surroundings: Surroundings, store: Store, ended: Ended) -> RunRecord:
    """Return the record of a run that has ended.

    Args:
        item: What was asserted.
        binding: The problem with its data.
        surroundings: Where it ran.
        store: Where the sources are kept.
        ended: What became of it.
    """
    sources, withheld = _sources(item, binding.project.root, store)
    missing = [*item.missing, *(f"`{path}` was read, outside the project" for path in sorted(ended.outside)), *withheld]
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
            "n_rows": binding.data.n_rows,
            "n_sealed": binding.n_sealed,
            "code": _code(item, store),
            "data": binding.kept,
            "extracted": _extracted(item),
            "notes": sorted(ended.notes),
            "reference": f"{item.spec.module}:{item.spec.qualname}" if item.spec.module else None,
            "sources": sources,
            "splits": {str(repeat.number): repeat.content for repeat in binding.repeats},
            **({"stopped_by": ended.stopped_by} if ended.stopped_by else {}),
        },
    )


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


def _sources(item: Claim, root: Path, store: Store) -> tuple[dict[str, str], list[str]]:
    """Keep the source files of a claim's code; those that hold secrets are withheld and named."""
    kept: dict[str, str] = {}
    withheld = []
    for path, digest in [] if item.closure is None else sorted(item.closure.sources.items()):
        data = (root / path).read_bytes() if (root / path).is_file() else b""
        if digest_bytes(data) != digest:
            withheld.append(f"source `{path}` changed while the run was under way")
            continue
        secrets = find_secrets(data.decode(errors="replace"))
        if secrets:
            withheld.append(f"source `{path}` was withheld: it holds {', '.join(secrets)}")
        else:
            kept[path] = store.objects.put(data)
    return kept, withheld
