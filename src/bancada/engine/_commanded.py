"""What a script knows that `bancada exec` runs: which run it belongs to, and how to hand predictions over."""

from __future__ import annotations

import functools
import os

import msgspec

__all__ = ["VARIABLE", "Commanded", "commanded"]

VARIABLE = "BANCADA_EXEC"


class Commanded(msgspec.Struct, frozen=True, kw_only=True):
    """The run that a command belongs to.

    Attributes:
        run_id: Id of the run.
        problem: Name of its problem.
        root: The project's root.
        store: Folder of the store.
        address: Where predictions are handed over: the path of a socket, or host and port.
        key: Who knows it may hand predictions over, hexadecimal.
    """

    run_id: str
    problem: str
    root: str
    store: str
    address: str | tuple[str, int]
    key: str


def commanded() -> Commanded | None:
    """Return the run that this process belongs to; None where `bancada exec` did not start it."""
    text = os.environ.get(VARIABLE, "")
    return _decoded(text) if text else None


@functools.lru_cache(maxsize=1)
def _decoded(text: str) -> Commanded | None:
    try:
        return msgspec.json.decode(text, type=Commanded)
    except msgspec.DecodeError:
        return None
