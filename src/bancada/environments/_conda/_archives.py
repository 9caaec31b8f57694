"""Archives of Conda's packages, fetched from this machine's channels and held against the digests of a record."""

from __future__ import annotations

import asyncio
import hashlib
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit
from urllib.request import url2pathname

from rattler.package_streaming import download_to_path

from bancada.environments._conda._package import CondaPackage, without_credentials
from bancada.exceptions import EnvironmentNotRebuilt, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import rattler

    from bancada.environments._conda._channels import Channel, Sources

__all__ = ["Archive", "fetch"]

_AT_ONCE = 8
_SHOWN = 5
_CHUNK_BYTES = 1 << 20
_STATUS = re.compile(r"HTTP status \w+ \w+ \((\d{3}[^)]*)\)")


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that is here, and is the one that was recorded.

    Attributes:
        package: The package in it.
        path: Where it lies.
        source: Address that its channel has it under, without credentials; empty where a cache had it.
    """

    package: CondaPackage
    path: Path
    source: str


class _NotHere(Exception):  # noqa: N818 - what is so, and caught in this file
    """A place does not have the archive; the text says why."""


async def fetch(
    packages: Sequence[CondaPackage], sources: Sources, folder: Path, client: rattler.Client
) -> tuple[Archive, ...]:
    """Get every archive, each in the version, build and bytes that were recorded.

    Args:
        packages: What is wanted.
        sources: The channels and caches to ask.
        folder: Where archives are kept from one time to the next.
        client: What fetches them.

    Raises:
        EnvironmentNotRebuilt: Some cannot be had; `packages` names each.
    """
    turn = asyncio.Semaphore(_AT_ONCE)

    async def one(package: CondaPackage) -> Archive | str:
        async with turn:
            try:
                return await _fetched(package, sources, folder, client)
            except _NotHere as why:
                return str(why)

    found = await asyncio.gather(*(one(package) for package in packages))
    lost = {package: why for package, why in zip(packages, found, strict=True) if isinstance(why, str)}
    if lost:
        raise _not_had(lost, sources)
    return tuple(archive for archive in found if isinstance(archive, Archive))


async def _fetched(package: CondaPackage, sources: Sources, folder: Path, client: rattler.Client) -> Archive:
    if not package.sha256 and not (package.md5 and package.content):
        raise _NotHere("no digest of it was recorded")
    place = folder / (package.sha256 or f"md5-{package.md5}") / package.file
    if _is_recorded(place, package):
        return Archive(package, place, "")
    place.parent.mkdir(parents=True, exist_ok=True)
    for cache in sources.caches:
        if _is_recorded(cache / package.file, package):
            with tempfile.TemporaryDirectory(dir=place.parent) as aside:
                shutil.copyfile(cache / package.file, Path(aside, "archive")).replace(place)
            return Archive(package, place, "")
    whys = []
    for channel in sources.ordered(package.channel):
        try:
            return Archive(package, place, await _fetched_from(channel, package, place, client))
        except _NotHere as why:
            whys.append(f"`{channel.name}`: {why}")
    raise _NotHere("; ".join(whys) or "no channel is set up")


async def _fetched_from(channel: Channel, package: CondaPackage, place: Path, client: rattler.Client) -> str:
    address = f"{channel.address}/{package.subdir}/{quote(package.file)}"
    with tempfile.TemporaryDirectory(dir=place.parent) as aside:
        path = Path(aside, "archive")
        try:
            if address.startswith("file:"):
                shutil.copyfile(url2pathname(urlsplit(address).path), path)
            else:
                await download_to_path(client, address, path)
        except OSError as error:
            raise _NotHere(error.strerror or type(error).__name__) from None
        except Exception as error:  # noqa: BLE001 - rattler raises classes of its own that have no common root
            raise _NotHere(_reason(error)) from None
        if not _is_recorded(path, package):
            raise _NotHere("it has another file of that name")
        await asyncio.to_thread(path.replace, place)
    return without_credentials(address)


def _is_recorded(path: Path, package: CondaPackage) -> bool:
    """Tell whether a file has the bytes that were recorded; one that is not there has not."""
    digest = hashlib.sha256() if package.sha256 else hashlib.md5(usedforsecurity=False)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError:
        return False
    return digest.hexdigest() == (package.sha256 or package.md5)


def _reason(error: Exception) -> str:
    """Say why nothing came, without the address: it may hold a token."""
    found = _STATUS.search(str(error))
    return found[1] if found else "it does not answer"


def _not_had(lost: dict[CondaPackage, str], sources: Sources) -> EnvironmentNotRebuilt:
    named = [f"`{package.name}` {package.version} {package.build} ({why})" for package, why in lost.items()]
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    configured = {channel.name for channel in sources.channels}
    absent = sorted({package.channel for package in lost if package.channel} - configured)
    add = f"add the channel `{absent[0]}` by `conda config --append channels {absent[0]}`, or " if absent else ""
    unread = f" {counted(len(sources.unread), 'file')} of settings could not be read: {'; '.join(sources.unread)}."
    return EnvironmentNotRebuilt(
        "Each package of Conda comes from a channel of this machine's settings, with the digest that was recorded.",
        f"{counted(len(named), 'package')} cannot be had: {', '.join(named[:_SHOWN])}{more}."
        + (unread if sources.unread else ""),
        f"If you trust where the record is from, {add}set `CONDA_CHANNELS` to channels that have them.",
        tuple(sorted(package.name for package in lost)),
    )
