"""A changed evaluation over all old runs of a problem, beside a plain loop with scikit-learn, whole processes."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa
from benchmarks.board import template_of
from benchmarks.harness import SCRIPTS, Report, Row, duration
from benchmarks.profiling import profiled

from bancada.identity import table_digest
from bancada.records import FoldRecord, RunRecord
from bancada.store import FoldContent, Store, content_digest, random_name

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness import Ground

BAR_RUNS = 1_000
BAR_S = 60.0
LOOPED = 25


def measure(ground: Ground) -> Report:
    """Time `rescore` after five metrics, a function and four slices were added, and once more when nothing is left."""
    count = ground.times(BAR_RUNS, 8)
    project = ground.project("rescored")
    shutil.copyfile(SCRIPTS / "rescored_loop.py", project / "rescored_loop.py")
    ground.output("-m", "bancada", "run", cwd=project)
    _copies(project, count - 2)
    grown = {"GROWN": "1"}
    rescore = ("-m", "bancada", "rescore")
    taken = ground.seconds(*rescore, cwd=project, **grown)
    again = ground.seconds(*rescore, cwd=project, **grown)
    loop = ground.document("rescored_loop.py", str(min(LOOPED, count)), cwd=project)
    looped = loop["seconds"] / loop["runs"] * count
    barred = count == BAR_RUNS
    missed = barred and taken > BAR_S
    rows = (
        Row(
            f"re-scoring {count:,} runs of 10,000 rows: 7 metrics, all rows and 4 slices, whole process",
            "≤ 60 s" if barred else "",
            duration(taken),
            f"a plain loop with scikit-learn, nothing kept: {duration(looped)}",
            taken <= BAR_S if barred else None,
        ),
        Row(f"the same once more, nothing left to score ({count:,} runs)", "", duration(again)),
    )
    profile = profiled(ground, *rescore, cwd=project) if missed else ""
    values = loop["values"] // loop["runs"]
    note = f"re-scoring computes {values} values for each run; the loop is timed over {loop['runs']} runs, and scaled"
    return Report(rows, profile, (note,))


def _copies(project: Path, count: int) -> None:
    """Write runs that differ from the first in their predictions."""
    store = Store.open(project / ".bancada", create=False)
    template = msgspec.json.decode(template_of(project), type=RunRecord)
    folds = []
    for use in template.folds:
        record = store.folds.read(use.key, use.content or "")
        assert record is not None  # noqa: S101 - the run was just made
        folds.append((use, record, store.folds.predictions(use.key, use.content or "")))
    chance = np.random.default_rng(0)
    for _ in range(count):
        name = random_name()
        uses = []
        for use, record, table in folds:
            content = _noisy(record, table, chance)
            store.folds.put(content)
            uses.append(msgspec.structs.replace(use, content=content.record.content))
        claim = {**template.claim, "code": name}
        run = msgspec.structs.replace(template, run_id=name, claim_id=name, claim=claim, folds=tuple(uses), origin="")
        store.runs.finish(run, durable=False)


def _noisy(record: FoldRecord, table: pa.Table, chance: np.random.Generator) -> FoldContent:
    """Return a fold whose predictions differ a little."""
    logit = np.asarray(table.column("score")) + chance.normal(scale=0.3, size=table.num_rows)
    probability = 1 / (1 + np.exp(-logit))
    columns = {"score": probability if "probability" in table.column_names else logit, "probability": probability}
    for name, values in columns.items():
        table = table.set_column(table.column_names.index(name), name, pa.array(values))
    table = table.set_column(table.column_names.index("label"), "label", pa.array(logit >= 0))
    predictions = table_digest(table)
    renewed = msgspec.structs.replace(
        record, predictions=predictions, content=content_digest(record.observed, predictions)
    )
    return FoldContent(record=renewed, table=table, train_scores={})
