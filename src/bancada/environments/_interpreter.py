"""The interpreter and the system under it."""

from __future__ import annotations

import functools
import os
import platform
import sys
import sysconfig
from typing import TypedDict

__all__ = ["Interpreter", "interpreter"]


class Interpreter(TypedDict):
    """What a record holds of the interpreter, by its own names for it."""

    python: str
    implementation: str
    build: str
    tag: str
    platform: str
    libc: str


@functools.cache
def interpreter() -> Interpreter:
    """Describe the interpreter of this process."""
    number, date = platform.python_build()
    return Interpreter(
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        build=f"{number}, {date}, {platform.python_compiler()}",
        tag=sysconfig.get_platform(),
        platform=platform.platform() if sys.platform != "linux" else f"Linux-{platform.release()}-{platform.machine()}",
        libc=_libc(),
    )


def _libc() -> str:
    """Name the C library without reading the interpreter's file, where the system tells it."""
    try:
        told = os.confstr("CS_GNU_LIBC_VERSION")
    except (AttributeError, OSError, ValueError):
        told = None
    return told or " ".join(part for part in platform.libc_ver() if part)
