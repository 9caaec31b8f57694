"""Graphics processors and their driver."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

__all__ = ["Accelerators", "accelerators"]

_LIMIT_S = 2.0
_QUERY = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
_VERSION = re.compile(r"\b(\d{3,}\.\d+(?:\.\d+)*)\b")


class Accelerators(NamedTuple):
    """What is there.

    Attributes:
        names: Model of each device, in their order.
        driver: Version of the driver; empty where there is none.
    """

    names: tuple[str, ...] = ()
    driver: str = ""


def accelerators(proc: Path = Path("/proc/driver/nvidia"), dev: Path = Path("/dev")) -> Accelerators:
    """Describe NVIDIA's devices from what the kernel tells, which costs nothing.

    Their own program is asked only where there are devices and the kernel tells nothing, as in some containers.

    Args:
        proc: Where the driver tells of itself.
        dev: Where devices are.
    """
    driver = _driver(proc / "version")
    names = tuple(name for path in sorted(proc.glob("gpus/*/information")) if (name := _model(path)))
    if names and driver:
        return Accelerators(names, driver)
    if driver or any(dev.glob("nvidia[0-9]*")):
        return _asked() or Accelerators(names, driver)
    return Accelerators()


def _driver(path: Path) -> str:
    found = _VERSION.search(_text(path))
    return found[1] if found else ""


def _model(path: Path) -> str:
    for line in _text(path).splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "Model":
            return value.strip()
    return ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _asked() -> Accelerators | None:
    try:
        done = subprocess.run(_QUERY, capture_output=True, text=True, check=True, timeout=_LIMIT_S)
    except (OSError, subprocess.SubprocessError):
        return None
    rows = [line.rsplit(",", 1) for line in done.stdout.splitlines() if "," in line]
    return Accelerators(tuple(name.strip() for name, _ in rows), rows[0][1].strip()) if rows else None
