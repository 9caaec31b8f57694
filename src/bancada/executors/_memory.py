"""How much memory processes hold, seen from outside."""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path

__all__ = ["LOOK_S", "MB", "kernel_kills", "memory_mb"]

MB = 1_000_000
_PROC = Path("/proc")
_KERNEL = _PROC / "vmstat"
_TELLS = (_PROC / "self" / "smaps_rollup").exists()
# A look costs some ten microseconds where the kernel tells, and starts a program where it does not.
LOOK_S = 0.05 if _TELLS else 1.0


def memory_mb(pid: int) -> float:
    """Return how many MB (of a million bytes) a process and all its descendants hold in memory of their own.

    Pages of files that are mapped, such as a dataset's, do not count: the system can drop them at any time. A page that
    two of the processes share counts once. Where the system has no `/proc`, as on macOS, it is the resident set as `ps`
    tells it, mapped files included.

    Args:
        pid: The process; 0 MB where it has gone.
    """
    if not _TELLS:
        return _told_by_ps(pid)
    pids = _family(pid)
    quick = sum(map(_resident_bytes, pids))
    # What a forked child shares with its parent was counted for each: only the slower figure tells it apart.
    return (quick if len(pids) == 1 else sum(map(_shared_out_bytes, pids))) / MB


def kernel_kills() -> int:
    """Return how many processes the kernel has killed since it started because memory ran out; 0 where untold."""
    with contextlib.suppress(OSError, ValueError):
        for line in _KERNEL.read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(" ")
            if name == "oom_kill":
                return int(value)
    return 0


def _family(pid: int) -> list[int]:
    """Return a process and all its descendants that live."""
    found = [pid]
    for parent in found:
        with contextlib.suppress(OSError):
            for task in (_PROC / str(parent) / "task").iterdir():
                with contextlib.suppress(OSError):
                    found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def _resident_bytes(pid: int) -> int:
    """Return the resident set of a process without mapped files."""
    return _field_bytes(_PROC / str(pid) / "status", ("RssAnon:", "RssShmem:"))


def _shared_out_bytes(pid: int) -> int:
    """Return the same where each shared page is divided by the number of processes that share it."""
    return _field_bytes(_PROC / str(pid) / "smaps_rollup", ("Pss_Anon:", "Pss_Shmem:"))


def _field_bytes(path: Path, names: tuple[str, ...]) -> int:
    with contextlib.suppress(OSError):  # it has ended meanwhile
        lines = (line.split() for line in path.read_text(encoding="ascii", errors="replace").splitlines())
        return sum(int(line[1]) * 1024 for line in lines if line and line[0] in names)
    return 0


def _told_by_ps(pid: int) -> float:
    """Return the resident set of a process and its descendants, by the program that every Unix has."""
    try:
        listed = subprocess.run(
            ["ps", "-axo", "pid=,ppid=,rss="],
            capture_output=True,
            check=True,
            text=True,
            timeout=5,
        )
    except (OSError, subprocess.SubprocessError):
        return 0.0
    rows = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    family = {pid}
    while more := {child for child, parent, _ in rows if parent in family} - family:
        family |= more
    return sum(kib for child, _, kib in rows if child in family) * 1024 / MB
