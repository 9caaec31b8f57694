"""Which file of the project lies where, by the word of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.exceptions import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MOST_BYTES", "MOST_FILES", "laid_files"]

# What has more is neither shown nor executed; bancada keeps no file of code that is larger.
MOST_BYTES = 20_000_000
MOST_FILES = 20_000
_SHOWN = 80


def laid_files(provenance: Mapping[str, Any]) -> dict[str, str]:
    """Return the object of each of the project's files by its path, as a record would have them laid out.

    Who shows a record and who executes it both ask here, so that what was shown is what executes.

    Args:
        provenance: That of a run, whoever wrote it.

    Raises:
        StoreError: It names two contents for one path; no record that bancada wrote does.

    Examples:
        >>> laid_files({"sources": {"a.py": "0" * 64}, "files": {"b.toml": "1" * 64}}).keys()
        dict_keys(['a.py', 'b.toml'])
    """
    found: dict[str, str] = {}
    for field in ("sources", "files"):
        part = provenance.get(field)
        for path, name in part.items() if isinstance(part, dict) else ():
            if found.setdefault(str(path), str(name)) != str(name):
                raise _doubled(str(path))
    return found


def _doubled(path: str) -> StoreError:
    shown = path if len(path) <= _SHOWN else f"{path[:_SHOWN]}…"
    return StoreError(
        "A record says of each file of its project what was in it, once.",
        f"This one names two contents for {shown!a}.",
        "Do not use this record: bancada wrote none that does.",
    )
