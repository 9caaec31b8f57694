"""What was installed where a run happened, so that it can be installed again."""

from __future__ import annotations

from typing import Any

import msgspec

from bancada.exceptions import StoreError

__all__ = ["EnvironmentRecord", "Package", "read_environment"]

_OLD = "the packages were recorded by name and version only, by an earlier bancada"


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """One installed distribution.

    Attributes:
        name: Normalised name.
        version: Its version.
        content: Digest of its files as they were installed, the same whichever program installed them, and where; empty
            where nothing lists its files.
        origin: Where it comes from when it is installed again: `index` (a package index has it), `kept` (the store
            has it), `manager` (the manager gives it back by the record's `details`), `missing` (nothing does).
        hashes: Digests of wheels that are known to hold it, as `sha256:…`.
        kept: Object with the wheel that it was packed into; empty unless `origin` is `kept`.
        altered: Files that are not as their installer wrote them, relative to the folder of packages, sorted.
        why: Why it is kept or missing; empty otherwise.
    """

    name: str
    version: str
    content: str = ""
    origin: str = "index"
    hashes: tuple[str, ...] = ()
    kept: str = ""
    altered: tuple[str, ...] = ()
    why: str = ""


class EnvironmentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An environment as a run found it; an object of the store.

    Attributes:
        manager: Name of the manager that it is of, such as `uv`; `system` for an interpreter outside any environment.
        python: Version of Python in full, such as `3.11.7`.
        implementation: `CPython` or another.
        build: What the interpreter says of its own making: its build and its compiler.
        tag: Platform tag of the interpreter, such as `linux-x86_64`.
        platform: Operating system, as text.
        libc: The C library with its version, such as `glibc 2.36`; empty where unknown.
        packages: Every installed distribution, sorted by name.
        locks: By path below the project's root, the object with a lock that agrees with what is installed.
        notes: What its user should know, a sentence each.
        missing: What can not be had again, a phrase each.
        details: The manager's own facts.
        schema: `store.environment/1`.
    """

    manager: str
    python: str
    implementation: str
    tag: str
    platform: str
    build: str = ""
    libc: str = ""
    packages: tuple[Package, ...] = ()
    locks: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    details: dict[str, Any] = {}
    schema: str = "store.environment/1"

    @property
    def objects(self) -> frozenset[str]:
        """The objects of the store that it names."""
        return frozenset({*self.locks.values(), *(package.kept for package in self.packages if package.kept)})


def read_environment(data: bytes) -> EnvironmentRecord:
    """Read the object that a run names as its environment, in the form of any version of bancada.

    Args:
        data: The object's bytes.

    Returns:
        The environment; of one that holds names and versions only, each package without the digest of its files.

    Raises:
        StoreError: It is no environment.
    """
    try:
        told = msgspec.json.decode(data)
        if isinstance(told, dict) and "schema" not in told:
            packages = [{"name": name, "version": version} for name, version in told["packages"]]
            told = {**told, "manager": "", "packages": packages, "missing": [_OLD], "schema": "store.environment/0"}
        return msgspec.convert(told, EnvironmentRecord)
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
        raise StoreError(
            "The environment of a run must be one that bancada wrote.",
            f"Found {data[:60]!r}: {error}.",
            "Run `bancada store verify`, and take the run from a copy of the store that is whole.",
        ) from None
