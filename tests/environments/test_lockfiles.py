"""Locks of every form, and what is no lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.environments.wheels import run

from bancada.environments._lockfiles import locks_in, pylock_pins, requirement_pins, shared_locks, toml_hosts

if TYPE_CHECKING:
    from pathlib import Path

A, B = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("text", "pins"),
    [
        (f"numpy==2.0 --hash=sha256:{A}", {"numpy": {"2.0": (f"sha256:{A}",)}}),
        (
            f"numpy==2.0 \\\n    --hash=sha256:{B} \\\n    --hash=sha256:{A}\n",
            {"numpy": {"2.0": (f"sha256:{A}", f"sha256:{B}")}},
        ),
        (
            f"Some.Thing[x,y] == 1.0 ; python_version < '4' --hash=sha256:{A} # why",
            {"some-thing": {"1.0": (f"sha256:{A}",)}},
        ),
        (f"-r other.txt\n--index-url x\n# a==1 --hash=sha256:{A}\n", {}),
        ("numpy==2.0\nscipy>=1\n", {}),
        ("", {}),
    ],
)
def test_requirements_with_digests_are_pins(text: str, pins: dict[str, dict[str, tuple[str, ...]]]) -> None:
    assert requirement_pins(text.encode()) == pins


def test_what_uv_compiles_is_read(index: Path, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("plain<2\n")
    for name in ("requirements.txt", "pylock.toml"):
        places: list[str | Path] = [tmp_path / "in.txt", "-o", tmp_path / name, "--no-index", "--find-links", index]
        run(["uv", "pip", "compile", "--quiet", "--generate-hashes", *places])
    read = locks_in(tmp_path, shared_locks(tmp_path))
    assert [(lock.path, {name: list(pins) for name, pins in lock.pins.items()}) for lock in read.locks] == [
        ("pylock.toml", {"plain": ["1.0"]}),
        ("requirements.txt", {"plain": ["1.0"]}),
    ]
    assert read.notes == ()
    hashes = [lock.pins["plain"]["1.0"] for lock in read.locks]
    assert hashes[0] == hashes[1] != ()


def test_what_cannot_be_read_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "pylock.toml").write_text("[[packages]\n")
    (tmp_path / "pylock.dev.toml").write_text('packages = [{ version = "1" }]\n')
    read = locks_in(tmp_path, shared_locks(tmp_path))
    assert read.locks == ()
    assert read.notes == (
        "`pylock.dev.toml` cannot be read: KeyError.",
        "`pylock.toml` cannot be read: TOMLDecodeError.",
    )


def test_sources_without_a_version_are_no_pins() -> None:
    assert pylock_pins(b'[[packages]]\nname = "own"\n[packages.directory]\npath = "."\n') == {}


def test_hosts_have_no_credentials() -> None:
    told = ["https://ana:secret@index.example/simple", "https://other.example:8080/x", None, 3, "folder"]
    assert toml_hosts(told) == ["index.example", "other.example"]
