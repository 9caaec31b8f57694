"""The interpreter and everything that is installed."""

from __future__ import annotations

import functools
import os
import platform
import sys
import sysconfig
from dataclasses import dataclass

from bancada.environments import metadata_folders

__all__ = ["Environment", "environment"]


@dataclass(frozen=True, slots=True)
class Environment:
    """What a run ran under.

    Attributes:
        python: Version of Python, in full.
        implementation: `CPython` or another.
        tag: Platform tag of the interpreter, such as `linux-x86_64`.
        libc: The C library with its version, such as `glibc 2.36`; empty where unknown.
        platform: Operating system, as text.
        packages: Normalised name and version of every installed distribution, sorted.
    """

    python: str
    implementation: str
    tag: str
    libc: str
    platform: str
    packages: tuple[tuple[str, str], ...]


@functools.cache
def environment() -> Environment:
    """Describe the environment of this process; captured once, as it was at the first call."""
    return Environment(
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        tag=sysconfig.get_platform(),
        libc=_libc(),
        platform=platform.platform() if sys.platform != "linux" else f"Linux-{platform.release()}-{platform.machine()}",
        packages=tuple(sorted((folder.name, folder.version) for folder in metadata_folders())),
    )


def _libc() -> str:
    """Name the C library without reading the interpreter's file, where the system tells it."""
    try:
        told = os.confstr("CS_GNU_LIBC_VERSION")
    except (AttributeError, OSError, ValueError):
        told = None
    return told or " ".join(part for part in platform.libc_ver() if part)
