"""What a project says about its Conda environment: `environment.yml`, and locks that name every archive."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from packaging.version import InvalidVersion, Version

from bancada.environments._conda._plain_yaml import read_plain_yaml
from bancada.environments._installed import normal_name
from bancada.exceptions import counted
from bancada.records.environments import Lock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bancada.environments._conda._package import CondaPackage
    from bancada.environments._conda._plain_yaml import PlainYaml

__all__ = ["Read", "lock_places", "read_locks"]

_WISHES = ("environment.yml", "environment.yaml")
_LOCKS = ("conda-lock.yml", "pixi.lock", "explicit.txt", "spec-file.txt")
_LARGEST = 50_000_000
_SHOWN = 5
_ARCHIVE = re.compile(r"([A-Za-z0-9_.+!\-]+?)(?:\.conda|\.tar\.bz2)\b")
_DIGEST = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b")
_SPEC = re.compile(r"(?P<name>[A-Za-z0-9_][A-Za-z0-9_.\-]*)\s*(?P<rest>.*)")
_LINE = re.compile(r"([A-Za-z0-9][\w.\-]*)\s*(?:\[[^\]]*\])?\s*(.*)$")
_TERM = re.compile(r"(?P<sign>==|>=|<=|!=|~=|=|>|<)?\s*(?P<version>[^\s=<>!~]+)")
_BUILD = re.compile(r"(?P<version>={0,2}[^\s=<>!~,|]+)(?:=|\s+)(?P<build>[^\s=<>!~,|]+)$")


class Read(NamedTuple):
    """The locks that agree with what is installed, and a note for each that does not."""

    locks: tuple[Lock, ...]
    notes: tuple[str, ...]


def lock_places(root: Path) -> tuple[Path, ...]:
    """Name the files that are read.

    Args:
        root: The project's root.
    """
    return (*(root / name for name in (*_WISHES, *_LOCKS)), *sorted(root.glob("conda-*.lock")))


def read_locks(root: Path, packages: Sequence[CondaPackage], installed: Mapping[str, str]) -> Read:
    """Read them, and hold them against what is installed.

    Args:
        root: The project's root.
        packages: Conda's packages.
        installed: By normalised name the version of every distribution of Python.
    """
    locks, notes = [], []
    for path in lock_places(root):
        if not path.is_file() or path.stat().st_size > _LARGEST:
            continue
        try:
            content = path.read_bytes()
            wrong = (
                _against_wishes(content.decode(), packages, installed)
                if path.name in _WISHES
                else _against_lock(content.decode(), packages)
            )
        except (OSError, ValueError) as error:
            why = f": {error}" if isinstance(error, ValueError) and not isinstance(error, UnicodeError) else ""
            notes.append(f"`{path.name}` cannot be read{why}.")
            continue
        if wrong:
            more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
            found = f"{', '.join(wrong[:_SHOWN])}{more}"
            notes.append(f"`{path.name}` is not what is installed: {counted(len(wrong), 'package')}, {found}.")
        else:
            # Its names are Conda's, and no pins of distributions; it has been held against what is installed here.
            locks.append(Lock(path=path.name, content=content, pins={}, whole=False))
    return Read(tuple(locks), tuple(notes))


def _against_lock(text: str, packages: Sequence[CondaPackage]) -> list[str]:
    """List the packages that a lock does not name with their archive and, where it has digests, with that."""
    archives = set(_ARCHIVE.findall(text))
    digests = set(_DIGEST.findall(text.lower()))
    return [
        f"{package.name} {package.version} {package.build}"
        for package in packages
        if package.file.removesuffix(package.archive) not in archives
        or (digests and (package.sha256 or package.md5) and not digests & {package.sha256, package.md5})
    ]


def _against_wishes(text: str, packages: Sequence[CondaPackage], installed: Mapping[str, str]) -> list[str]:
    """List what `environment.yml` asks for and is not installed so."""
    told = read_plain_yaml(text)
    wishes = told.get("dependencies", []) if isinstance(told, dict) else []
    found = {package.name: package for package in packages}
    wrong = []
    for wish in wishes if isinstance(wishes, list) else ():
        if isinstance(wish, dict):
            wrong += [line for line in _lines(wish.get("pip", [])) if not _pip_has(line, installed)]
        elif isinstance(wish, str):
            spec = _SPEC.match(wish.rpartition("::")[2].strip())
            package = found.get(spec["name"].lower()) if spec else None
            if spec and (package is None or not _fits(package, spec["rest"])):
                wrong.append(f"{wish} ({f'installed: {package.version}' if package else 'not installed'})")
    return wrong


def _lines(value: PlainYaml) -> Iterator[str]:
    yield from (line for line in value if isinstance(line, str)) if isinstance(value, list) else ()


def _pip_has(line: str, installed: Mapping[str, str]) -> bool:
    """Tell whether a line of pip's asks for what is installed; options and addresses ask for nothing by name."""
    found = _LINE.match(line.partition(";")[0].partition("#")[0].strip())
    if not found or "@" in found[2] or "/" in line:
        return True
    version = installed.get(normal_name(found[1]))
    terms = [term.strip() for term in found[2].split(",") if term.strip()]
    return version is not None and all(_holds(version, term, fuzzy=False) for term in terms)


def _fits(package: CondaPackage, wanted: str) -> bool:
    """Tell whether a package fits the rest of a spec in Conda's words; what is not understood is taken to fit."""
    wanted = wanted.partition("[")[0].strip()
    built = _BUILD.fullmatch(wanted)
    if built:
        if not fnmatchcase(package.build, built["build"]):
            return False
        # `name=1.2=build` means that very version, and so does `name 1.2 build`.
        wanted = f"=={built['version'].lstrip('=')}"
    return not wanted or any(
        all(_holds(package.version, term.strip(), fuzzy=True) for term in alternative.split(",") if term.strip())
        for alternative in wanted.split("|")
    )


def _holds(version: str, term: str, *, fuzzy: bool) -> bool:
    """Tell whether a version is one that a term allows.

    Args:
        version: The version.
        term: A sign and a version, or a version alone.
        fuzzy: Whether `=1.2` allows 1.2.5, as Conda has it.
    """
    found = _TERM.fullmatch(term)
    if not found:
        return True
    sign, wanted = found["sign"] or "==", found["version"]
    if wanted.endswith("*") or (sign == "=" and fuzzy):
        stem = wanted.rstrip("*").rstrip(".")
        like = not stem or version == stem or version.startswith(f"{stem}.")
        return like != (sign == "!=") if sign in {"=", "==", "!="} else True
    try:
        return _compares(Version(version), sign, Version(wanted))
    except InvalidVersion:
        return (version == wanted) == (sign != "!=") if sign in {"=", "==", "!="} else True


def _compares(version: Version, sign: str, wanted: Version) -> bool:
    if sign == "~=":
        return version >= wanted and version.release[: len(wanted.release) - 1] == wanted.release[:-1]
    return {
        "=": version == wanted,
        "==": version == wanted,
        "!=": version != wanted,
        ">=": version >= wanted,
        "<=": version <= wanted,
        ">": version > wanted,
        "<": version < wanted,
    }[sign]
