"""The page of results: the table, the machine it was measured on, and a profile of each bar that was missed."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import os
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.harness import MLFLOW_PYTHON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.harness import Report, Row

PACKAGES = ("numpy", "scipy", "scikit-learn", "pandas", "pyarrow", "click", "msgspec")
WORDS = {True: "passed", False: "**missed**", None: ""}


def page(reports: Mapping[str, Report]) -> str:
    """Return the page as Markdown.

    Args:
        reports: What each measurement gave, by its name.
    """
    rows = [row for report in reports.values() for row in report.rows]
    judged = [row for row in rows if row.passed is not None]
    passed = sum(row.passed is True for row in judged)
    parts = [
        "# Benchmarks",
        (
            "Written by `make bench`; the bars are those of the design. Each figure is a median of repeated"
            " measurements, taken in alternation with what it is compared to, in the same run."
        ),
        f"{passed} of {len(judged)} bars are met.",
        "| what | bar | result | beside it | |\n|---|---|---|---|---|\n" + "\n".join(map(_line, rows)),
        "## How it was measured",
        "\n".join(_machine()),
    ]
    notes = [f"- {note}" for report in reports.values() for note in report.notes]
    parts += ["\n".join(notes)] if notes else []
    profiles = {name: report.profile for name, report in reports.items() if report.profile}
    if profiles:
        parts.append("## Where the time goes")
        parts += [f"### {name}\n\n{profile}" for name, profile in profiles.items()]
    return "\n\n".join(parts) + "\n"


def _line(row: Row) -> str:
    cells = (row.what, row.bar, row.result, row.peer, WORDS[row.passed])
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _machine() -> list[str]:
    versions = [f"Python {platform.python_version()}", *(_version(name) for name in ("bancada", *PACKAGES))]
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    mlflow = "as installed" if os.environ.get(MLFLOW_PYTHON) else "in this environment, where it is installed"
    return [
        f"- {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC; load at the end {load}",
        f"- {platform.system()} {platform.release()}, {platform.machine()}, {_processor()}, {_memory()}",
        f"- {', '.join(version for version in versions if version)}; MLflow {mlflow}",
    ]


def _version(name: str) -> str:
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        return ""


def _processor() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return f"{platform.processor()}, {cores} cores"
    model = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    sha = "with" if re.search(r"\bsha_ni\b|^Features.*\bsha2\b", told, re.MULTILINE) else "without"
    return f"{model[1] if model else platform.processor()}, {cores} cores, {sha} SHA instructions"


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB of memory"
    except (ValueError, OSError, AttributeError):
        return "memory unknown"
