"""The manager of environments that Conda made, or Mamba, micromamba or Pixi."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.environments._conda._locks import lock_places, read_locks
from bancada.environments._conda._package import CondaPackage, recorded_packages
from bancada.environments._conda._prefix import meta_files, read_prefix
from bancada.environments._conda._site import packages_folder, remove_distribution
from bancada.environments._installed import metadata_folders
from bancada.exceptions import EnvironmentNotRebuilt, UsageError, counted
from bancada.records.environments import ManagerFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bancada.contracts import EnvironmentManager
    from bancada.records.environments import EnvironmentRecord

__all__ = ["CondaManager"]

_META = "conda-meta"
_SHOWN = 5
_LONGEST = 40


class CondaManager:
    """Prefixes that Conda or a program of its kind made, with what pip installed into them."""

    @property
    def name(self) -> str:
        """`conda`."""
        return "conda"

    def manages(self, prefix: Path, root: Path) -> bool:  # noqa: ARG002 - the contract's signature
        """Tell whether there is a folder in which Conda writes down what it installed."""
        return (prefix / _META).is_dir()

    def reads(self, prefix: Path, root: Path) -> tuple[Path, ...]:
        """Name the files that `facts` reads."""
        return (prefix / _META, *meta_files(prefix), *lock_places(root))

    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        """Tell which packages Conda installed, and hold what the project says against them."""
        found = read_prefix(prefix)
        python = next((package.version for package in found.packages if package.name == "python"), "")
        sites = [os.fspath(packages_folder(prefix, python))]
        read = read_locks(root, found.packages, {folder.name: folder.version for folder in metadata_folders(sites)})
        notes = [*read.notes, *(f"`{_META}/{name}` cannot be read." for name in found.unread)]
        if found.lost:
            more = f" and {len(found.lost) - _SHOWN} more" if len(found.lost) > _SHOWN else ""
            told = f"{', '.join(found.lost[:_SHOWN])}{more}"
            notes.append(f"Conda installed what another program then removed or replaced: {told}.")
        return ManagerFacts(
            locks=read.locks,
            gives=found.gives,
            rewritten=found.rewritten,
            brings=found.brings,
            details={
                "packages": [_as_json(package) for package in found.packages],
                "explicit": [package.explicit for package in found.packages if package.explicit],
            },
            notes=tuple(notes),
            missing=_missing(found.packages, found.unread),
        )

    def rebuild(self, record: EnvironmentRecord, folder: Path, environ: Mapping[str, str]) -> Path:
        """Make a prefix from the recorded packages by py-rattler.

        The archive of each was held against the record before it was unpacked, and its files afterwards. What pip had
        replaced or removed is removed as pip did it.
        """
        packages = recorded_packages(record.details)
        python = next((package.version for package in packages if package.name == "python"), "")
        if not python:
            raise EnvironmentNotRebuilt(
                "The record of a Conda environment names the package that its Python is in.",
                f"It names {counted(len(packages), 'package')}, and no `python` among them.",
                "Run the claim anew in an environment that has its Python from Conda.",
                ("python",),
            )
        if python != record.python:
            raise EnvironmentNotRebuilt(
                "An environment is made again with the very Python that it had.",
                f"The run was computed by Python {record.python[:_LONGEST]!r}; Conda's package of it is {python}.",
                "Do not use this record; `bancada store verify` lists what else is wrong with it.",
                ("python",),
            )
        linking = _rattler()
        linking.link_packages(linking.fetch_packages(packages, environ), folder, environ)
        given = {package.name for package in record.packages if package.origin == "manager"}
        for metadata in metadata_folders([os.fspath(packages_folder(folder, python))]):
            if metadata.name not in given:
                remove_distribution(folder, Path(metadata.path))
        return interpreter_of(folder)


def _as_json(package: CondaPackage) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(package))
    return told


def interpreter_of(prefix: Path) -> Path:
    """Return where the interpreter of a prefix lies.

    Args:
        prefix: The prefix.
    """
    return prefix / "python.exe" if os.name == "nt" else prefix / "bin" / "python"


def _rattler() -> Any:
    """Load what needs py-rattler: 80 MB, and nothing else here needs it."""
    try:
        return import_module("bancada.environments._conda._linking")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "rattler":
            raise
        raise UsageError(
            "Environments of Conda are made again by py-rattler.",
            "It is not installed here.",
            "Install it with `pip install 'bancada[conda]'`.",
        ) from None


def _missing(packages: Iterable[CondaPackage], unread: Sequence[str]) -> tuple[str, ...]:
    told = [f"what `{_META}/{name}` describes" for name in unread]
    told += [
        f"package `{package.name}` {package.version} of Conda, of which no digest was written down"
        for package in packages
        if not package.sha256 and not (package.md5 and package.content)
    ]
    return tuple(told)


if TYPE_CHECKING:
    _: EnvironmentManager = CondaManager()
