"""`bancada leaderboard` over many stored runs, whole processes."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING, Any

import msgspec
from benchmarks.harness import Report, Row, difference, duration, median
from benchmarks.profiling import profiled

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness import Ground

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
CANDIDATES = 40
BAR_RUNS = 100_000
BAR_S = 0.200


def measure(ground: Ground) -> Report:
    """Time the board after the index was lost, after one more run was written, and when nothing changed."""
    rows = []
    profile = ""
    for count in (200,) if ground.quick else (1_000, 10_000, BAR_RUNS):
        project = ground.project("small_grid")
        ground.output("-m", "bancada", "run", cwd=project)
        chance = random.Random(0)  # noqa: S311 - scores, no secrets
        template = template_of(project)
        for _ in range(count):
            _write(project, template, chance)
        board = ("-m", "bancada", "leaderboard")
        rebuilt = ground.seconds(*board, cwd=project)
        stale, settled, fresh, bare = [], [], [], []
        for _ in range(ground.times(3, 1)):
            bare.append(ground.seconds("-c", "pass", cwd=project))
            fresh.append(ground.seconds(*board, cwd=project))
            _write(project, template, chance)
            stale.append(ground.seconds(*board, cwd=project))
            # Within two seconds of a change another one may hide behind it: this one looks again.
            settled.append(ground.seconds(*board, cwd=project))
        what = f"`leaderboard` over {count:,} runs, whole process"
        barred = count == BAR_RUNS
        rows += [
            Row(
                what,
                "≤ 200 ms" if barred else "",
                duration(median(fresh)),
                f"{duration(difference(fresh, bare))} over bare Python",
                median(fresh) <= BAR_S if barred else None,
            ),
            Row(f"{what}, after one more run was written", "", duration(median(stale))),
            Row(f"{what}, once more at once", "", duration(median(settled))),
            Row(f"{what}, after the index was lost", "", duration(rebuilt)),
        ]
        _write(project, template, chance)
        profile = profiled(ground, *board, cwd=project)
    title = "#### `leaderboard` after one more run was written, the largest store"
    return Report(tuple(rows), f"{title}\n\n{profile}")


def template_of(project: Path) -> bytes:
    """Return the record of a run that is no baseline."""
    paths = sorted((project / ".bancada" / "runs").rglob("run.json"))
    return next(data for path in paths if not msgspec.json.decode(data := path.read_bytes())["baseline"])


def _write(project: Path, template: bytes, chance: random.Random) -> None:
    """Write a run that differs from the template in its parameter and its scores."""
    record: dict[str, Any] = msgspec.json.decode(template)
    shift = chance.gauss(0, 0.02)
    record["run_id"] = "".join(chance.choices(ALPHABET, k=26))
    record["claim_id"] = hashlib.sha256(record["run_id"].encode()).hexdigest()
    record["candidate"] = f"candidate{chance.randrange(CANDIDATES)}"
    record["params"]["C"] = record["claim"]["params"]["C"] = chance.random()
    for score in record["scores"]:
        for part in [score["estimate"], *score["folds"]]:
            for name in ("value", "low", "high"):
                if part.get(name) is not None:
                    part[name] = min(1.0, part[name] - 0.1 + shift + chance.gauss(0, 0.005))
    problem = project / ".bancada" / "runs" / record["problem"]["name"]
    folder = problem / record["run_id"]
    folder.mkdir()
    mark = problem / "marks" / record["run_id"][0] / f"{record['run_id']}.run.json"
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    (folder / "run.json").write_bytes(msgspec.json.encode(record))
