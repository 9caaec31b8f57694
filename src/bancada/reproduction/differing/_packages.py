"""The packages, the interpreter and the machine of two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import StoreError
from bancada.records.environments import EnvironmentRecord, Package, read_environment
from bancada.reproduction.differing._changes import changes
from bancada.reproduction.differing._document import Change, PackageChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bancada.records import RunRecord
    from bancada.reproduction.differing._code import KeptCode

__all__ = ["environment_of", "interpreter_changes", "machine_changes", "package_changes"]

INTERPRETER = ("python", "implementation", "build", "manager")
_PAIR = ("version", "content")
MACHINE = ("platform", "tag", "libc")


def environment_of(side: KeptCode) -> EnvironmentRecord | None:
    """Return the environment of a run; None where it is not kept."""
    name = side.run.provenance.get("environment")
    data = side.data(str(name)) if name else None
    try:
        return None if data is None else read_environment(data)
    except StoreError:
        return None


def package_changes(
    a: RunRecord, b: RunRecord, ours: EnvironmentRecord | None, theirs: EnvironmentRecord | None
) -> tuple[PackageChange, ...]:
    """Return the packages that differ, those that the code uses first.

    Args:
        a: One run, whose claim names what its code uses.
        b: The other.
        ours: Environment of a; None where it is not kept, so that only what the code uses is compared.
        theirs: Environment of b.
    """
    first, second = _used(a), _used(b)
    before, after = _packages(ours), _packages(theirs)
    everything = ours is not None and theirs is not None
    found = []
    for name in sorted({*first, *second, *((*before, *after) if everything else ())}):
        one = _one(name, before, first)
        two = _one(name, after, second)
        if not everything and (one is None or two is None):
            # The code of the other does not use it, and whether it was installed is not known.
            continue
        what = _what(one, two) or _recorded(first.get(name), second.get(name))
        if what:
            found.append(
                PackageChange(
                    name=name,
                    a=None if one is None else one.version,
                    b=None if two is None else two.version,
                    what=what,
                    used=name in first or name in second,
                    edited_a=() if one is None else one.altered,
                    edited_b=() if two is None else two.altered,
                )
            )
    return tuple(sorted(found, key=lambda item: (not item.used, item.name)))


def _used(run: RunRecord) -> dict[str, tuple[str, str]]:
    """Return version and digest of the packages that the code imports, and of those that these need."""
    named = run.claim.get("distributions")
    if not isinstance(named, dict):
        return {}
    # Whoever wrote the record may have written anything.
    pairs = {name: item for name, item in named.items() if isinstance(item, list | tuple) and len(item) == len(_PAIR)}
    return {name: (str(version), str(content)) for name, (version, content) in pairs.items()}


def _packages(environment: EnvironmentRecord | None) -> dict[str, Package]:
    return {} if environment is None else {package.name: package for package in environment.packages}


def _one(name: str, installed: dict[str, Package], used: dict[str, tuple[str, str]]) -> Package | None:
    if name in installed:
        return installed[name]
    return Package(name=name, version=used[name][0]) if name in used else None


def _what(one: Package | None, two: Package | None) -> str:
    if one is None or two is None:
        return "added" if one is None else "removed"
    if one.version != two.version:
        return "version"
    if one.altered != two.altered:
        return "edited"
    if one.content and two.content and one.content != two.content:
        return "edited" if one.altered or two.altered else "content"
    return ""


def _recorded(one: tuple[str, str] | None, two: tuple[str, str] | None) -> str:
    """Return `content` where the lists of files differ by which the claims know a package."""
    return "content" if one is not None and two is not None and one[1] != two[1] else ""


def interpreter_changes(
    a: RunRecord, b: RunRecord, ours: EnvironmentRecord | None, theirs: EnvironmentRecord | None
) -> tuple[Change, ...]:
    """Return the facts of Python that differ."""
    facts = [
        {"python": run.provenance.get("python")} if environment is None else _facts(environment, INTERPRETER)
        for run, environment in ((a, ours), (b, theirs))
    ]
    return _both(*facts)


def machine_changes(
    a: RunRecord, b: RunRecord, ours: EnvironmentRecord | None, theirs: EnvironmentRecord | None
) -> tuple[Change, ...]:
    """Return the facts of hardware, system and threads that differ; they are recorded and part of no identity."""
    facts: list[dict[str, Any]] = []
    for run, environment in ((a, ours), (b, theirs)):
        hardware = run.provenance.get("hardware")
        own = {name: run.provenance.get(name) for name in ("threads",)}
        system = {} if environment is None else _facts(environment, MACHINE)
        facts.append({**own, **system, **(hardware if isinstance(hardware, dict) else {})})
    return _both(*facts)


def _facts(environment: EnvironmentRecord, names: tuple[str, ...]) -> dict[str, Any]:
    told = msgspec.to_builtins(environment)
    return {name: told[name] for name in names}


def _both(a: dict[str, Any], b: dict[str, Any]) -> tuple[Change, ...]:
    """Return what differs of what both have noted: an older bancada noted less, and a busy machine may answer late."""
    ours, theirs = dict(_leaves(a)), dict(_leaves(b))
    shared = {name for name in ours.keys() & theirs.keys() if not _within(ours[name], theirs[name])}
    return changes({name: ours[name] for name in shared}, {name: theirs[name] for name in shared})


def _within(one: Any, other: Any) -> bool:
    """Tell whether one of two lists holds nothing that the other lacks: libraries are noted once they are loaded."""
    if not isinstance(one, list) or not isinstance(other, list):
        return False
    return all(item in other for item in one) or all(item in one for item in other)


def _leaves(facts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each fact that is known, by its dotted name."""
    for name, value in facts.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{name}.")
        elif value not in (None, "", 0, []):
            yield f"{prefix}{name}", value
