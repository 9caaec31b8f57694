"""Archives from channels and caches: the recorded bytes, or an error that names what cannot be had."""

from __future__ import annotations

import functools
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from bancada.environments._conda._prefix import read_prefix
from bancada.exceptions import EnvironmentNotRebuilt

pytest.importorskip("rattler", reason="py-rattler is not installed: bancada[conda] has it")

from bancada.environments._conda._linking import fetch_packages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.environments._conda.conftest import Forge

    from bancada.environments._conda._package import CondaPackage


@pytest.fixture
def packages(forge: Forge) -> dict[str, CondaPackage]:
    return {package.name: package for package in read_prefix(forge.prefix).packages}


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and remembers what it was asked for."""

    asked: list[tuple[str, str]]

    def __init__(self, *arguments: Any, asked: list[tuple[str, str]], **named: Any) -> None:
        self.asked = asked
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("Authorization", "")))
        self.path = self.path.removeprefix("/t/tk-open")
        super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that it has there
        """Say nothing."""


@pytest.fixture
def served(forge: Forge) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    asked: list[tuple[str, str]] = []
    handler = functools.partial(Quiet, directory=str(forge.channel.parent), asked=asked)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def test_archives_come_from_the_channel_and_then_from_the_cache(
    packages: dict[str, CondaPackage], environ: dict[str, str], forge: Forge
) -> None:
    found = fetch_packages([packages["tiny"], packages["clib"]], environ)
    assert [archive.source for archive in found] == [
        f"{forge.address}/noarch/tiny-1.0-0.tar.bz2",
        f"{forge.address}/{packages['clib'].subdir}/clib-2.0-h0_1.tar.bz2",
    ]
    environ["CONDA_CHANNELS"] = "/nowhere"
    again = fetch_packages([packages["tiny"], packages["clib"]], environ)
    assert [(archive.path, archive.source) for archive in again] == [(archive.path, "") for archive in found]


def test_a_channel_is_reached_with_its_credentials_and_they_are_told_to_nobody(
    packages: dict[str, CondaPackage], environ: dict[str, str], served: tuple[str, list[tuple[str, str]]]
) -> None:
    host, asked = served
    environ["CONDA_CHANNELS"] = f"http://me:sesame@{host}/t/tk-open/tinyforge"
    found = fetch_packages([packages["tiny"]], environ)
    assert found[0].source == f"http://{host}/tinyforge/noarch/tiny-1.0-0.tar.bz2"
    assert asked == [("/t/tk-open/tinyforge/noarch/tiny-1.0-0.tar.bz2", "Basic bWU6c2VzYW1l")]
    gone = msgspec.structs.replace(packages["clib"], version="9")
    with pytest.raises(EnvironmentNotRebuilt, match=r"`clib` 9 h0_1 .`tinyforge`: 404 File not found") as caught:
        fetch_packages([gone], environ)
    assert "sesame" not in str(caught.value)
    assert "tk-open" not in str(caught.value)


def test_the_address_of_a_record_is_never_asked(
    packages: dict[str, CondaPackage], environ: dict[str, str], served: tuple[str, list[tuple[str, str]]]
) -> None:
    host, asked = served
    environ["CONDA_CHANNELS"] = "/nowhere"
    elsewhere = msgspec.structs.replace(packages["tiny"], url=f"http://{host}/tinyforge/noarch/tiny-1.0-0.tar.bz2")
    with pytest.raises(EnvironmentNotRebuilt, match="comes from a channel of this machine's settings"):
        fetch_packages([elsewhere], environ)
    assert asked == []


def test_every_package_that_cannot_be_had_is_named(packages: dict[str, CondaPackage], environ: dict[str, str]) -> None:
    lost = [msgspec.structs.replace(packages[name], version="9", channel="far") for name in ("tiny", "clib")]
    with pytest.raises(EnvironmentNotRebuilt, match=r"2 packages .*channels far`, or set") as caught:
        fetch_packages([packages["other"], *lost], environ)
    assert caught.value.packages == ("clib", "tiny")


def test_another_file_of_that_name_is_not_taken(
    packages: dict[str, CondaPackage], environ: dict[str, str], forge: Forge, tmp_path: Path
) -> None:
    other = shutil.copytree(forge.channel, tmp_path / "other")
    (other / "noarch" / "tiny-1.0-0.tar.bz2").write_bytes(b"evil")
    environ["CONDA_CHANNELS"] = str(other)
    with pytest.raises(EnvironmentNotRebuilt, match=r"`tiny` 1\.0 0 .`other`: it has another file of that name"):
        fetch_packages([packages["tiny"]], environ)
    environ["CONDA_CHANNELS"] = f"{other},{forge.address}"
    assert fetch_packages([packages["tiny"]], environ)[0].source.startswith(forge.address)


def test_a_cached_archive_that_was_changed_is_fetched_anew(
    packages: dict[str, CondaPackage], environ: dict[str, str]
) -> None:
    path = fetch_packages([packages["tiny"]], environ)[0].path
    data = path.read_bytes()
    path.write_bytes(b"evil")
    assert fetch_packages([packages["tiny"]], environ)[0].path.read_bytes() == data


def test_condas_own_cache_serves_where_no_channel_does(
    packages: dict[str, CondaPackage], environ: dict[str, str], forge: Forge
) -> None:
    environ |= {"CONDA_CHANNELS": "/nowhere", "CONDA_PKGS_DIRS": str(forge.channel / "noarch")}
    found = fetch_packages([packages["tiny"]], environ)
    assert found[0].path.parent.name == packages["tiny"].sha256
    assert (forge.channel / "noarch" / "tiny-1.0-0.tar.bz2").is_file()


def test_an_md5_will_do_beside_the_digests_of_the_files(
    packages: dict[str, CondaPackage], environ: dict[str, str]
) -> None:
    old = msgspec.structs.replace(packages["tiny"], sha256="")
    assert fetch_packages([old], environ)[0].path.parent.name == f"md5-{old.md5}"
    with pytest.raises(EnvironmentNotRebuilt, match="no digest of it was recorded"):
        fetch_packages([msgspec.structs.replace(old, content="")], environ)


def test_an_unread_file_of_settings_is_told_where_it_may_matter(
    packages: dict[str, CondaPackage], environ: dict[str, str]
) -> None:
    Path(environ["HOME"], ".condarc").write_text("channels: *x")
    gone = msgspec.structs.replace(packages["clib"], version="9")
    with pytest.raises(EnvironmentNotRebuilt, match=r"1 file of settings could not be read: .*condarc"):
        fetch_packages([gone], environ)
