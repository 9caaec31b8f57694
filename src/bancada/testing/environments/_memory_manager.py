"""A manager whose packages are in memory."""

from __future__ import annotations

import os
import platform
import sys
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.environments import normal_name
from bancada.exceptions import EnvironmentNotRebuilt
from bancada.records.environments import Lock, ManagerFacts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bancada.contracts import EnvironmentManager
    from bancada.records.environments import EnvironmentRecord

__all__ = ["MemoryManager"]

_MARK = "memory-environment.txt"
_LOCK = "memory.lock"


class MemoryManager:
    """A manager that needs no program and no network.

    Its environments hold a file `memory-environment.txt`, in which each line names a package as `name==version`; its
    lock is `memory.lock` at the project's root, in the same form. It gives back what it was made with.

    Args:
        packages: By normalised name, each package's version and the texts of its files by path.
    """

    def __init__(self, packages: Mapping[str, tuple[str, Mapping[str, str]]] | None = None) -> None:
        self._packages = dict(packages or {})

    @property
    def name(self) -> str:
        """`memory`."""
        return "memory"

    def manages(self, prefix: Path, root: Path) -> bool:  # noqa: ARG002 - the contract's signature
        """Tell whether the environment has the file."""
        return (prefix / _MARK).is_file()

    def reads(self, prefix: Path, root: Path) -> tuple[Path, ...]:
        """Name the file and the lock."""
        return tuple(path for path in (prefix / _MARK, root / _LOCK) if path.is_file())

    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        """Read the file and the lock."""
        given = frozenset(_pins(_read(prefix / _MARK))) & frozenset(self._packages)
        content = _read(root / _LOCK)
        pins = _pins(content)
        if content and not pins:
            return ManagerFacts(gives=given, notes=(f"`{_LOCK}` cannot be read: it names nothing.",))
        locks = (Lock(path=_LOCK, content=content, pins=pins, whole=False),) if pins else ()
        return ManagerFacts(locks=locks, gives=given)

    def rebuild(self, record: EnvironmentRecord, folder: Path, environ: Mapping[str, str]) -> Path:  # noqa: ARG002 - the contract's signature
        """Write a virtual environment by hand, with the packages that it gives back."""
        if record.python != platform.python_version():
            raise EnvironmentNotRebuilt(
                "An environment is made again with the very Python that it had.",
                f"Found Python {platform.python_version()}, and not {record.python!r}.",
                "Run it under that Python.",
            )
        wanted = {package.name: package.version for package in record.packages if package.origin == "manager"}
        lost = [name for name, version in wanted.items() if self._packages.get(name, ("",))[0] != version]
        if lost:
            raise EnvironmentNotRebuilt(
                "A manager in memory gives back what it was made with.",
                f"Found nothing of {', '.join(f'`{name}` {wanted[name]}' for name in lost)}.",
                "Make it with them.",
                lost,
            )
        site = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
        for name in wanted:
            _install(site, name, *self._packages[name])
        (folder / _MARK).write_text("".join(f"{name}=={version}\n" for name, version in wanted.items()))
        return _interpreter(folder)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _pins(content: bytes) -> dict[str, dict[str, tuple[str, ...]]]:
    pairs = [line.partition("==") for line in content.decode("utf-8", "replace").splitlines() if "==" in line]
    return {normal_name(name.strip()): {version.strip(): ()} for name, _, version in pairs}


def _install(site: Path, name: str, version: str, files: Mapping[str, str]) -> None:
    """Write the files of a package with the list of them."""
    folder = f"{name.replace('-', '_')}-{version}.dist-info"
    texts = {**files, f"{folder}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"}
    rows = []
    for path, text in texts.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(text.encode())
        digest = urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()
        rows.append(f'"{path}",sha256={digest},{len(text.encode())}\n')
    (site / folder / "RECORD").write_text("".join([*rows, f"{folder}/RECORD,,\n"]))


def _interpreter(folder: Path) -> Path:
    """Write what makes a folder a virtual environment: a link to the interpreter, and the place of its library."""
    base = Path(os.path.realpath(sys.executable))
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.symlink_to(base)
    (folder / "pyvenv.cfg").write_text(f"home = {base.parent}\nversion = {platform.python_version()}\n")
    return python


if TYPE_CHECKING:
    _: EnvironmentManager = MemoryManager()
