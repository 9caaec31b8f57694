"""How a project differs from its commit: a convenience for people, as the sources themselves are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.provenance._secrets import find_secrets

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["Patch", "patch_of"]

_SECTION = re.compile(r"^(?=diff --git )", re.MULTILINE)
_NAMED = re.compile(r"^(?:\+\+\+ (?:b/)?|--- (?:a/)?)(?P<path>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Patch:
    """What may be kept of a difference.

    Attributes:
        text: A difference as `git apply` takes it; empty where nothing is left.
        withheld: What was left out of it, a phrase each.
    """

    text: str
    withheld: tuple[str, ...] = ()


def patch_of(difference: str, data: Collection[str] = ()) -> Patch:
    """Return what may be kept of a difference: neither the data's own files, nor files whose change shows a secret.

    Args:
        difference: What `git diff` has told.
        data: Files of the dataset, relative to the project's root, which may lie deeper than the repository's.
    """
    kept, withheld = [], []
    for section in _SECTION.split(difference):
        path = _path(section)
        secrets = find_secrets(section)
        if any(path == name or path.endswith(f"/{name}") for name in data):
            withheld.append(f"`{path}`: it is data")
        elif secrets:
            withheld.append(f"`{path}`: it holds {', '.join(secrets)}")
        else:
            kept.append(section)
    return Patch("".join(kept), tuple(withheld))


def _path(section: str) -> str:
    """Return the file that a section is about; of a binary one, which names it in its head alone, the head."""
    names = [match["path"].rstrip("\t") for match in _NAMED.finditer(section)]
    if path := next((name for name in reversed(names[:2]) if name != "/dev/null"), ""):
        return path
    return section.partition("\n")[0].rpartition(" b/")[2]
