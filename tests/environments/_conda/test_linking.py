"""Packages linked by py-rattler: the recorded files or none, no scripts run, this platform only."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.environments._conda.conda_channel import Recipe, write

from bancada.environments._conda._package import CondaPackage
from bancada.environments._conda._prefix import read_prefix
from bancada.exceptions import EnvironmentNotRebuilt

pytest.importorskip("rattler", reason="py-rattler is not installed: bancada[conda] has it")

from bancada.environments._conda._archives import Archive
from bancada.environments._conda._linking import fetch_packages, link_packages

if TYPE_CHECKING:
    from tests.environments._conda.conftest import Forge


@pytest.fixture
def clib(forge: Forge) -> CondaPackage:
    return next(package for package in read_prefix(forge.prefix).packages if package.name == "clib")


def test_a_prefix_says_which_channel_its_packages_are_from(
    clib: CondaPackage, environ: dict[str, str], forge: Forge, tmp_path: Path
) -> None:
    link_packages(fetch_packages([clib], environ), tmp_path / "prefix", environ)
    told = json.loads((tmp_path / "prefix" / "conda-meta" / "clib-2.0-h0_1.json").read_bytes())
    assert (told["url"], told["channel"]) == (f"{forge.address}/{clib.subdir}/{clib.file}", "tinyforge")
    assert (tmp_path / "prefix" / "lib" / "libc.txt").read_bytes() == b"compiled\n"


def test_a_damaged_cache_is_noticed(clib: CondaPackage, environ: dict[str, str], tmp_path: Path) -> None:
    archives = fetch_packages([clib], environ)
    link_packages(archives, tmp_path / "first", environ)
    unpacked = list(Path(environ["HOME"], ".cache").rglob("libc.txt"))
    assert len(unpacked) == 1
    unpacked[0].write_bytes(b"damaged!\n")
    link_packages(archives, tmp_path / "second", environ)
    assert (tmp_path / "second" / "lib" / "libc.txt").read_bytes() == b"compiled\n"


def test_other_files_than_were_recorded_are_refused(
    clib: CondaPackage, environ: dict[str, str], tmp_path: Path
) -> None:
    archives = fetch_packages([clib], environ)
    other = Archive(msgspec.structs.replace(clib, content="f" * 64), archives[0].path, "")
    with pytest.raises(EnvironmentNotRebuilt, match="1 package has others: `clib`") as caught:
        link_packages([other], tmp_path / "prefix", environ)
    assert caught.value.packages == ("clib",)


def test_a_package_of_another_platform_is_refused(clib: CondaPackage, environ: dict[str, str]) -> None:
    foreign = msgspec.structs.replace(clib, subdir="win-arm64")
    with pytest.raises(EnvironmentNotRebuilt, match="1 package of the record is for `win-arm64`") as caught:
        fetch_packages([foreign], environ)
    assert caught.value.packages == ("clib",)


def test_what_is_no_archive_is_refused(clib: CondaPackage, environ: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "broken" / clib.file
    broken.parent.mkdir()
    broken.write_bytes(b"no archive")
    with pytest.raises(EnvironmentNotRebuilt, match="py-rattler could not: "):
        link_packages([Archive(clib, broken, "")], tmp_path / "prefix", environ)


def test_what_conda_would_not_call_so_is_refused(clib: CondaPackage, environ: dict[str, str], tmp_path: Path) -> None:
    odd = Archive(msgspec.structs.replace(clib, version="1..2"), fetch_packages([clib], environ)[0].path, "")
    with pytest.raises(EnvironmentNotRebuilt, match="`clib` is named otherwise: ") as caught:
        link_packages([odd], tmp_path / "prefix", environ)
    assert caught.value.packages == ("clib",)


def test_no_script_of_a_package_is_run(forge: Forge, environ: dict[str, str], tmp_path: Path) -> None:
    script = f"#!/bin/sh\ntouch {tmp_path}/ran\n".encode()
    files = {"bin/.loud-post-link.sh": script, "bin/.loud-pre-link.sh": script}
    path = write(tmp_path / "channel", Recipe(name="loud", version="1", files=files))
    package = CondaPackage(name="loud", version="1", build="0", subdir="noarch", archive=".tar.bz2")
    link_packages([Archive(package, path, "")], tmp_path / "prefix", environ)
    assert (tmp_path / "prefix" / "bin" / ".loud-post-link.sh").exists()
    assert not (tmp_path / "ran").exists()


def test_it_works_where_a_loop_is_running(clib: CondaPackage, environ: dict[str, str], tmp_path: Path) -> None:
    async def cell() -> None:
        link_packages(fetch_packages([clib], environ), tmp_path / "prefix", environ)

    asyncio.run(cell())
    assert (tmp_path / "prefix" / "lib" / "libc.txt").is_file()


def test_settings_that_cannot_be_read_are_named(clib: CondaPackage, environ: dict[str, str]) -> None:
    place = Path(environ["HOME"], ".config", "rattler")
    place.mkdir(parents=True)
    (place / "config.toml").write_text("= no")
    with pytest.raises(EnvironmentNotRebuilt, match=r"settings of Pixi and rattler .*config\.toml"):
        fetch_packages([clib], environ)


def test_channels_of_pixis_settings_are_asked(clib: CondaPackage, environ: dict[str, str], forge: Forge) -> None:
    del environ["CONDA_CHANNELS"]
    place = Path(environ["HOME"], ".pixi")
    place.mkdir()
    (place / "config.toml").write_text(f'default-channels = ["{forge.address}"]\n')
    assert fetch_packages([clib], environ)[0].source.startswith(forge.address)
