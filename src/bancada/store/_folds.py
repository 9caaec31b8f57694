"""Stored folds: what one fit predicted, under the key of all that decided it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from bancada import identity
from bancada.exceptions import StoreError
from bancada.records import FoldRecord, Observed
from bancada.store._files import check_name, folder_aside, publish_folder, remove_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

__all__ = ["FoldContent", "Folds", "content_digest"]

SCHEMA = "store.fold/1"
PREDICTIONS = "predictions.arrow"


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
    """The folder `folds/<2>/<key>/<content>/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, key: str, content: str | None = None) -> Path:
        """Return the folder of a key, or of one content under it."""
        check_name(key)
        place = self.folder / key[:2] / key
        return place if content is None else place / check_name(content)

    def entries(self, key: str) -> tuple[FoldRecord, ...]:
        """Return every stored entry of a key, oldest first; entries that cannot be read are passed over."""
        place = self.place(key)
        try:
            names = [name.name for name in place.iterdir() if not name.name.startswith(".")]
        except FileNotFoundError:
            return ()
        records = [record for name in names if (record := self._read(key, name)) is not None]
        return tuple(sorted(records, key=lambda record: (record.recorded, record.content)))

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
        """Tell whether the predictions are there and as long as they were written."""
        try:
            size = (self.place(record.key, record.content) / PREDICTIONS).stat().st_size
        except OSError:
            return False
        return size == record.size_bytes

    def contradicted(self, key: str) -> bool:
        """Tell whether two entries observed the same files and predict differently: the claim is not deterministic."""
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
        if target.is_dir():
            if not self._finding(record.key, record.content):
                return False
            remove_folder(target)
        with folder_aside(target) as aside:
            _write_table(aside / PREDICTIONS, content.table)
            size = (aside / PREDICTIONS).stat().st_size
            if content.train_scores:
                (aside / "train_scores.json").write_bytes(msgspec.json.encode(dict(content.train_scores)))
            if content.log:
                (aside / "log.jsonl").write_bytes(b"".join(line + b"\n" for line in content.log))
            for name, source in (content.artifacts or {}).items():
                (aside / "files").mkdir(exist_ok=True)
                source.rename(aside / "files" / check_name(name))
            kept = msgspec.structs.replace(record, size_bytes=size)
            (aside / "fold.json").write_bytes(msgspec.json.encode(kept))
            return publish_folder(aside, target)

    def predictions(self, key: str, content: str) -> pa.Table:
        """Return the stored predictions, memory-mapped, with `id`, `repeat` and `fold`.

        Raises:
            StoreError: They are missing or cannot be read.
        """
        import pyarrow as pa  # noqa: PLC0415 - reading verbs that show no predictions do without it

        path = self.place(key, content) / PREDICTIONS
        try:
            with pa.memory_map(str(path)) as source:
                # An Arrow file is a stream behind 8 bytes. Read as one, Arrow starts no threads: forking stays safe.
                return pa.ipc.open_stream(source.read_buffer()[8:]).read_all()
        except (OSError, pa.ArrowInvalid) as error:
            raise StoreError(
                "A fold that a run lists must be in the store.",
                f"The predictions of fold `{key[:12]}…` cannot be read: {error}.",
                "Run the candidate again, or copy the folder from where the run came from.",
            ) from error

    def train_scores(self, key: str, content: str) -> dict[str, float]:
        """Return the metrics on the training rows by metric digest; empty where none were kept."""
        try:
            data = (self.place(key, content) / "train_scores.json").read_bytes()
            return msgspec.json.decode(data, type=dict[str, float])
        except (OSError, msgspec.DecodeError):
            return {}

    def log(self, key: str, content: str) -> tuple[dict[str, Any], ...]:
        """Return what the model logged, in order."""
        try:
            lines = (self.place(key, content) / "log.jsonl").read_bytes().splitlines()
        except OSError:
            return ()
        return tuple(json.loads(line) for line in lines)

    def walk(self) -> Iterator[tuple[str, str]]:
        """Yield (key, content) of every stored fold."""
        for shelf in sorted(self.folder.glob("??")):
            for key in sorted(shelf.iterdir()):
                for content in sorted(key.iterdir()):
                    if not content.name.startswith("."):
                        yield key.name, content.name

    def broken(self) -> Iterator[str]:
        """Yield a finding for every stored fold whose content does not have the digest that names it."""
        for key, content in self.walk():
            finding = self._finding(key, content)
            if finding:
                yield f"fold {key[:12]}…/{content[:12]}…: {finding}"

    def _finding(self, key: str, content: str) -> str:
        """Return what is wrong with a stored fold; empty where its content has the digest that names it."""
        record = self._read(key, content)
        if record is None:
            return "fold.json cannot be read"
        try:
            predictions = identity.table_digest(self.predictions(key, content))
        except StoreError as error:
            return error.found
        if content_digest(record.observed, predictions) != content or record.key != key:
            return "predictions or observed files were altered"
        return ""

    def _read(self, key: str, content: str) -> FoldRecord | None:
        try:
            data = (self.place(key, content) / "fold.json").read_bytes()
            record = msgspec.json.decode(data, type=FoldRecord)
        except (OSError, msgspec.DecodeError, StoreError):
            return None
        return record if record.schema == SCHEMA else None


def _write_table(path: Path, table: pa.Table) -> None:
    import pyarrow as pa  # noqa: PLC0415 - only a worker writes predictions

    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
