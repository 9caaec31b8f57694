"""One installed distribution, read from its metadata folder."""

from __future__ import annotations

import configparser
import csv
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bancada.environments._installed import MetadataFolder, normal_name

__all__ = ["Distribution", "Row", "read_distribution"]

_SITE = re.compile(r"(.*?)[/\\](?:lib(?:32|64)?[/\\](?:python[\d.]+t?|pypy[\d.]+)|Lib)[/\\](?:site|dist)-packages$")
_SCRIPTS = ("bin", "Scripts")


@dataclass(frozen=True, slots=True)
class Row:
    """A file that the RECORD of a distribution lists.

    Attributes:
        path: As it is written there, with forward slashes.
        algorithm: How its digest was computed; empty where it has none.
        digest: The digest, in URL-safe base 64 without padding.
    """

    path: str
    algorithm: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """What is installed under one name.

    Attributes:
        name: Normalised name.
        version: Its version.
        folder: Its metadata folder.
        prefix: What the paths of its scripts and data files are relative to.
        installer: Program that installed it, in lower case; empty where it does not say.
        rows: What its RECORD lists; None where it has none.
        direct: Where it was installed from, when no index was asked; empty otherwise.
        link: The folder of sources that it is a link to; None where its files were installed.
        scripts: Names of the programs that its entry points ask for, which each installer writes in its own way.
    """

    name: str
    version: str
    folder: Path
    prefix: Path
    installer: str
    rows: tuple[Row, ...] | None
    direct: dict[str, Any]
    link: Path | None
    scripts: frozenset[str]

    @property
    def site(self) -> Path:
        """The folder of packages that it is in."""
        return self.folder.parent

    @property
    def script_folders(self) -> tuple[Path, ...]:
        """Where installers put programs."""
        return tuple(self.prefix / name for name in _SCRIPTS)


def read_distribution(folder: MetadataFolder, prefix: Path) -> Distribution:
    """Read a metadata folder; what is not there or is not well formed is empty.

    Args:
        folder: The folder.
        prefix: The environment, for packages outside the usual places.
    """
    path = Path(folder.path)
    direct = _direct(path)
    found = _SITE.match(os.fspath(path.parent))
    return Distribution(
        name=normal_name(folder.name),
        version=_version(path) or folder.version,
        folder=path,
        prefix=Path(found[1]) if found else prefix,
        installer=_text(path / "INSTALLER").strip().lower(),
        rows=_rows(path),
        direct=direct,
        link=_link(direct),
        scripts=_scripts(path),
    )


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def _version(folder: Path) -> str:
    """Read the version that METADATA names: that of the folder is an escaped form of it."""
    for line in _text(folder / "METADATA").splitlines():
        if not line.strip():
            break
        key, _, value = line.partition(":")
        if key.lower() == "version":
            return value.strip()
    return ""


def _rows(folder: Path) -> tuple[Row, ...] | None:
    if not (folder / "RECORD").is_file():
        return None
    # Poetry writes whole paths for the project's own package.
    sites = [f"{site.as_posix()}/" for site in (folder.parent, folder.parent.resolve())]
    rows = []
    for line in csv.reader(_text(folder / "RECORD").splitlines()):
        if line and line[0]:
            algorithm, _, digest = (line[1] if len(line) > 1 else "").partition("=")
            path = line[0].replace("\\", "/").removeprefix(sites[0]).removeprefix(sites[1])
            rows.append(Row(path, algorithm, digest))
    return tuple(rows)


def _direct(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads(_text(folder / "direct_url.json"))
    except ValueError:
        return {}
    return told if isinstance(told, dict) and isinstance(told.get("url"), str) else {}


def _link(direct: dict[str, Any]) -> Path | None:
    info = direct.get("dir_info")
    if not isinstance(info, dict) or not info.get("editable"):
        return None
    return Path(unquote(urlsplit(direct["url"]).path))


def _scripts(folder: Path) -> frozenset[str]:
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names of programs keep their case
    try:
        parser.read_string(_text(folder / "entry_points.txt"))
    except configparser.Error:
        return frozenset()
    return frozenset(
        name
        for section in ("console_scripts", "gui_scripts")
        if parser.has_section(section)
        for name in parser.options(section)
    )
