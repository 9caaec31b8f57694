"""Stored folds: what one fit predicted, under the key of all that decided it."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from bancada import identity
from bancada.exceptions import StoreError
from bancada.records import FoldRecord, Observed
from bancada.store._files import NAME, check_name, folder_aside, publish_folder, write_new, write_once
from bancada.store._reading import MOST_RECORD_BYTES, read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

__all__ = ["PREDICTIONS", "RECORD", "FoldContent", "Folds", "content_digest", "write_table"]

SCHEMA = "store.fold/1"
PREDICTIONS = "predictions.arrow"
RECORD = "fold.json"
FILES = "files"
OUTPUT = "output.txt"
BUFFERED_ROWS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldContent:
    """What a worker hands over when its fold is done.

    Attributes:
        record: The fold's record; its `content` and `predictions` must be those of `table`.
        table: Predictions with `id`, `repeat`, `fold`, (n_test,).
        train_scores: Value of each metric on the training rows, by metric digest.
        log: Lines that the model logged, as JSON texts.
        artifacts: Paths of files that the model logged, by the name under which they are kept.
    """

    record: FoldRecord
    table: pa.Table
    train_scores: Mapping[str, float]
    log: Sequence[bytes] = ()
    artifacts: Mapping[str, Path] | None = None


def content_digest(observed: Sequence[Observed], predictions: str) -> str:
    """Return the digest that names a fold's content: what was observed and predicted, not times, logs or scores."""
    return identity.digest({"observed": [[item.path, item.digest] for item in observed], "predictions": predictions})


