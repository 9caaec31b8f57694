"""Which packages differ: by version, by content, by files that somebody edited."""

from __future__ import annotations

from typing import Any

import msgspec
from tests.store.store_samples import run_record

from bancada.records.environments import EnvironmentRecord, Package
from bancada.reproduction.differing._packages import interpreter_changes, machine_changes, package_changes

PLAIN = run_record("a")


def environment(*packages: Package, **facts: Any) -> EnvironmentRecord:
    return EnvironmentRecord(
        **{
            "manager": "uv",
            "python": "3.11.7",
            "implementation": "CPython",
            "tag": "linux",
            "platform": "Linux",
            **facts,
        },
        packages=packages,
    )


def using(**versions: tuple[str, str]) -> Any:
    return msgspec.structs.replace(
        PLAIN, claim={"distributions": {name: list(pair) for name, pair in versions.items()}}
    )


def told(a: Any, b: Any, one: EnvironmentRecord | None, two: EnvironmentRecord | None) -> list[tuple[str, str, bool]]:
    return [(item.name, item.what, item.used) for item in package_changes(a, b, one, two)]


def test_each_kind_of_difference_is_named_and_what_is_used_comes_first() -> None:
    used = using(tree=("1.0", "r"))
    one = environment(
        Package(name="alone", version="1"),
        Package(name="content", version="1", content="x"),
        Package(name="edited", version="1", content="x"),
        Package(name="same", version="1", content="x"),
        Package(name="tree", version="1.0"),
    )
    two = environment(
        Package(name="content", version="1", content="y"),
        Package(name="edited", version="1", content="y", altered=("edited/x.py",)),
        Package(name="fresh", version="1"),
        Package(name="same", version="1", content="x"),
        Package(name="tree", version="1.1"),
    )
    assert told(used, used, one, two) == [
        ("tree", "version", True),
        ("alone", "removed", False),
        ("content", "content", False),
        ("edited", "edited", False),
        ("fresh", "added", False),
    ]
    assert told(used, used, one, one) == []


def test_without_the_environments_what_both_use_is_compared() -> None:
    a, b = (
        using(tree=("1.0", "r"), same=("1", "r"), mine=("1", "r")),
        using(tree=("1.0", "s"), same=("1", "r"), other=("2", "r")),
    )
    assert told(a, b, None, None) == [("tree", "content", True)]
    assert told(a, using(tree=("2.0", "s")), None, environment()) == [("tree", "version", True)]


def test_facts_that_one_side_never_noted_do_not_differ() -> None:
    one, two = environment(build="gcc 13", libc="glibc 2.36"), environment(python="3.12.1", libc="")
    assert [(item.name, item.a, item.b) for item in interpreter_changes(PLAIN, PLAIN, one, two)] == [
        ("python", "3.11.7", "3.12.1")
    ]
    assert machine_changes(PLAIN, PLAIN, one, two) == ()
    fast = msgspec.structs.replace(
        PLAIN, provenance={"hardware": {"cpu": "x", "blas": {"kernel": "Zen"}}, "threads": 1}
    )
    slow = msgspec.structs.replace(
        PLAIN, provenance={"hardware": {"cpu": "x", "blas": {"kernel": "SkylakeX"}}, "threads": 4}
    )
    assert [item.name for item in machine_changes(fast, slow, None, None)] == ["blas.kernel", "threads"]


def test_a_library_that_one_run_had_not_loaded_yet_is_no_difference() -> None:
    def on(*kernels: str) -> Any:
        libraries = [{"library": "openblas", "kernel": kernel} for kernel in kernels]
        return msgspec.structs.replace(PLAIN, provenance={"hardware": {"blas": libraries, "gpus": []}})

    assert machine_changes(on("Zen"), on("Zen", "Zen"), None, None) == ()
    assert machine_changes(on(), on("Zen"), None, None) == ()
    assert [item.name for item in machine_changes(on("Zen"), on("Haswell"), None, None)] == ["blas"]
