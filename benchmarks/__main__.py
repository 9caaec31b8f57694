"""Measure bancada beside its peers. Usage: python -m benchmarks [NAME …] [--quick].

Without names everything is measured, and `benchmarks/RESULTS.md` is written anew; with names or `--quick` the table is
printed only. A peer that is not installed is left out; `BENCHMARKS_MLFLOW_PYTHON` names an interpreter with MLflow.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.harness import Ground, Report
from benchmarks.results import page

MEASUREMENTS = (
    "evidence",
    "live_log",
    "startup",
    "sweep",
    "evaluating",
    "hashing",
    "memory",
    "cache_soundness",
    "board",
    "rescoring",
    "slices",
    "writers",
    "trying",
    "environments",
    "reproducing",
)
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    """Measure, print the table, and keep it where everything was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(MEASUREMENTS)}")
    parser.add_argument("--quick", action="store_true", help="smallest sizes: shows that it works, proves nothing")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(MEASUREMENTS))
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
    reports = {}
    for name in options.names or MEASUREMENTS:
        started = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            reports[name] = _measured(name, Path(folder).resolve(), quick=options.quick)
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    text = page(reports)
    print(text)
    if not options.names and not options.quick:
        RESULTS.write_text(text, encoding="utf-8")
    return 0


def _measured(name: str, folder: Path, *, quick: bool) -> Report:
    report = importlib.import_module(f"benchmarks.{name}").measure(Ground(folder, quick=quick))
    assert isinstance(report, Report)  # noqa: S101 - a check for the reader, not of input
    return report


if __name__ == "__main__":
    sys.exit(main())
