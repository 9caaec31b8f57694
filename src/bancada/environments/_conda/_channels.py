"""Where this machine gets Conda's packages from: its channels and its caches, never those of a record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.environments._conda._package import channel_name
from bancada.environments._conda._plain_yaml import PlainYaml, read_plain_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Channel", "Sources", "home_of", "package_sources", "settings_files", "shared_settings"]

# What Conda itself means by these names, unless its configuration says otherwise.
_CUSTOM = {"pkgs": "https://repo.anaconda.com"}
_DEFAULTS = ("https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r")
# The channel of a machine that is set up for none, as micromamba's installer, Miniforge and Pixi have it.
_UNSAID = ("conda-forge",)
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to get packages from.

    Attributes:
        name: The name that records have for it.
        address: Where it is; its platforms are folders below.
    """

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Where packages may come from.

    Attributes:
        channels: Channels, the first one first.
        caches: Folders in which Conda keeps archives that it fetched.
        unread: Files of settings that could not be read, each with what is wrong with it.
    """

    channels: tuple[Channel, ...]
    caches: tuple[Path, ...]
    unread: tuple[str, ...] = ()

    def ordered(self, name: str) -> tuple[Channel, ...]:
        """Return the channels, those of a name first.

        Any of them will do: what comes is held against the digest of the record.

        Args:
            name: The channel that a package was recorded with.
        """
        return tuple(sorted(self.channels, key=lambda channel: channel.name != name))


def home_of(environ: Mapping[str, str]) -> Path:
    """Return the user's home folder.

    Args:
        environ: Environment variables.
    """
    return Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())


def shared_settings(environ: Mapping[str, str]) -> Path:
    """Return the folder that programs keep their settings in.

    Args:
        environ: Environment variables.
    """
    return Path(environ.get("XDG_CONFIG_HOME") or home_of(environ) / ".config")


def settings_files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the files that Conda and Mamba read their settings from, the one that counts most first.

    Args:
        environ: Environment variables.
    """
    home = home_of(environ)
    active = [Path(environ["CONDA_PREFIX"])] if environ.get("CONDA_PREFIX") else []
    folders = [home, home / ".conda", shared_settings(environ) / "conda", *active, *_roots(environ)]
    folders += [Path("/etc/conda"), Path("/var/lib/conda")]
    files = [Path(environ[variable]) for variable in ("CONDARC", "MAMBARC") if environ.get(variable)]
    files += [folder / name for folder in folders for name in (".condarc", "condarc", ".mambarc")]
    return tuple(dict.fromkeys(files))


def package_sources(environ: Mapping[str, str], alias: str, preset: Sequence[str] = ()) -> Sources:
    """Find the channels and caches of this machine.

    Args:
        environ: Environment variables; `CONDA_CHANNELS` names channels before those of the files.
        alias: Where a channel is of which the settings give only the name.
        preset: Channels that other settings name.

    Returns:
        Channels and caches; conda-forge where nothing is set up.
    """
    said, unread = [], []
    for path in settings_files(environ):
        try:
            told = read_plain_yaml(path.read_text(encoding="utf-8"))
        except OSError:
            continue
        except ValueError as error:
            unread.append(f"`{path}`: {error}")
            continue
        if isinstance(told, dict):
            said.append(told)
    names = [*_several(environ.get("CONDA_CHANNELS", "")), *(name for told in said for name in _list(told, "channels"))]
    names = names or list(preset) or list(_UNSAID)
    resolver = _Resolver.of(environ, said, alias)
    channels = dict.fromkeys(channel for name in names for channel in resolver.channels(name))
    caches = _several(environ.get("CONDA_PKGS_DIRS", ""))
    caches += [name for told in said for name in _list(told, "pkgs_dirs")]
    caches += [*(str(root / "pkgs") for root in _roots(environ)), "~/.conda/pkgs"]
    return Sources(tuple(channels), tuple(_place(name, environ) for name in dict.fromkeys(caches)), tuple(unread))


@dataclass(frozen=True, slots=True)
class _Resolver:
    """What names of channels mean."""

    alias: str
    custom: dict[str, str]
    groups: dict[str, list[str]]
    environ: Mapping[str, str]

    @classmethod
    def of(cls, environ: Mapping[str, str], said: list[dict[str, PlainYaml]], alias: str) -> _Resolver:
        custom, groups = dict(_CUSTOM), {"defaults": list(_DEFAULTS)}
        for told in reversed(said):
            alias = _text(told, "channel_alias") or alias
            custom |= {name: value for name, value in _mapping(told, "custom_channels") if isinstance(value, str)}
            groups |= {name: _texts(value) for name, value in _mapping(told, "custom_multichannels")}
            if _list(told, "default_channels"):
                groups["defaults"] = _list(told, "default_channels")
        return cls(environ.get("CONDA_CHANNEL_ALIAS") or alias, custom, groups, environ)

    def channels(self, name: str, depth: int = 0) -> Iterator[Channel]:
        """Yield the channels that a name stands for."""
        if name in self.groups and depth < _DEEPEST:
            for member in self.groups[name]:
                # Of a group that names itself, as `defaults: [defaults]` does, the plain channel is meant.
                yield from self.channels(member, _DEEPEST if member == name else depth + 1)
            return
        if "://" in name:
            address = name
        elif name.startswith(("/", "./", "../", "~")) or re.match(r"[A-Za-z]:[/\\]", name):
            address = _place(name, self.environ).resolve().as_uri()
        else:
            parts = name.split("/")
            heads = ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
            head = next((head for head in heads if head in self.custom), "")
            address = f"{(self.custom[head] if head else self.alias).rstrip('/')}/{name}"
        address = address.rstrip("/")
        yield Channel(channel_name("" if "://" in name else name, address, ""), address)


def _place(name: str, environ: Mapping[str, str]) -> Path:
    return Path(f"{home_of(environ)}{name[1:]}") if name.startswith("~") else Path(name)


def _roots(environ: Mapping[str, str]) -> list[Path]:
    """Return where Conda or Mamba themselves are installed."""
    roots = [Path(environ[name]) for name in ("MAMBA_ROOT_PREFIX", "CONDA_ROOT") if environ.get(name)]
    return [*roots, Path(environ["CONDA_EXE"]).parent.parent] if environ.get("CONDA_EXE") else roots


def _several(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _text(told: dict[str, PlainYaml], key: str) -> str:
    value = told.get(key, "")
    return value if isinstance(value, str) else ""


def _list(told: dict[str, PlainYaml], key: str) -> list[str]:
    return _texts(told.get(key, ""))


def _texts(value: PlainYaml) -> list[str]:
    return [item for item in value if isinstance(item, str) and item] if isinstance(value, list) else []


def _mapping(told: dict[str, PlainYaml], key: str) -> Iterator[tuple[str, PlainYaml]]:
    value = told.get(key)
    if isinstance(value, dict):
        yield from value.items()
