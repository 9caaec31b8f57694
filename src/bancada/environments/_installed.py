"""The distributions on `sys.path`, read from their metadata folders."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["MetadataFolder", "metadata_folders", "normal_name"]

_SUFFIX = ".dist-info"


class MetadataFolder(NamedTuple):
    """One `name-version.dist-info` folder.

    Attributes:
        name: Normalised name of the distribution.
        version: Its version.
        path: The folder.
        site: The entry of `sys.path` that holds it.
    """

    name: str
    version: str
    path: str
    site: str


def metadata_folders(search: Sequence[str] | None = None) -> Iterator[MetadataFolder]:
    """Yield the metadata folder of each installed distribution; of a name that occurs twice, the one found first.

    Args:
        search: Folders to look in, in order; `sys.path` by default.
    """
    seen: set[str] = set()
    for site in dict.fromkeys(sys.path if search is None else search):
        try:
            names = sorted(os.listdir(site or "."))  # noqa: PTH208 - every entry of sys.path is listed: bare names are enough
        except OSError:
            continue
        for folder in names:
            if not folder.endswith(_SUFFIX):
                continue
            stem, _, version = folder[: -len(_SUFFIX)].partition("-")
            name = normal_name(stem)
            if name not in seen:
                seen.add(name)
                yield MetadataFolder(name, version, os.path.join(site, folder), site)  # noqa: PTH118 - as above


def normal_name(name: str) -> str:
    """Return the name under which two spellings of a distribution are one: lower case, single hyphens."""
    return re.sub(r"[-_.]+", "-", name).lower()
