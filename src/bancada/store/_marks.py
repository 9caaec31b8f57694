"""Marks: an empty file for each fact about a problem's runs, by which a reader sees at once which runs are news.

They lie in `runs/<problem>/marks/<c>/`, `<c>` being the first character of a run's id, and are called as the run and
the fact's file: `<run id>.run.json`, `<run id>.note-….json`. A mark is left before its fact is written, so that no kill
leaves a fact without one; a mark whose fact is not there yet is looked after. They travel with the runs when a store is
copied, and nothing but speed depends on them: facts without marks are found too, only later.
"""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict

__all__ = ["FOLDER", "leave_mark", "mark_times", "marked"]

FOLDER = "marks"
ID_LENGTH = 26


def leave_mark(problem: str, run_id: str, fact: str) -> None:
    """Announce a fact that is about to be written; where that is not possible it is done without.

    Args:
        problem: The problem's folder.
        run_id: Id of the run.
        fact: Name of the fact's file: `run.json`, or that of a statement.
    """
    shelf = f"{problem}/{FOLDER}/{run_id[0]}"
    with contextlib.suppress(OSError):
        try:
            _touch(f"{shelf}/{run_id}.{fact}")
        except FileNotFoundError:
            os.makedirs(shelf, exist_ok=True)  # noqa: PTH103 - plain texts: a thousand runs a second pass here
            _touch(f"{shelf}/{run_id}.{fact}")


def mark_times(problem: str) -> dict[str, int]:
    """Return the time of each shelf of marks, ns, by its character; empty where there are none."""
    try:
        with os.scandir(f"{problem}/{FOLDER}") as entries:
            return {
                entry.name: entry.stat(follow_symlinks=False).st_mtime_ns
                for entry in entries
                if len(entry.name) == 1 and entry.is_dir(follow_symlinks=False)
            }
    except OSError:
        return {}


def marked(problem: str, shelf: str) -> dict[str, list[str]]:
    """Return the facts that are announced on a shelf, by run id."""
    facts: dict[str, list[str]] = defaultdict(list)
    with contextlib.suppress(OSError):
        for name in os.listdir(f"{problem}/{FOLDER}/{shelf}"):  # noqa: PTH208 - thousands of names
            if name[ID_LENGTH : ID_LENGTH + 1] == "." and name[0] == shelf:
                facts[name[:ID_LENGTH]].append(name[ID_LENGTH + 1 :])
    return facts


def _touch(path: str) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o644))
