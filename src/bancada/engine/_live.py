"""What a model may say while it is being fitted: values and files, recorded live.

Outside a run these functions do nothing, so that model code does not depend on bancada. The one ambient value is the
running fold's sink; the worker alone sets it.
"""

from __future__ import annotations

import shutil
import time
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import NotFoundError
from bancada.provenance import mask_secrets

if TYPE_CHECKING:
    from bancada.store import Journal

__all__ = ["Sink", "current_sink", "log", "log_artifact"]


class Sink:
    """Where the running fold's values and files go.

    Args:
        journal: The worker's journal of the run.
        repeat: Number of the repeat.
        fold: Number of the fold.
        folder: Folder, made when first needed, that holds artifacts until the fold is kept.
    """

    def __init__(self, journal: Journal, repeat: int, fold: int, folder: Path) -> None:
        self.journal = journal
        self.head = {"repeat": repeat, "fold": fold}
        self.folder = folder
        self.lines: list[bytes] = []
        self.artifacts: dict[str, Path] = {}

    def write(self, values: dict[str, Any]) -> None:
        """Append one line to the journal; it is kept once this returns."""
        line = _ENCODER.encode({"time": time.time(), **self.head, **values})
        if any(type(value) is str for value in values.values()):
            line = mask_secrets(line.decode()).encode()
        self.journal.append(line)
        self.lines.append(line)

    def keep(self, source: Path, name: str) -> None:
        """Copy a file to the fold's artifacts; a later file of the same name replaces it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / name
        shutil.copyfile(source, target)
        self.artifacts[name] = target


def log(**values: Any) -> None:
    """Record values while a model is being fitted, such as `bc.log(step=3, loss=0.21)`.

    Each call is one line, safe against the death of the process once it returns. Outside a run it does nothing.

    Args:
        values: Numbers, texts, booleans and lists of them; NumPy scalars and arrays are taken as what they hold.

    Raises:
        TypeError: A value is none of these.
    """
    sink = current_sink.get()
    if sink is not None:
        sink.write(values)


def log_artifact(path: str | Path, name: str | None = None) -> None:
    """Keep a file with the running fold; outside a run it does nothing.

    Args:
        path: A file that exists; it is copied now.
        name: Name under which it is kept; its own by default.

    Raises:
        NotFoundError: There is no such file.
    """
    sink = current_sink.get()
    if sink is None:
        return
    source = Path(path)
    if not source.is_file():
        raise NotFoundError(
            "An artifact must be a file.",
            f"There is none at {str(path)!r}.",
            "Write it before you log it.",
        )
    sink.keep(source, name or source.name)


def _plain(value: Any) -> Any:
    for method in ("item", "tolist"):
        if getattr(value, "ndim", None) == (0 if method == "item" else getattr(value, "ndim", None)):
            convert = getattr(value, method, None)
            if convert is not None:
                return convert()
    msg = f"`bc.log` takes numbers, texts, booleans and lists of them, not {type(value).__name__}"
    raise TypeError(msg)


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)

current_sink: ContextVar[Sink | None] = ContextVar("bancada_sink", default=None)
