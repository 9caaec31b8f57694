"""One installed distribution: what it consists of, whether it was edited, and where it can be had again."""

from __future__ import annotations

import os
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bancada.environments._contents import content_of, normal_bytes, parts_of
from bancada.environments._editable import sources_of
from bancada.environments._packing import made_here, pack, read_parts
from bancada.environments._reading import read_distribution
from bancada.environments._stamps import Watched, watch
from bancada.records.environments import Package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from bancada.environments._contents import Part
    from bancada.environments._installed import MetadataFolder
    from bancada.environments._reading import Distribution

__all__ = ["Examined", "digests_of", "examine"]

_OWN = "bancada"
_MOST_MB = 200
_HEAD = 8_192
_LONGEST_PATH = 200
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found out about a distribution.

    Attributes:
        package: What is recorded of it; `kept` is still empty.
        watched: The files that decided it.
        wheel: The wheel that it was packed into; None unless it is kept.
    """

    package: Package
    watched: Watched
    wheel: bytes | None = None


def examine(folder: MetadataFolder, prefix: Path, scan: Callable[[str], Sequence[str]]) -> Examined:
    """Read a distribution whole, and pack it where no index can give it back.

    Args:
        folder: Its metadata folder.
        prefix: The environment.
        scan: Names the kinds of secrets in a text; a package whose own files hold any is not packed.
    """
    distribution = read_distribution(folder, prefix)
    decisive = [
        distribution.folder,
        *(distribution.folder / name for name in ("RECORD", "direct_url.json", "METADATA")),
    ]
    if distribution.rows is None:
        return Examined(_missing(distribution, "nothing lists its files"), watch(decisive))
    if distribution.link is not None:
        return _linked(distribution, decisive, scan)
    parts = list(parts_of(distribution))
    watched = watch([*decisive, *(part.path for part in parts)])
    digests, altered = digests_of(parts)
    package = Package(
        name=distribution.name,
        version=distribution.version,
        content=content_of(digests),
        hashes=_archive_hashes(distribution.direct),
        altered=tuple(altered),
    )
    why = _why_kept(distribution, altered)
    if not why:
        return Examined(package, watched)
    if distribution.direct and scan(why):
        why = "from an address that holds a secret"
    # Of what an index had, only the edited files are somebody's own.
    suspects = parts if distribution.direct else [part for part in parts if part.key in altered]
    return _packed(distribution, parts, suspects, (package, why, scan), watched)


def _missing(distribution: Distribution, why: str, package: Package | None = None) -> Package:
    return Package(
        name=distribution.name,
        version=distribution.version,
        content=package.content if package else "",
        origin="missing",
        altered=package.altered if package else (),
        why=why,
    )


def digests_of(parts: Iterable[Part]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the digest of each part in normal form, and the keys of those that are not as they were installed.

    Args:
        parts: The files; they are read whole.
    """
    digests, altered = [], []
    for part in parts:
        try:
            with part.path.open("rb", buffering=0) as file:
                data = file.read()
        except OSError:
            altered.append(part.key)
            continue
        found = sha256(data)
        if not part.is_as_installed(data, found.digest()):
            altered.append(part.key)
        if part.is_script:
            found = sha256(normal_bytes(part, data))
        digests.append((part.key, found.hexdigest()))
    return digests, sorted(altered)


def _linked(distribution: Distribution, decisive: list[Path], scan: Callable[[str], Sequence[str]]) -> Examined:
    """Pack the sources behind an editable installation."""
    sources = sources_of(distribution)
    if sources is None:
        why = "its editable installation makes its modules as they are imported; install it without `--editable`"
        return Examined(_missing(distribution, why), watch(decisive))
    places = [*decisive, *sources.folders, *(part.path for part in (*sources.parts, *parts_of(distribution)))]
    watched = watch(dict.fromkeys(places))
    package = Package(name=distribution.name, version=distribution.version)
    made = {f"{distribution.folder.name}/WHEEL": made_here(compiled=sources.compiled)}
    return _packed(distribution, sources.parts, sources.parts, (package, "editable", scan), watched, made)


def _packed(
    distribution: Distribution,
    parts: Sequence[Part],
    suspects: Iterable[Part],
    told: tuple[Package, str, Callable[[str], Sequence[str]]],
    watched: Watched,
    made: dict[str, bytes] | None = None,
) -> Examined:
    """Pack the files of a distribution, unless they are too large or hold secrets."""
    package, why, scan = told
    size = sum(_size(part.path) for part in parts)
    if size > _MOST_MB * 1_000_000:
        found = f"{why}, and its files have {size / 1e6:,.0f} MB, more than the {_MOST_MB} MB that are packed"
        return Examined(_missing(distribution, found, package), watched)
    # bancada's own sources show what secrets look like.
    for part in () if distribution.name == _OWN else suspects:
        kinds = _secrets(part, scan)
        if kinds:
            found = f"{why}, and `{part.key}` holds {', '.join(kinds)}"
            return Examined(_missing(distribution, found, package), watched)
    files = read_parts(parts) | (made or {})
    programs = frozenset(part.key for part in parts if os.access(part.path, os.X_OK))
    wheel = pack(files, distribution.folder.name, programs)
    content = content_of((key, sha256(data).hexdigest()) for key, data in files.items())
    kept = Package(
        name=package.name,
        version=package.version,
        content=content,
        origin="kept",
        hashes=package.hashes,
        altered=package.altered,
        why=why,
    )
    return Examined(kept, watched, wheel)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _secrets(part: Part, scan: Callable[[str], Sequence[str]]) -> Sequence[str]:
    try:
        data = part.path.read_bytes()
    except OSError:
        return ()
    encoding = "utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8"
    # Programs of a machine and other data that are no text hold zeros among their first bytes.
    if encoding == "utf-8" and b"\0" in data[:_HEAD]:
        return ()
    return scan(data.decode(encoding, "replace"))


def _why_kept(distribution: Distribution, altered: list[str]) -> str:
    """Say why no index can give a distribution back; empty where one can."""
    if distribution.name == _OWN:
        return "bancada itself"
    # Conda's packages were built from a folder, and say so; where they come from is their manager's matter.
    if distribution.direct and distribution.installer != "conda":
        return _source(distribution.direct)
    return "edited after it was installed" if altered else ""


def _source(direct: dict[str, Any]) -> str:
    """Say where a distribution came from when no index was asked, without credentials and places on this machine."""
    url = urlsplit(direct["url"])
    place = f"{url.hostname or ''}{url.path}"[:_LONGEST_PATH]
    vcs = direct.get("vcs_info")
    if isinstance(vcs, dict):
        commit = str(vcs.get("commit_id", ""))
        at = f", commit {commit[:12]}" if _COMMIT.fullmatch(commit) else ""
        return f"from {str(vcs.get('vcs', 'git'))[:10]} at {place if url.scheme != 'file' else 'a local folder'}{at}"
    if url.scheme == "file":
        return "from a local folder" if isinstance(direct.get("dir_info"), dict) else "from a local file"
    return f"from {place}"


def _archive_hashes(direct: dict[str, Any]) -> tuple[str, ...]:
    """Return the digest of the wheel that a distribution was installed from, where the installer told it."""
    info = direct.get("archive_info")
    hashes = info.get("hashes") if isinstance(info, dict) else None
    told = hashes.get("sha256") if isinstance(hashes, dict) else None
    return (f"sha256:{told}",) if isinstance(told, str) and urlsplit(direct["url"]).path.endswith(".whl") else ()
