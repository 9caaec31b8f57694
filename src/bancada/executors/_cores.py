"""How many cores this process may use, and how many threads each worker gets of them."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["bound_threads", "cgroup_cores", "thread_environment", "usable_cores"]

_VARIABLES = (
    "BLIS_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def usable_cores() -> int:
    """Return how many cores this process may use: its affinity, cut by the quota of its control group; at least 1."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    quota = cgroup_cores(Path("/"))
    return max(1, cores if quota is None else min(cores, quota))


def bound_threads(workers: int, cores: int) -> int:
    """Return how many threads each worker may use, so that workers × threads ≤ cores wherever workers ≤ cores.

    Args:
        workers: How many workers run at once.
        cores: How many cores they share.

    Returns:
        `cores // workers`, at least 1.

    Raises:
        UsageError: `workers` is not positive.

    Examples:
        >>> bound_threads(2, 8), bound_threads(3, 8), bound_threads(8, 2)
        (4, 2, 1)
    """
    if workers < 1:
        raise UsageError(
            "An executor has at least one worker.", f"`workers` is {workers!r}.", "Give a whole number from 1 on."
        )
    return max(1, cores // workers)


def thread_environment(threads: int) -> dict[str, str]:
    """Return the environment variables that bound the pools of numerical libraries which are not loaded yet.

    Examples:
        >>> thread_environment(2)["OMP_NUM_THREADS"]
        '2'
    """
    return dict.fromkeys(_VARIABLES, str(threads))


def cgroup_cores(root: Path) -> int | None:
    """Return the smallest CPU quota above this process in whole cores, rounded up.

    Args:
        root: The folder in which `proc` and `sys` lie.

    Returns:
        Cores, or None where no quota is set or none can be read.
    """
    shares = [share for quota, period in _quotas(root) if (share := _share(quota, period)) is not None]
    return max(1, math.ceil(min(shares))) if shares else None


def _quotas(root: Path) -> Iterator[tuple[str, str]]:
    """Yield (quota, period) of each control group from this process's own up to the root, of either version."""
    mount = root / "sys/fs/cgroup"
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, name = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        own = PurePosixPath(name.lstrip("/"))
        for folder in (own, *own.parents):
            if controllers:
                place = mount / "cpu" / folder
                yield _text(place / "cpu.cfs_quota_us"), _text(place / "cpu.cfs_period_us")
            else:
                quota, _, period = _text(mount / folder / "cpu.max").partition(" ")
                yield quota, period


def _share(quota: str, period: str) -> float | None:
    """Return quota / period in cores; None where the group sets no quota ("max", -1) or has no such file."""
    try:
        share = int(quota) / int(period)
    except (ValueError, ZeroDivisionError):
        return None
    return share if share > 0 else None


def _text(path: Path) -> str:
    """Return the text of a file of the kernel, empty where there is none."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
