"""Whose a record is, and what may be taken from a record of others: names, paths, an environment without secrets."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.provenance.origin._clean import clean_environment, package_environment
    from bancada.provenance.origin._key import Key, NoKey, find_key
    from bancada.provenance.origin._origin import Origin, origin_of, said_by, sign_batch
    from bancada.provenance.origin._paths import Caps, checked_path, write_tree
    from bancada.provenance.origin._signatures import Signatures
    from bancada.provenance.origin._stamp import stamp, stamp_statement

__all__ = [
    "Caps",
    "Key",
    "NoKey",
    "Origin",
    "Signatures",
    "checked_path",
    "clean_environment",
    "find_key",
    "origin_of",
    "package_environment",
    "said_by",
    "sign_batch",
    "stamp",
    "stamp_statement",
    "write_tree",
]

_HOMES = {
    "Caps": "_paths",
    "Key": "_key",
    "NoKey": "_key",
    "Origin": "_origin",
    "Signatures": "_signatures",
    "checked_path": "_paths",
    "clean_environment": "_clean",
    "find_key": "_key",
    "origin_of": "_origin",
    "package_environment": "_clean",
    "said_by": "_origin",
    "sign_batch": "_origin",
    "stamp": "_stamp",
    "stamp_statement": "_stamp",
    "write_tree": "_paths",
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
