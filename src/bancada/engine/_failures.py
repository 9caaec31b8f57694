"""Why a fold failed, in a form that can be kept: masked, without locals, cut to the user's frames."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.engine._extracted import FILE_PREFIX
from bancada.exceptions import PredictionError
from bancada.provenance import mask_secrets
from bancada.records import FoldError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["fold_error", "user_traceback"]

PACKAGE = str(Path(__file__).parent.parent)
MESSAGE_LIMIT = 2_000
FRAMES = 60


def fold_error(error: BaseException, root: Path) -> FoldError:
    """Return what is kept of an exception that a model raised.

    Args:
        error: The exception.
        root: The project's root; paths below it are shown relative to it.
    """
    kind = _kind(error)
    try:
        text = str(error)[:MESSAGE_LIMIT]
    except Exception:  # noqa: BLE001 - an exception may fail even at telling what it is
        text = "its text cannot be read"
    # What cannot be encoded, such as a file name with a stray byte, is kept as an escape.
    text = text.encode("utf-8", "backslashreplace").decode()
    if kind == "memory" and not text:
        text = "memory ran out, and the model raised it"
    return FoldError(
        kind=kind,
        type=type(error).__name__,
        message=mask_secrets(text),
        traceback=mask_secrets(user_traceback(error, root)),
    )


def _kind(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "memory"
    return "prediction" if isinstance(error, PredictionError) else "exception"


def user_traceback(error: BaseException, root: Path) -> str:
    """Return the frames from the user's first one on; all but bancada's own where none is the user's."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if not Path(frame.filename).is_relative_to(PACKAGE)
    ]
    first = next((number for number, frame in enumerate(frames) if _is_users(frame.filename, root)), 0)
    shown = traceback.StackSummary.from_list(frames[first:])
    for frame in shown:
        frame.filename = _relative(frame.filename, root)
    return "".join([*_formatted(shown)[-FRAMES:], *_only(error)]).encode("utf-8", "backslashreplace").decode()


def _only(error: BaseException) -> list[str]:
    try:
        return [line[:MESSAGE_LIMIT] for line in traceback.format_exception_only(error)]
    except Exception:  # noqa: BLE001 - as above
        return [type(error).__name__]


def _formatted(frames: Iterable[traceback.FrameSummary]) -> list[str]:
    return traceback.StackSummary.from_list(list(frames)).format()


def _is_users(filename: str, root: Path) -> bool:
    if filename.startswith(FILE_PREFIX):
        return True
    path = Path(filename)
    return path.is_relative_to(root) and not path.is_relative_to(sys.prefix)


def _relative(filename: str, root: Path) -> str:
    path = Path(filename)
    return str(path.relative_to(root)) if path.is_relative_to(root) else filename
