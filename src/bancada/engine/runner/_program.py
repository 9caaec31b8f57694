"""The program: a job's file in, a result's file out, and what happens meanwhile as lines of JSON on stdout."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.engine._failures import fold_error
from bancada.engine.runner._protocol import Job, Result, read_job
from bancada.exceptions import BancadaError
from bancada.executors import die_with_parent, thread_environment
from bancada.identity import canonical_json

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["main"]

DONE, FAILED, WRONG_USE = 0, 1, 2
WORK = "bancada.engine.runner._working"


class _Left(BaseException):
    """Nobody waits for an answer any more."""


def main(arguments: list[str]) -> int:
    """Compute the job of a file and return the exit code: 1 where nothing could be computed, as the result says."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m bancada.engine.runner JOB\n")
        return WRONG_USE
    die_with_parent(os.getppid())
    path = Path(arguments[0]).absolute()
    job = read_job(path.read_bytes())
    out = path.parent / job.out
    out.mkdir(exist_ok=True)
    started = time.perf_counter()
    try:
        result = _answer(job, path.parent, _channel())
    except _Left:
        return FAILED
    result = msgspec.structs.replace(result, seconds=time.perf_counter() - started)
    aside = out / ".result.json"
    aside.write_bytes(canonical_json(msgspec.to_builtins(result)))
    aside.replace(out / "result.json")
    return DONE if result.error is None else FAILED


def _channel() -> Callable[[dict[str, Any]], None]:
    """Keep stdout for what this program tells; what the project's own code prints goes to stderr."""
    stream = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    parent = os.getppid()

    def tell(event: dict[str, Any]) -> None:
        if os.getppid() != parent:
            raise _Left
        with contextlib.suppress(OSError):
            stream.write(json.dumps(event).encode() + b"\n")

    return tell


def _answer(job: Job, folder: Path, tell: Callable[[dict[str, Any]], None]) -> Result:
    if job.threads is not None:
        # Before the numerical libraries are loaded, which read this once.
        os.environ.update(thread_environment(job.threads))
    try:
        result: Result = importlib.import_module(WORK).work(job, folder, tell)
    except (KeyboardInterrupt, _Left):
        raise
    except BaseException as error:  # noqa: BLE001 - the project's code may raise anything; the result tells it
        told = fold_error(error, folder / job.project)
        if isinstance(error, BancadaError):
            told = msgspec.structs.replace(told, message=str(error))
        return Result(run_id=job.run_id, error=told)
    return result
