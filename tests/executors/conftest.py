"""What the tests of executors share."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.executors.puppet import Stage

from bancada.executors import ProcessExecutor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = str(Path(__file__).parent)


def _lives(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits for its parent does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self/stat").exists()
    return state not in "ZX"


@pytest.fixture
def gone() -> Callable[..., bool]:
    """Wait for processes to end, and tell whether all have."""

    def wait(*pids: int, within_s: float = 5.0) -> bool:
        deadline = time.monotonic() + within_s
        while any(map(_lives, pids)):
            if time.monotonic() > deadline:
                for pid in filter(_lives, pids):
                    os.kill(pid, signal.SIGKILL)
                return False
            time.sleep(0.002)
        return True

    return wait


@pytest.fixture
def executor(request: pytest.FixtureRequest) -> Iterator[Callable[..., ProcessExecutor]]:
    """Make executors on the test factories that are shut down after the test."""
    made: list[ProcessExecutor] = []

    def make(name: str = "actor", *, workers: int = 1, session: bytes | None = b"s", **more: object) -> ProcessExecutor:
        settings: dict[str, object] = {"fresh": False, "path": (HERE,), "threads": 1, **more}
        made.append(ProcessExecutor(f"executor_jobs:{name}", workers=workers, session=session, **settings))  # type: ignore[arg-type] # settings by name
        return made[-1]

    yield make
    for each in made:
        each.shutdown(cancel=True)


@pytest.fixture
def stage() -> Iterator[Callable[..., Stage]]:
    """Make dispatchers whose zygote and workers the test plays."""
    made: list[Stage] = []

    def make(workers: int, pid: int | None = None) -> Stage:
        made.append(Stage(workers, pid))
        return made[-1]

    yield make
    for each in made:
        each.close()
