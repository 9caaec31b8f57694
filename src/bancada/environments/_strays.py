"""What lies among the packages and belongs to none, or was installed in a form that lists nothing."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from bancada.environments._installed import normal_name
from bancada.records.environments import Package

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bancada.environments._memory import Was

__all__ = ["legacy_packages", "strays"]

_SITES = ("site-packages", "dist-packages")
_EGG = re.compile(r"(?P<name>[^-]+)(?:-(?P<version>[^-]+))?.*\.egg-(?:info|link)")
_IMPORTED = (".py", ".pth", ".so", ".pyd")
# What the makers of environments put there.
_OF_MAKERS = frozenset({"_virtualenv.py", "_virtualenv.pth", "a1_coverage.pth"})


def legacy_packages(search: Iterable[str]) -> Iterator[Package]:
    """Yield the distributions that stand in `.egg-info`: nothing lists their files.

    Args:
        search: The folders of packages.
    """
    for _, names in _sites(search):
        for name in names:
            found = _EGG.fullmatch(name) if name.endswith((".egg-info", ".egg-link")) else None
            if found:
                why = "it was installed in an old form, and nothing lists its files"
                yield Package(
                    name=normal_name(found["name"]), version=found["version"] or "", origin="missing", why=why
                )


def strays(search: Iterable[str], seen: Iterable[Was]) -> list[str]:
    """Name the modules in folders of packages that belong to no package.

    Args:
        search: The folders of packages.
        seen: The distributions in them.

    Returns:
        A phrase for each.
    """
    owned = [was.watched for was in seen]
    phrases = []
    for site, names in _sites(search):
        ours = {name for watched in owned for name in watched.get(site, ())}
        phrases += [
            f"`{os.path.basename(site)}/{name}` belongs to no installed package"  # noqa: PTH119 - a name among names
            for name in names
            if name.endswith(_IMPORTED) and name not in ours and name not in _OF_MAKERS
        ]
    return phrases


def _sites(search: Iterable[str]) -> Iterator[tuple[str, Sequence[str]]]:
    for site in dict.fromkeys(search):
        if site.endswith(_SITES):
            try:
                yield site, sorted(os.listdir(site))  # noqa: PTH208 - bare names are enough
            except OSError:
                continue
