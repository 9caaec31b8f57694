"""Whether this process can be forked without risk for what runs in the child."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import threadpoolctl

__all__ = ["fork_hazard"]

_TASKS = Path("/proc/self/task")

# A thread that Python has joined lives on in the system for a moment; so does the one of an executor just shut down.
_PATIENCE_S = 0.02

# jemalloc, the allocator that Arrow brings, tends its arenas in threads of this name; its own fork handlers start
# afresh in the child, so they do no harm.
_HARMLESS = "jemalloc_bg_thd"


def fork_hazard() -> str | None:
    """Return why forking this process would be unsafe, as a clause; None where it is safe.

    A child of `fork` has one thread. A lock that any other thread held stays locked in it for ever, and a pool of
    threads that does not know of the fork waits for threads that are gone. OpenBLAS knows (it stops its threads before
    a fork and starts them again on demand), so its threads are allowed for; those of OpenMP are not.

    Returns:
        A clause such as "another Python thread runs (`poller`)", or None.
    """
    if not hasattr(os, "fork"):
        return f"the platform `{sys.platform}` has no fork"
    if sys.platform == "darwin":
        return "the system libraries of macOS do not support fork without exec"
    return _python_threads() or _cuda() or _system_threads()


def _python_threads() -> str | None:
    """Return a clause where a Python thread runs beside the calling one."""
    others = [thread.name for thread in threading.enumerate() if thread is not threading.current_thread()]
    return f"another Python thread runs (`{others[0]}`)" if others else None


def _cuda() -> str | None:
    """Return a clause where torch has opened a CUDA context, which no child can use."""
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    return "CUDA is initialised" if cuda is not None and cuda.is_initialized() else None


def _system_threads() -> str | None:
    """Return a clause where threads of the system run that OpenBLAS and jemalloc do not account for."""
    if _extra_threads() <= 0:
        return None
    # Only OpenBLAS on its own threads starts them when it is loaded. MKL, and OpenBLAS over OpenMP, start theirs at the
    # first call: allowing for those as well would hide just as many threads of some other pool before that call.
    allowed = sum(
        pool["num_threads"] - 1
        for pool in threadpoolctl.threadpool_info()
        if pool["internal_api"] == "openblas" and pool.get("threading_layer") == "pthreads"
    )
    deadline = time.monotonic() + _PATIENCE_S
    while (surplus := _extra_threads() - allowed) > 0:
        if time.monotonic() > deadline:
            return f"{surplus} threads run that no BLAS pool accounts for"
        time.sleep(0.001)
    return None


def _extra_threads() -> int:
    """Return how many threads of the system run beside the calling one; 0 where the system does not tell."""
    return sum(_comm(task) != _HARMLESS for task in _TASKS.iterdir()) - 1 if _TASKS.is_dir() else 0


def _comm(task: Path) -> str:
    """Return the name of a thread of the system; empty where it ended meanwhile."""
    try:
        return (task / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
