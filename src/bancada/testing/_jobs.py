"""The job that checks of executors submit; workers import it by name."""

from __future__ import annotations

import functools
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["actor", "broken"]

_NAP_S = 600.0


def actor(session: bytes) -> Callable[[bytes], bytes]:
    """Return a job that does what its first word says with what follows."""
    return functools.partial(_act, session)


def broken(session: bytes) -> Callable[[bytes], bytes]:
    """Refuse the session.

    Raises:
        LookupError: Always.
    """
    raise LookupError("no such dataset: " + session.decode())


def _act(session: bytes, job: bytes) -> bytes:
    verb, _, value = job.partition(b" ")
    if verb == b"session":
        return session
    if verb == b"fail":
        raise ValueError(value.decode())
    if verb == b"stop":
        raise SystemExit(int(value))
    if verb == b"die":
        os._exit(int(value))
    if verb == b"grow":
        held = bytearray(int(value) * 1_000_000)
        time.sleep(_NAP_S)
        return str(len(held)).encode()
    if verb == b"nap":
        time.sleep(float(value))
    return str(os.getpid()).encode() if verb == b"pid" else value