class Folds:
    """The folder `folds/<2>/<key>/<content>/`.

    Args:
        folder: Where they lie.
        aside: Folder in which a fold is written before it is renamed into place.
    """

    def __init__(self, folder: Path, aside: Path) -> None:
        self.folder = folder
        self.aside = aside

    def place(self, key: str, content: str | None = None) -> Path:
        """Return the folder of a key, or of one content under it."""
        check_name(key)
        place = self.folder / key[:2] / key
        return place if content is None else place / check_name(content)

    def entries(self, key: str) -> tuple[FoldRecord, ...]:
        """Return every stored entry of a key, oldest first; entries that cannot be read are passed over."""
        records = [record for name in self._contents(key) if (record := self.read(key, name)) is not None]
        return tuple(sorted(records, key=lambda record: (record.recorded, record.content)))

    def _contents(self, key: str) -> list[str]:
        """Return the names of the contents of a key; what is not there, or not to be read, answers nothing."""
        try:
            return [name for name in os.listdir(self.place(key)) if not name.startswith(".")]  # noqa: PTH208 - names alone
        except OSError:
            return []

    def lookup(self, key: str, digest_of: Callable[[str], str | None]) -> FoldRecord | None:
        """Return the entry of a key whose observed files are all as they were.

        Args:
            key: The fold key.
            digest_of: Gives the present SHA-256 of a path relative to the root; None where the file is gone.

        Returns:
            The oldest entry that matches, or None.
        """
        for record in self.entries(key):
            if self._whole(record) and all(digest_of(item.path) == item.digest for item in record.observed):
                return record
        return None

    def _whole(self, record: FoldRecord) -> bool:
        """Tell whether the predictions are there, all rows of them, and as long as they were written."""
        if record.remaining is not None:
            return False
        try:
            size = (self.place(record.key, record.content) / PREDICTIONS).stat().st_size
        except (OSError, StoreError):
            return False
        return size > 0 and record.size_bytes in {0, size}

    def contradicted(self, key: str) -> bool:
        """Tell whether two entries observed the same files and predict differently: the claim is not deterministic."""
        if len(self._contents(key)) < 2:
            return False
        observed = [record.observed for record in self.entries(key)]
        return len(observed) > len(set(observed))

    def put(self, content: FoldContent) -> bool:
        """Keep a fold: written aside, renamed once. What is there under its name and is damaged is replaced.

        Returns:
            True if this call put it there; False where equal content was there already.

        Raises:
            StoreError: The store cannot be written.
        """
        record = content.record
        target = self.place(record.key, record.content)
        damaged = target.is_dir()
        if damaged and not self._damage(record.key, record.content) and not self._lost_rows(record):
            return False
        with folder_aside(self.aside) as aside:
            size = write_table(aside / PREDICTIONS, content.table)
            if content.train_scores:
                write_new(aside / "train_scores.json", msgspec.json.encode(dict(content.train_scores)))
            if content.log:
                write_new(aside / "log.jsonl", b"".join(line + b"\n" for line in content.log))
            for name, source in (content.artifacts or {}).items():
                (aside / FILES).mkdir(exist_ok=True)
                source.rename(aside / FILES / check_name(name))
            kept = msgspec.structs.replace(record, size_bytes=size)
            write_new(aside / RECORD, msgspec.json.encode(kept))
            if damaged:
                self._take_away(target)
            return publish_folder(aside, target)

    def _lost_rows(self, record: FoldRecord) -> bool:
        """Tell whether rows of an entry were forgotten: the data has them again, so that it is computed anew."""
        there = self.read(record.key, record.content)
        return there is not None and there.remaining is not None

    def _take_away(self, target: Path) -> None:
        """Remove a damaged entry at once, so that nobody meets half of it."""
        with folder_aside(self.aside) as aside, contextlib.suppress(FileNotFoundError):
            target.rename(aside / "damaged")

    def read(self, key: str, content: str) -> FoldRecord | None:
        """Return the record of a stored fold; None where it cannot be read."""
        try:
            data = read_file(self.place(key, content) / RECORD, MOST_RECORD_BYTES)
            record = msgspec.json.decode(data, type=FoldRecord)
        except (OSError, msgspec.DecodeError, RecursionError, StoreError):
            return None
        return record if record.schema == SCHEMA else None

    def predictions(self, key: str, content: str) -> pa.Table:
        """Return the stored predictions, memory-mapped, with `id`, `repeat` and `fold`.

        Raises:
            StoreError: They are missing or cannot be read.
        """
        import pyarrow as pa  # noqa: PLC0415 - reading verbs that show no predictions do without it

        path = self.place(key, content) / PREDICTIONS
        try:
            if not stat.S_ISREG(path.lstat().st_mode):
                raise OSError(errno.EINVAL, "it is no file")  # noqa: TRY301 - told like what the system refuses
            with pa.memory_map(str(path)) as source:
                # An Arrow file is a stream behind 8 bytes. Read as one, Arrow starts no threads: forking stays safe.
                return pa.ipc.open_stream(source.read_buffer()[8:]).read_all()
        except (OSError, ValueError, MemoryError, pa.ArrowException) as error:
            raise StoreError(
                "A fold that a run lists must be in the store.",
                f"The predictions of fold `{key[:12]}…` cannot be read: {error}.",
                "Run the candidate again, or copy the folder from where the run came from.",
            ) from error

    def proved(self, key: str, content: str) -> FoldRecord | None:
        """Return the record of a stored fold once its predictions have the digests by which it is named.

        Args:
            key: The fold key.
            content: Content digest of the entry.

        Returns:
            The record; None where it or the predictions are not there.

        Raises:
            StoreError: The predictions, or what the record says of them, were altered or are damaged.
        """
        place = self.place(key, content)
        if not ((place / RECORD).is_file() and (place / PREDICTIONS).exists()):
            return None
        finding = self._damage(key, content) or self._misnamed(key, content)
        if finding:
            raise StoreError(
                "A stored fold must hold what the digests that name it were made of.",
                f"Fold `{key[:12]}…`: {finding.rstrip('.')}.",
                "Restore it from a copy of the store; `bancada store verify` lists all that is broken.",
            )
        return self.read(key, content)

    def train_scores(self, key: str, content: str) -> dict[str, float]:
        """Return the metrics on the training rows by metric digest; empty where none were kept."""
        try:
            data = read_file(self.place(key, content) / "train_scores.json", MOST_RECORD_BYTES)
            return msgspec.json.decode(data, type=dict[str, float])
        except (OSError, msgspec.DecodeError):
            return {}

    def log(self, key: str, content: str) -> tuple[dict[str, Any], ...]:
        """Return what the model logged, in order."""
        try:
            lines = read_file(self.place(key, content) / "log.jsonl", MOST_RECORD_BYTES).splitlines()
            return tuple(msgspec.json.decode(line, type=dict[str, Any]) for line in lines)
        except (OSError, msgspec.DecodeError):
            # A power cut can tear it; `verify` is about what numbers rest on.
            return ()

    def keep_output(self, key: str, content: str, text: str) -> None:
        """Keep the end of what a stored fold wrote to its standard streams; what was kept before stays.

        Raises:
            StoreError: The store cannot be written.
        """
        place = self.place(key, content)
        if place.is_dir():
            write_once(place / OUTPUT, text.encode("utf-8", "replace"))

    def output(self, key: str, content: str) -> str:
        """Return the end of what a fold wrote to its standard streams; empty where nothing was kept."""
        try:
            return read_file(self.place(key, content) / OUTPUT, MOST_RECORD_BYTES).decode("utf-8", "replace")
        except OSError:
            return ""

    def walk(self) -> Iterator[tuple[str, str]]:
        """Yield (key, content) of every stored fold."""
        for shelf in _folders(self.folder):
            for key in _folders(shelf):
                if key.name[:2] == shelf.name:
                    yield from ((key.name, content.name) for content in _folders(key))

    def broken(self) -> Iterator[str]:
        """Yield a finding for every stored fold that is not what its name says, and for what is none."""
        for key, content in self.walk():
            finding = self._damage(key, content) or self._mismatch(key, content)
            if finding:
                yield f"fold {key[:12]}…/{content[:12]}…: {finding}"
        for path in self._strays():
            yield f"folds/{path.relative_to(self.folder).as_posix()}: it is no fold"

    def _strays(self) -> Iterator[Path]:
        """Yield what lies on the shelves and is not a fold's folder."""
        yield from _others(self.folder)
        for shelf in _folders(self.folder):
            yield from _others(shelf)
            for key in _folders(shelf):
                yield from _others(key) if key.name[:2] == shelf.name else (key,)

    def _damage(self, key: str, content: str) -> str:
        """Return why a stored fold cannot be used; empty where it holds what was predicted."""
        record = self.read(key, content)
        if record is None:
            return "fold.json cannot be read"
        try:
            table = self.predictions(key, content)
            table.validate(full=True)
            predictions = identity.table_digest(table)
        except StoreError as error:
            return error.found
        except Exception as error:  # noqa: BLE001 - damaged bytes can fail in any way that Arrow knows
            return f"predictions.arrow cannot be read: {error}"
        if content_digest(record.observed, record.predictions) != content:
            return "predictions or observed files were altered"
        if predictions != (record.remaining or record.predictions):
            return "predictions or observed files were altered"
        size = (self.place(key, content) / PREDICTIONS).stat().st_size
        return "" if record.size_bytes in {0, size} else "predictions.arrow is not as long as it was written"

    def _mismatch(self, key: str, content: str) -> str:
        """Return what else a fold's record says that does not hold."""
        record = self.read(key, content)
        misnamed = self._misnamed(key, content)
        if record is None or misnamed:
            return misnamed
        files = self.place(key, content) / FILES
        return next((f"its file {name!r} is missing" for name in record.files if not (files / name).is_file()), "")

    def _misnamed(self, key: str, content: str) -> str:
        """Return why a fold's record is not that of the folder it lies in; empty where it is."""
        record = self.read(key, content)
        if record is None or (record.key, record.content) != (key, content):
            return "lies in a folder that is not its own"
        return "" if identity.digest(record.ingredients) == key else "its ingredients were altered"


def _folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, by name; those whose name no store gives are passed over."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name) and path.is_dir())


def _others(folder: Path) -> list[Path]:
    """Return what else lies in a folder."""
    return sorted({*folder.iterdir()} - {*_folders(folder)}) if folder.is_dir() else []


def write_table(path: Path, table: pa.Table) -> int:
    """Write predictions as a new Arrow file and return its size in bytes."""
    import pyarrow as pa  # noqa: PLC0415 - only who writes predictions needs it

    if table.num_rows > BUFFERED_ROWS:
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        return path.stat().st_size
    # Arrow writes each buffer, and what pads it, by itself: for few rows that takes longer than all else.
    memory = pa.BufferOutputStream()
    with pa.ipc.new_file(memory, table.schema) as writer:
        writer.write_table(table)
    data = memoryview(memory.getvalue())
    write_new(path, data)
    return len(data)
