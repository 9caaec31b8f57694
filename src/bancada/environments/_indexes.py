"""Where packages come from, as this machine's own configuration says."""

from __future__ import annotations

import configparser
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["index_settings"]

_OF_UV = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_CONFIG_FILE")
_SYSTEM = Path("/etc")
_NAMES = {"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_EXTRA_INDEX_URL", "find-links": "UV_FIND_LINKS"}
# pip takes blanks between several; uv takes commas between folders.
_BETWEEN = {"index-url": " ", "extra-index-url": " ", "find-links": ","}


def index_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that tell uv what pip is told, where uv itself is told nothing.

    uv does not read pip's configuration, and on many a network pip's is the only one.

    Args:
        environ: The environment variables.
    """
    home = Path(environ.get("HOME") or Path.home())
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    if any(environ.get(name) for name in _OF_UV) or any(path.is_file() for path in _uv_files(config)):
        return {}
    told: dict[str, str] = {}
    for path in _pip_files(environ, home, config):
        told |= _read(path)
    told |= {key: environ[name] for key in _NAMES if (name := f"PIP_{key.upper().replace('-', '_')}") in environ}
    settings = {_NAMES[key]: _BETWEEN[key].join(value.split()) for key, value in told.items() if value.strip()}
    # pip looks for the version in every index; uv by itself only in the first that knows the name.
    return settings | ({"UV_INDEX_STRATEGY": "unsafe-best-match"} if "extra-index-url" in told else {})


def _uv_files(config: Path) -> Iterator[Path]:
    yield config / "uv" / "uv.toml"
    yield _SYSTEM / "uv" / "uv.toml"


def _pip_files(environ: Mapping[str, str], home: Path, config: Path) -> Iterator[Path]:
    """Yield pip's files, the weaker first."""
    yield _SYSTEM / "pip.conf"
    yield home / ".pip" / "pip.conf"
    yield config / "pip" / "pip.conf"
    yield Path(sys.prefix) / "pip.conf"
    if environ.get("PIP_CONFIG_FILE", os.devnull) != os.devnull:
        yield Path(environ["PIP_CONFIG_FILE"])


def _read(path: Path) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read(path, encoding="utf-8")
    except (OSError, configparser.Error, ValueError):
        return {}
    return (
        {key: value for key, value in parser.items("global") if key in _NAMES} if parser.has_section("global") else {}
    )
