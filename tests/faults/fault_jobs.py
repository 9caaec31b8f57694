"""A factory for the tests of faults; workers import it by name."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NAP_S = 0.004


def factory(session: bytes) -> Callable[[bytes], bytes]:
    """Return a job that takes a moment and gives back what it was given."""

    def run(job: bytes) -> bytes:
        if job == b"parent":
            return b"%d" % os.getppid()
        time.sleep(NAP_S)
        return session + job

    return run
