"""Copies of tables: in the store, or at an address that fsspec knows."""

from __future__ import annotations

import contextlib
import importlib
import os
import secrets
from typing import TYPE_CHECKING, Any

from bancada.datasets import freeze, table_file, thaw
from bancada.exceptions import ConfigurationError, DataError, StoreError, UsageError
from bancada.store import random_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bancada.contracts import Dataset
    from bancada.store import Store

__all__ = ["fetch_snapshot", "keep_snapshot"]

_PIECE_BYTES = 1 << 22


def keep_snapshot(dataset: Dataset, target: str, store: Store) -> str:
    """Keep a copy of a dataset's table, and return where it is; a copy that is there is not written again.

    Args:
        dataset: The data, opened.
        target: `store`, or an address that fsspec knows.
        store: The store.

    Returns:
        The digest of an object, or an address.

    Raises:
        ConfigurationError: fsspec, or what it needs for the address, is not installed.
        StoreError: The store cannot be written.
        UsageError: The address cannot be written.
    """
    source = table_file(dataset)
    if target == "store":
        return store.objects.put_file(source)
    address = f"{target.rstrip('/')}/{freeze(dataset)['table']}.arrow"
    with _told(address, "written"):
        files, path = _open(address)
        if files.exists(path) and files.size(path) == source.stat().st_size:
            return address
        # Written aside: whoever reads meanwhile, or after Ctrl-C, never sees half of it.
        aside = f"{path}.{random_name(8)}"
        try:
            files.makedirs(path.rpartition("/")[0], exist_ok=True)
            with source.open("rb", buffering=0) as stream, files.open(aside, "wb") as sink:
                while data := stream.read(_PIECE_BYTES):
                    sink.write(data)
            files.mv(aside, path)
        finally:
            with contextlib.suppress(Exception):  # what a file system raises is its own; the first error is told
                if files.exists(aside):
                    files.rm(aside)
    return address


def fetch_snapshot(address: str, recipe: Mapping[str, Any], store: Store, cache: Path, allowed: str) -> Path:
    """Return a file with the table of a recipe from a snapshot; its digest is proved.

    Args:
        address: Digest of an object, or an address.
        recipe: The recipe of the dataset.
        store: The store.
        cache: Where what was fetched is kept.
        allowed: The address below which the project keeps snapshots: what a record says alone is not asked for.

    Raises:
        ConfigurationError: fsspec is not installed, or the address is none of the project's.
        DataError: It holds another table.
        NotFoundError: It is not there.
        StoreError: The object is not there.
        UsageError: The address cannot be read.
    """
    if "/" not in address:
        path = store.objects.path(address)
        if not path.is_file():
            raise StoreError(
                "What a record names must be in the store.",
                f"Object `{address[:12]}…` is missing.",
                "Copy it from where the record came from.",
            )
        return _checked(recipe, path)
    if "://" not in allowed or not address.startswith(f"{allowed.rstrip('/')}/") or ".." in address:
        raise ConfigurationError(
            "Snapshots are fetched from the address that the project's own configuration names.",
            f"It is at `{address}`, which `snapshot` does not name.",
            'Say `snapshot = "…"` in the project\'s settings, if you trust that place.',
        )
    folder = cache / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"snapshot-{recipe['table']}.arrow"
    aside = folder / f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        with _told(address, "read"):
            files, place = _open(address)
            with files.open(place, "rb") as stream, aside.open("wb") as sink:
                while data := stream.read(_PIECE_BYTES):
                    sink.write(data)
        _checked(recipe, aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def _checked(recipe: Mapping[str, Any], path: Path) -> Path:
    """Return the path of a table once its digest is proved; images are the affair of `thaw`."""
    thaw({**recipe, "images": None, "digest": ""}, path, path.parent)
    return path


def _open(address: str) -> tuple[Any, str]:
    """Return the file system of an address, and the path in it."""
    try:
        core = importlib.import_module("fsspec.core")
        files, path = core.url_to_fs(address)
    except ImportError as error:
        raise ConfigurationError(
            "Snapshots at an address are written and read by fsspec.",
            f"Something is not installed: {error}.",
            "Install `bancada[remote]`, and what fsspec needs for this kind of address, such as `s3fs`.",
        ) from error
    return files, path


@contextlib.contextmanager
def _told(address: str, verb: str) -> Iterator[None]:
    """Turn whatever a file system raises into an error in three sentences."""
    try:
        yield
    except UsageError:
        raise
    except Exception as error:
        found = type(error).__name__
        raise DataError(
            f"The address of a snapshot is one that can be {verb}.",
            f"`{address}` cannot be: {found}.",
            "Check the network, the address and the credentials that its own tools use.",
        ) from error
