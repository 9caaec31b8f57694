"""When modules came into this process: a file that was touched later may say something else than its module does."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["noting_arrivals", "touched_since"]

# By name the specification, which a reload replaces, and when the import had not begun yet.
_arrivals: dict[str, tuple[object, int]] = {}


@contextlib.contextmanager
def noting_arrivals() -> Iterator[None]:
    """Note of all modules that are imported in the block that they came after it began."""
    before, now_ns = sys.modules.copy(), time.time_ns()
    try:
        yield
    finally:
        for name, module in sys.modules.copy().items():
            if before.get(name) is not module:
                _arrivals[name] = (getattr(module, "__spec__", None), now_ns)


def touched_since(module: str, file: Path) -> bool:
    """Tell whether a file may have been touched since a module was made of it.

    A module that came by another way, or was reloaded, may be as old as the process.

    Args:
        module: Name of a module that is imported.
        file: Its file.
    """
    spec, arrived_ns = _arrivals.get(module, (None, 0))
    if spec is None or spec is not getattr(sys.modules.get(module), "__spec__", None):
        arrived_ns = _BORN_NS
    try:
        status = file.stat()
    except OSError:
        return True
    # What keeps the time of a file that it overwrites, as a copy can, changes that of its inode.
    return max(status.st_mtime_ns, status.st_ctime_ns) > arrived_ns


def _born_ns() -> int:
    """Return when this process began, no later than it read a module; where the system does not say, now."""
    try:
        fields = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        age_s = time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return time.time_ns() - int(age_s * 1e9)
    except (AttributeError, IndexError, OSError, ValueError):
        return time.time_ns()


# Asked once: a fork is younger than the modules that it has.
_BORN_NS = _born_ns()
