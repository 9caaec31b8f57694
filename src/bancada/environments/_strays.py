"""What lies among the packages and belongs to none, or was installed in a form that lists nothing."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from bancada.environments._installed import normal_name
from bancada.records.environments import Package

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from bancada.environments._memory import Was

__all__ = ["legacy_packages", "strays"]

_SITES = ("site-packages", "dist-packages")
_EGG = re.compile(r"(?P<name>[^-]+)(?:-(?P<version>[^-]+))?.*\.egg-(?:info|link)")
_IMPORTED = (".py", ".pth", ".so", ".pyd")
# What the makers of environments put there.
_OF_MAKERS = frozenset({"_virtualenv.py", "_virtualenv.pth", "a1_coverage.pth"})


def legacy_packages(search: Iterable[str]) -> Iterator[Package]:
    """Yield the distributions that stand in `.egg-info`: nothing lists their files. Of a name the first one counts.

    Args:
        search: The folders of packages.
    """
    seen: set[str] = set()
    for _, names in _sites(search):
        for name in names:
            found = _EGG.fullmatch(name) if name.endswith((".egg-info", ".egg-link")) else None
            own = normal_name(found["name"]) if found else ""
            if found and own not in seen:
                seen.add(own)
                why = "it was installed in an old form, and nothing lists its files"
                yield Package(name=own, version=found["version"] or "", origin="missing", why=why)


def strays(search: Iterable[str], seen: Iterable[Was], brought: Collection[str] = ()) -> list[str]:
    """Name the modules and folders of modules, among the packages, that belong to no package.

    Args:
        search: The folders of packages.
        seen: The distributions in them.
        brought: Names that the manager gives back, though no distribution lists them.

    Returns:
        A phrase for each.
    """
    owned = [was.watched for was in seen]
    folders = {folder for watched in owned for folder in watched}
    phrases = []
    for site, names in _sites(search):
        start = len(site) + 1
        ours = {*brought, *(name for watched in owned for name in watched.get(site, ()))}
        ours |= {folder[start:].partition("/")[0] for folder in folders if folder.startswith(f"{site}/")}
        phrases += [
            f"`{os.path.basename(site)}/{name}` belongs to no installed package"  # noqa: PTH119 - a name among names
            for name in names
            if name not in ours and name not in _OF_MAKERS and _is_imported(site, name)
        ]
    return phrases


def _is_imported(site: str, name: str) -> bool:
    """Tell whether a file is a module, or a folder holds any; one that was uninstalled may leave an empty folder."""
    if name.endswith(_IMPORTED):
        return True
    if not name.isidentifier() or name == "__pycache__":
        return False
    inner = os.walk(f"{site}/{name}")
    return any(file.endswith(_IMPORTED) for _, _, files in inner for file in files)


def _sites(search: Iterable[str]) -> Iterator[tuple[str, Sequence[str]]]:
    for site in dict.fromkeys(search):
        if site.endswith(_SITES):
            try:
                yield site, sorted(os.listdir(site))  # noqa: PTH208 - bare names are enough
            except OSError:
                continue
