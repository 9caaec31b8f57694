"""Settings and where each of them comes from: flag, environment, personal file, project file, default."""

from __future__ import annotations

import contextlib
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bancada.definitions.agreement import read_team
from bancada.exceptions import ConfigurationError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Layer", "Setting", "merged", "personal_file", "read_toml"]

_PROJECT = "project"
_PERSONAL = "personal"
_FLAG = "flag"
_ENVIRONMENT = "environment"
# Which layers may say what: modules belong to the project, a cache and cores to a person's machine. Whom a person
# trusts is said by that person alone: a project that was cloned must not choose whose records execute.
_KEYS = {
    "cache": (_FLAG, _ENVIRONMENT, _PERSONAL),
    "cores": (_FLAG, _ENVIRONMENT, _PERSONAL, _PROJECT),
    "guide": (_PROJECT,),
    "key": (_ENVIRONMENT, _PERSONAL),
    "memory_mb": (_FLAG, _ENVIRONMENT, _PERSONAL, _PROJECT),
    "modules": (_FLAG, _ENVIRONMENT, _PROJECT),
    "signers": (_ENVIRONMENT, _PERSONAL),
    "snapshot": (_ENVIRONMENT, _PERSONAL, _PROJECT),
    "store": (_FLAG, _ENVIRONMENT, _PERSONAL, _PROJECT),
    "team": (_PROJECT,),
    "tests": (_PROJECT,),
    "timeout_s": (_FLAG, _ENVIRONMENT, _PERSONAL, _PROJECT),
}
# Limits of one fold: what they are, and an example.
_AMOUNTS = {"memory_mb": ("million bytes of memory", "2000"), "timeout_s": ("seconds", "600")}
# Files that decide about trust: they must not depend on the project that one happens to stand in.
_FILES = {
    "key": ("an SSH key", "~/.ssh/id_ed25519"),
    "signers": ("a file of allowed signers", "~/.ssh/allowed_signers"),
}
# Files of the project that people approve: what they are, and an example.
_PAGES = {
    "guide": ("pages that say how the evaluation is applied", "docs/evaluation/guide.md"),
    "tests": ("files or folders with the tests of the evaluation's code", "tests/evaluation"),
}
_MOST_PAGES = 100
# What the design documents and no verb reads yet, so that files written for a later version serve this one too.
_UNREAD = {_PROJECT: ("stage", "tracking"), _PERSONAL: ("locale",)}
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+")
_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


@dataclass(frozen=True)
class Setting:
    """One setting: its name, its value, and in words where it was set."""

    name: str
    value: Any
    source: str


@dataclass(frozen=True)
class Layer:
    """Values of one layer, as they were written.

    Attributes:
        kind: `flag`, `environment`, `personal` or `project`.
        values: Values by key.
        sources: Where each was set, by key.
    """

    kind: str
    values: Mapping[str, Any]
    sources: Mapping[str, str]

    @staticmethod
    def flags(values: Mapping[str, Any]) -> Layer:
        """Return the options of a command line; those that are None were not given."""
        given = {key: value for key, value in values.items() if value is not None}
        return Layer(_FLAG, given, {key: f"option --{key}" for key in given})

    @staticmethod
    def environment(environ: Mapping[str, str]) -> Layer:
        """Return the variables `BANCADA_*` that are settings; empty ones count as not set."""
        variables = {key: f"BANCADA_{key.upper()}" for key, kinds in _KEYS.items() if _ENVIRONMENT in kinds}
        given = {key: environ[variable] for key, variable in variables.items() if environ.get(variable)}
        return Layer(_ENVIRONMENT, given, {key: variables[key] for key in given})

    @staticmethod
    def personal(path: Path, values: Mapping[str, Any]) -> Layer:
        """Return the settings of the personal file."""
        return Layer(_PERSONAL, values, dict.fromkeys(values, str(path)))

    @staticmethod
    def project(path: Path, values: Mapping[str, Any]) -> Layer:
        """Return the settings of the project's file."""
        return Layer(_PROJECT, values, dict.fromkeys(values, str(path)))


def personal_file(environ: Mapping[str, str], home: Path) -> Path:
    """Return where the personal settings are: `$XDG_CONFIG_HOME`, else `~/.config`, then `bancada/config.toml`."""
    folder = Path(environ.get("XDG_CONFIG_HOME", ""))
    return (folder if folder.is_absolute() else home / ".config") / "bancada" / "config.toml"


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file.

    Raises:
        ConfigurationError: It cannot be read or is no TOML; the line is named.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"`{path}` is TOML in UTF-8.", f"Found an error: {error}.", "Correct that line."
        ) from error
    except OSError as error:
        raise ConfigurationError(f"`{path}` can be read.", f"Found {error}.", "Correct its permissions.") from error


