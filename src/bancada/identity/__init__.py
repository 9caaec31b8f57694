"""Canonical JSON, and digests of values, files, tables and code trees.

Nothing heavy is loaded before it is asked for: `table_digest` brings numpy and pyarrow, `DigestMemo` sqlite.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.identity._arrivals import noting_arrivals, touched_since
    from bancada.identity._canonical import canonical_json, digest, digest_bytes, short
    from bancada.identity._files import file_digest
    from bancada.identity._instructions import same_code
    from bancada.identity._memo import DigestMemo, FileStamp
    from bancada.identity._tables import TABLE_VERSION, table_digest
    from bancada.identity._told_apart import told_apart
    from bancada.identity._trees import TREE_VERSION, tree_digest

__all__ = [
    "TABLE_VERSION",
    "TREE_VERSION",
    "DigestMemo",
    "FileStamp",
    "canonical_json",
    "digest",
    "digest_bytes",
    "file_digest",
    "noting_arrivals",
    "same_code",
    "short",
    "table_digest",
    "told_apart",
    "touched_since",
    "tree_digest",
]

_HOMES = {
    "TABLE_VERSION": "_tables",
    "TREE_VERSION": "_trees",
    "DigestMemo": "_memo",
    "FileStamp": "_memo",
    "canonical_json": "_canonical",
    "digest": "_canonical",
    "digest_bytes": "_canonical",
    "file_digest": "_files",
    "noting_arrivals": "_arrivals",
    "same_code": "_instructions",
    "short": "_canonical",
    "table_digest": "_tables",
    "told_apart": "_told_apart",
    "touched_since": "_arrivals",
    "tree_digest": "_trees",
}


def __getattr__(name: str) -> object:
    """Load a public name from the file that holds it, once."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name what the door offers."""
    return __all__
