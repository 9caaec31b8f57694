"""What a model may say while it is being fitted: values and files, recorded live.

Outside a run these functions do nothing, so that model code does not depend on bancada. The one ambient value is the
running fold's sink; the worker alone sets it. In a process of `bancada exec` the environment names the run.
"""

from __future__ import annotations

import functools
import os
import shutil
import time
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.engine._commanded import commanded
from bancada.exceptions import NotFoundError, StoreError, UsageError
from bancada.provenance import find_secrets, mask_secrets
from bancada.store import Store, check_name

if TYPE_CHECKING:
    from bancada.engine._commanded import Commanded
    from bancada.store import Journal

_LARGEST_TEXT = 20_000_000

__all__ = ["CommandSink", "Sink", "current_sink", "log", "log_artifact"]


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
        line = _line(values, self.head)
        self.journal.append(line)
        self.lines.append(line)

    def keep(self, source: Path, name: str) -> None:
        """Copy a file to the fold's artifacts; a later file of the same name replaces it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / name
        shutil.copyfile(source, target)
        self.artifacts[name] = target


class CommandSink:
    """Where the values and files of a command go: into the run's journal, files as objects of the store.

    Args:
        store: The store.
        journal: This process's journal of the run.
    """

    def __init__(self, store: Store, journal: Journal) -> None:
        self.store = store
        self.journal = journal

    def write(self, values: dict[str, Any]) -> None:
        """Append one line to the journal; it is kept once this returns."""
        self.journal.append(_line(values))

    def keep(self, source: Path, name: str) -> None:
        """Copy a file to the store; a later file of the same name stands for it."""
        digest = self.store.objects.put(source.read_bytes())
        self.journal.append(_line({"artifact": {"name": name, "object": digest}}))


def log(**values: Any) -> None:
    """Record values while a model is being fitted, such as `bc.log(step=3, loss=0.21)`.

    Each call is one line, safe against the death of the process once it returns. Outside a run it does nothing.

    Args:
        values: Numbers, texts, booleans and lists of them; NumPy scalars and arrays are taken as what they hold.

    Raises:
        TypeError: A value is none of these.
    """
    sink = current_sink.get() or _command_sink()
    if sink is not None:
        sink.write(values)


def log_artifact(path: str | Path, name: str | None = None) -> None:
    """Keep a file with the running fold; outside a run it does nothing.

    A text that holds what looks like a secret is withheld, and the log says so.

    Args:
        path: A file that exists; it is copied now.
        name: Name under which it is kept; its own by default. Letters, digits, `.`, `_` and `-`.

    Raises:
        NotFoundError: There is no such file.
        UsageError: The name has other characters, such as a space or a slash, or is too long.
    """
    sink = current_sink.get() or _command_sink()
    if sink is None:
        return
    source = Path(path)
    if not source.is_file():
        raise NotFoundError(
            "An artifact must be a file.",
            f"There is none at {str(path)!r}.",
            "Write it before you log it.",
        )
    kept = _checked(source.name if name is None else name)
    secrets = _secrets_in(source)
    if secrets:
        sink.write({"withheld": kept, "because": f"it holds {', '.join(secrets)}"})
    else:
        sink.keep(source, kept)


def _command_sink() -> CommandSink | None:
    """Return the sink of the command that this process belongs to; None outside of `bancada exec`."""
    run = commanded()
    return None if run is None else _sink_of(run, os.getpid())


@functools.lru_cache(maxsize=1)
def _sink_of(run: Commanded, pid: int) -> CommandSink:
    """Return this process's own sink: a fork has another."""
    store = Store.open(Path(run.store), create=False)
    return CommandSink(store, store.runs.journal(run.problem, run.run_id, f"script-{pid}"))


def _line(values: dict[str, Any], head: dict[str, Any] | None = None) -> bytes:
    line = _ENCODER.encode({"time": time.time(), **(head or {}), **values})
    # Numbers alone hold no secret, and are what is logged a thousand times.
    if any(type(value) not in _NUMBERS for value in values.values()):
        line = mask_secrets(line.decode()).encode()
    return line


def _checked(name: str) -> str:
    """Return the name of an artifact, which becomes that of a file in the store."""
    try:
        return check_name(name)
    except StoreError as error:
        raise UsageError(
            "An artifact's name is at most 120 letters, digits, `.`, `_` and `-`, and begins with a letter or digit.",
            error.found,
            'Give it one that is: `bc.log_artifact(path, name="curve-of-loss.txt")`.',
        ) from error


def _secrets_in(source: Path) -> tuple[str, ...]:
    """Return the kinds of secrets that a file of text holds; what is no text, or too large for one, is not searched."""
    if source.stat().st_size > _LARGEST_TEXT:
        return ()
    try:
        return find_secrets(source.read_bytes().decode())
    except UnicodeDecodeError:
        return ()


def _plain(value: Any) -> Any:
    """Return what a NumPy scalar, an array or a tensor holds."""
    convert = getattr(value, "tolist", None)
    plain = value if convert is None else convert()
    # The widest floats of NumPy come back as they are.
    if type(plain) is not type(value):
        return plain
    msg = f"`bc.log` takes numbers, texts, booleans and lists of them, not {type(value).__name__}"
    raise TypeError(msg)


_NUMBERS = frozenset({bool, float, int})
_ENCODER = msgspec.json.Encoder(enc_hook=_plain)

current_sink: ContextVar[Sink | None] = ContextVar("bancada_sink", default=None)
