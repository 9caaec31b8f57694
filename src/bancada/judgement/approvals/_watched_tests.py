"""A program: run a project's tests by pytest, and note which lines of some files they execute.

It is started by its path with the interpreter of the project, and imports nothing of bancada. Lines count from the time
on when all tests are collected: what importing a module executes is no test of it, and imports stay quick.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

__all__ = ["Watch", "main"]


class Watch:
    """Notes the executed lines of some files, each with the first line of its function.

    Args:
        files: The files, absolute.
    """

    def __init__(self, files: list[str]) -> None:
        self._wanted = {os.path.realpath(file): file for file in files}
        self._known: dict[str, set[tuple[int, int]] | None] = {}
        self.lines: dict[str, set[tuple[int, int]]] = {file: set() for file in files}

    def start(self) -> None:
        """Watch this thread, and all that start from now on."""
        threading.settrace(self._call)
        sys.settrace(self._call)

    def stop(self) -> None:
        """Watch no more."""
        sys.settrace(None)
        threading.settrace(None)

    def _call(self, frame: FrameType, _event: str, _argument: Any) -> Callable[..., Any] | None:
        name = frame.f_code.co_filename
        if name not in self._known:
            file = self._wanted.get(os.path.realpath(name))
            self._known[name] = None if file is None else self.lines[file]
        found = self._known[name]
        if found is None:
            return None
        first = frame.f_code.co_firstlineno

        def line(frame: FrameType, event: str, _argument: Any) -> Callable[..., Any]:
            if event == "line":
                found.add((first, frame.f_lineno))
            return line

        return line


class _Plugin:
    """Counts the tests that pass, and watches while they run; a plugin of pytest."""

    def __init__(self, watch: Watch) -> None:
        self.passed = 0
        self.watch = watch

    def pytest_collection_finish(self) -> None:
        """Begin to watch."""
        self.watch.start()

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note the outcome of a test."""
        if report.when == "call" and report.outcome == "passed":
            self.passed += 1


def main(words: list[str]) -> None:
    """Run the tests and write what was seen.

    Args:
        words: The file to write to, a JSON list of the files to watch, and what pytest is to run.
    """
    answer, files, *tests = words
    watch = Watch(json.loads(files))
    plugin = _Plugin(watch)
    pytest: Any = importlib.import_module("pytest")
    options = ["-q", "-p", "no:cacheprovider"]
    # Other watchers would take this one's place, and other processes would not be seen.
    options += ["--no-cov"] if importlib.util.find_spec("pytest_cov") else []
    options += ["-n0"] if importlib.util.find_spec("xdist") else []
    try:
        code = int(pytest.main([*options, *tests], plugins=[plugin]))
    finally:
        watch.stop()
    told = {"code": code, "passed": plugin.passed, "lines": {file: sorted(watch.lines[file]) for file in watch.lines}}
    Path(answer).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
