"""`bancada leaderboard` over many stored runs, whole processes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
from benchmarks.harness import Report, Row, difference, duration, median
from benchmarks.profiling import profiled

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness import Ground

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
CANDIDATES = 40


def measure(ground: Ground) -> Report:
    """Time the board after the index was lost, after one more run was written, and when nothing changed."""
    rows = []
    profile = ""
    for count in (200,) if ground.quick else (1_000, 10_000):
        project = ground.project("small_grid")
        ground.output("-m", "bancada", "run", cwd=project)
        rng = np.random.default_rng(0)
        template = _template(project)
        for _ in range(count):
            _write(project, template, rng)
        board = ("-m", "bancada", "leaderboard")
        rebuilt = ground.seconds(*board, cwd=project)
        stale, fresh, bare = [], [], []
        for _ in range(ground.times(3, 1)):
            bare.append(ground.seconds("-c", "pass", cwd=project))
            fresh.append(ground.seconds(*board, cwd=project))
            _write(project, template, rng)
            stale.append(ground.seconds(*board, cwd=project))
        what = f"`leaderboard` over {count:,} runs, whole process"
        rows += [
            Row(what, "", duration(median(fresh)), f"{duration(difference(fresh, bare))} over bare Python"),
            Row(f"{what}, after one more run was written", "", duration(median(stale))),
            Row(f"{what}, after the index was lost", "", duration(rebuilt)),
        ]
        _write(project, template, rng)
        profile = profiled(ground, *board, cwd=project)
    title = "#### `leaderboard` after one more run was written, the largest store"
    notes = ("The design's bar of 200 ms is for 100,000 runs, which a later issue takes up.",)
    return Report(tuple(rows), f"{title}\n\n{profile}", notes)


def _template(project: Path) -> str:
    records = [json.loads(path.read_bytes()) for path in sorted((project / ".bancada" / "runs").rglob("run.json"))]
    return json.dumps(next(record for record in records if not record["baseline"]))


def _write(project: Path, template: str, rng: np.random.Generator) -> None:
    """Write a run that differs from the template in its parameter and its scores."""
    record = json.loads(template)
    shift = rng.normal(0, 0.02)
    record["run_id"] = "".join(ALPHABET[number] for number in rng.integers(len(ALPHABET), size=26))
    record["claim_id"] = hashlib.sha256(record["run_id"].encode()).hexdigest()
    record["candidate"] = f"candidate{rng.integers(CANDIDATES)}"
    record["params"]["C"] = record["claim"]["params"]["C"] = rng.random()
    for score in record["scores"]:
        for part in [score["estimate"], *score["folds"]]:
            for name in ("value", "low", "high"):
                if part.get(name) is not None:
                    part[name] = min(1.0, part[name] - 0.1 + shift + rng.normal(0, 0.005))
    problem = project / ".bancada" / "runs" / record["problem"]["name"]
    folder = problem / record["run_id"]
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
