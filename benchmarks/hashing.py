"""Digests of files and tables, beside what other libraries compute of the same."""

from __future__ import annotations

import hashlib
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from benchmarks.harness import Report, Row, alternate, duration, median

from bancada.identity import DigestMemo, file_digest, table_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from benchmarks.harness import Ground

FILE_BYTES_PER_S = 1e9
TABLE_BYTES_PER_S = 300e6
UNCHANGED_S = 1e-3
YOUNG_S = 2.1
NULLS = 0.05


def measure(ground: Ground) -> Report:
    """Time digests of one file and of three tables, all in memory or in the page cache."""
    times = ground.times(5)
    rows = [*_file(ground, times)]
    missed = []
    for name, table in _tables(ground.times(2_000_000, 100_000)).items():
        taken = alternate(
            {"bancada": _timed(partial(table_digest, table)), "pandas": _timed(partial(_peer, table.to_pandas()))},
            times,
        )
        speed = table.nbytes / median(taken["bancada"])
        passed = speed >= TABLE_BYTES_PER_S
        what = f"`table_digest`, {name}, {table.nbytes / 1e6:.0f} MB"
        peer = f"`pandas.util.hash_pandas_object` {_speed(table.nbytes / median(taken['pandas']))}"
        rows.append(Row(what, "≥ 300 MB/s", _speed(speed), peer, passed))
        if not passed:
            missed.append(f"- {name}: {duration(median(taken['bancada']))} in `bancada/identity/_tables.py`")
    return Report(tuple(rows), "\n".join(missed))


def _file(ground: Ground, times: int) -> list[Row]:
    size = ground.times(512, 32) << 20
    path = ground.folder("file") / "data.bin"
    path.write_bytes(np.random.default_rng(0).bytes(size))
    memo = DigestMemo(path.with_name("memo.sqlite"))
    # A younger file is never trusted to be unchanged.
    time.sleep(YOUNG_S)
    file_digest(path, memo)
    data = path.read_bytes()
    taken = alternate(
        {
            "bancada": _timed(lambda: file_digest(path)),
            "hashlib": _timed(lambda: hashlib.sha256(data)),
            "unchanged": _timed(lambda: file_digest(path, memo)),
        },
        times,
    )
    speed, unchanged = size / median(taken["bancada"]), median(taken["unchanged"])
    peer = f"`hashlib.sha256` of bytes in memory {_speed(size / median(taken['hashlib']))}"
    return [
        Row(f"`file_digest`, {size >> 20} MiB", "≥ 1 GB/s", _speed(speed), peer, speed >= FILE_BYTES_PER_S),
        Row("the same file, unchanged", "≤ 1 ms", duration(unchanged), passed=unchanged <= UNCHANGED_S),
    ]


def _tables(n_rows: int) -> dict[str, Any]:
    """Return tables by name: numbers alone, numbers with nulls, and texts alone."""
    rng = np.random.default_rng(0)
    numbers = {f"x{number}": rng.normal(size=n_rows) for number in range(8)}
    counts = {f"n{number}": rng.integers(0, 1_000_000, n_rows) for number in range(4)}
    gaps = {name: pa.array(values, mask=rng.random(n_rows) < NULLS) for name, values in (numbers | counts).items()}
    words = np.array([f"{word:x}" * (1 + word % 5) for word in rng.integers(0, 1 << 30, 50_000)])
    texts = {f"s{number}": pa.array(words[rng.integers(0, len(words), n_rows)]) for number in range(4)}
    return {
        "8 float and 4 integer columns": pa.table({**numbers, **counts}),
        "the same with 5 % nulls": pa.table(gaps),
        "4 text columns": pa.table(texts),
    }


def _peer(frame: pd.DataFrame) -> str:
    return hashlib.sha256(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes()).hexdigest()


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def way() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return way


def _speed(bytes_per_s: float) -> str:
    return f"{bytes_per_s / 1e9:.2f} GB/s" if bytes_per_s >= FILE_BYTES_PER_S else f"{bytes_per_s / 1e6:.0f} MB/s"
