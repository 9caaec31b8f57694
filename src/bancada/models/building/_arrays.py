"""The arrays in a value: its canonical form names them by digest, and their bytes are kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.models._values import MAX_DEPTH, inside

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["arrays"]


def arrays(value: object) -> Iterator[bytes]:
    """Yield the bytes of each array of numbers or texts in a value; SHA-256 of them is what `describe` says of it.

    Args:
        value: An estimator, or anything that stands in its parameters.
    """
    yield from _arrays(value, 0)


def _arrays(value: Any, depth: int) -> Iterator[bytes]:
    if depth > MAX_DEPTH:
        return
    if type(value) is np.ndarray and not value.dtype.hasobject:
        yield np.ascontiguousarray(value).tobytes()
        return
    for item in inside(value):
        yield from _arrays(item, depth + 1)
