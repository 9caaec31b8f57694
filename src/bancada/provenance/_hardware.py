"""The machine a run ran on: recorded, never part of an identity."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from bancada.provenance._accelerators import accelerators

__all__ = ["hardware"]

_LIMIT_S = 2.0


def hardware() -> dict[str, Any]:
    """Describe this machine.

    Returns:
        `cpu` (model), `cores`, `affinity` (cores that this process may use), `memory_bytes` and `machine`; `gpus`
        (models) and `gpu_driver`; `blas`, for each library of linear algebra that is loaded its `library`, `version`,
        `kernel` (the processor that it computes for, which decides the last digits) and `threads` (by what it runs
        several). What cannot be found is empty or 0.
    """
    cores = os.cpu_count() or 0
    devices = accelerators()
    return {
        "cpu": _cpu_model(),
        "cores": cores,
        "affinity": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else cores,
        "memory_bytes": _memory_bytes(),
        "machine": platform.machine(),
        "gpus": list(devices.names),
        "gpu_driver": devices.driver,
        "blas": _blas(),
    }


def _blas() -> list[dict[str, str]]:
    """Describe the libraries that are loaded; without NumPy there is none, and none is loaded to be described."""
    if "numpy" not in sys.modules:
        return []
    import threadpoolctl  # noqa: PLC0415 - it looks through all libraries of the process, and only a run wants that

    found = [
        {
            "library": str(told.get("internal_api", "")),
            "version": str(told.get("version") or ""),
            "kernel": str(told.get("architecture") or ""),
            "threads": str(told.get("threading_layer") or ""),
        }
        for told in threadpoolctl.threadpool_info()
        if told.get("user_api") == "blas"
    ]
    once = [told for number, told in enumerate(found) if told not in found[:number]]
    # The order in which they happened to be loaded tells nothing of the machine.
    return sorted(once, key=lambda told: tuple(told.values()))


def _cpu_model(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    try:
        # Read line by line: the kernel asks each core only when its lines are read.
        with cpuinfo.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                key, _, value = line.partition(":")
                if key.strip() in {"model name", "Model", "cpu model", "uarch"}:
                    return value.strip()
    except OSError:
        return _macos_model()
    return ""


def _macos_model() -> str:
    command = ["sysctl", "-n", "machdep.cpu.brand_string"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LIMIT_S)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _memory_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 0