def merged(layers: Iterable[Layer]) -> dict[str, Setting]:
    """Return the settings that hold; an earlier layer goes before a later one.

    Keys that are documented and not read yet are passed over.

    Raises:
        ConfigurationError: A key is unknown in its layer, or a value is not of its key.
    """
    found: dict[str, Setting] = {}
    for layer in layers:
        for key, value in layer.values.items():
            unread = _UNREAD.get(layer.kind, ())
            if key in unread:
                continue
            source = layer.sources[key]
            if layer.kind not in _KEYS.get(key, ()):
                known = [name for name, kinds in _KEYS.items() if layer.kind in kinds]
                rule = f"Settings in {source} are those that bancada knows there."
                raise ConfigurationError(rule, f"Found `{key}`.", nearest(key, [*known, *unread]))
            checked = _check(key, value, source)
            found.setdefault(key, Setting(key, checked, source))
    return found


def _check(key: str, value: Any, source: str) -> Any:
    checks = {"cores": _cores, "modules": _modules, "snapshot": _snapshot, "team": read_team}
    if key in checks:
        return checks[key](value, source)
    for keys, check in ((_AMOUNTS, _amount), (_FILES, _file), (_PAGES, _pages)):
        if key in keys:
            return check(key, value, source)
    if isinstance(value, os.PathLike | str) and str(value):
        return os.fspath(value)
    raise ConfigurationError(
        f"`{key}` is a folder.", f"Found {value!r} in {source}.", f'Write it like `{key} = "folder"`.'
    )


def _snapshot(value: Any, source: str) -> str:
    """Return where copies of data are kept; an address holds no credentials, for records hold it."""
    if isinstance(value, str) and (value in {"none", "store"} or _ADDRESS.fullmatch(value)):
        if "@" not in value.partition("://")[2].partition("/")[0] and not set("?#") & set(value):
            return value
        raise ConfigurationError(
            "The address of `snapshot` holds no user, password or key, for records hold the address.",
            f"Found one in {source}.",
            "Leave it out; the file system finds credentials where its own tools do, such as in environment variables.",
        )
    raise ConfigurationError(
        "`snapshot` says where copies of data are kept: `store`, `none`, or an address that fsspec knows.",
        f"Found {value!r} in {source}.",
        'Write it like `snapshot = "s3://bucket/folder"`.',
    )


def _cores(value: Any, source: str) -> int:
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise ConfigurationError(
        "`cores` is a whole number above 0.", f"Found {value!r} in {source}.", "Write it like `cores = 2`."
    )


def _file(key: str, value: Any, source: str) -> str:
    if isinstance(value, str) and (value.startswith("~/") or Path(value).is_absolute()):
        return value
    what, example = _FILES[key]
    raise ConfigurationError(
        f"`{key}` is the path of {what}, absolute or below `~/`: it must not depend on the project.",
        f"Found {value!r} in {source}.",
        f'Write it like `{key} = "{example}"`.',
    )


def _pages(key: str, value: Any, source: str) -> tuple[str, ...]:
    """Return paths below the root, as they were written: whoever opens one holds it to that."""
    pages = [value] if isinstance(value, str) else value
    listed = isinstance(pages, list | tuple) and 0 < len(pages) <= _MOST_PAGES
    if listed and all(isinstance(page, str) and page.strip() for page in pages):
        return tuple(dict.fromkeys(pages))
    what, example = _PAGES[key]
    raise ConfigurationError(
        f"`{key}` names {what}, relative to the root.",
        f"Found {value!r} in {source}.",
        f'Write it like `{key} = "{example}"`.',
    )


def _amount(key: str, value: Any, source: str) -> float:
    what, example = _AMOUNTS[key]
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        if not isinstance(value, bool) and (amount := float(value)) > 0:
            return amount
    raise ConfigurationError(
        f"`{key}` is a number of {what} above 0, `inf` for no limit.",
        f"Found {value!r} in {source}.",
        f"Write it like `{key} = {example}`.",
    )


def _modules(value: Any, source: str) -> tuple[str, ...]:
    names = (
        [part.strip() for part in value.split(",")]
        if isinstance(value, str) and source.startswith("BANCADA_")
        else value
    )
    if isinstance(names, list | tuple) and all(isinstance(name, str) and _MODULE.fullmatch(name) for name in names):
        return tuple(dict.fromkeys(names))
    rule = "`modules` lists modules as `import` names them."
    raise ConfigurationError(
        rule, f"Found {value!r} in {source}.", 'Write it like `modules = ["churn", "shared.models"]`.'
    )
