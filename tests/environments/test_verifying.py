"""What was installed beside what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from bancada.environments._verifying import files_below, site_of, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environments.conftest import Looker
    from tests.environments.wheels import Venv


def test_what_is_as_it_was_recorded_differs_in_nothing(venv: Venv, look: Looker) -> None:
    record = look(venv).record
    assert verify(record, venv.prefix, files_below(venv.prefix)) == ({}, ())


@pytest.mark.parametrize(
    ("change", "packages"),
    [
        (
            lambda venv: venv.write("plain.py", "x"),
            {"plain": "has other files than its own list says, such as `plain.py`"},
        ),
        (
            lambda venv: venv.write("plain-1.0.dist-info/RECORD", ""),
            {"plain": "has other files under the same version 1.0"},
        ),
        (
            lambda venv: venv.write("plain-1.0.dist-info/METADATA", "Name: plain\nVersion: 3\n"),
            {"plain": "is 3, and was 1.0"},
        ),
        (lambda venv: (venv.site / "plain-1.0.dist-info").rename(venv.site / "aside"), {"plain": "is not there"}),
        (lambda venv: (venv.site / "new-1.dist-info").mkdir(), {"new": "was not recorded"}),
    ],
    ids=["edit", "list", "version", "absence", "arrival"],
)
def test_a_difference_is_named(
    venv: Venv, look: Looker, change: Callable[[Venv], object], packages: dict[str, str]
) -> None:
    record = look(venv).record
    change(venv)
    assert verify(record, venv.prefix, {}).packages == packages


def test_a_file_of_no_package_and_one_that_was_overwritten_are_named(venv: Venv, look: Looker) -> None:
    record = look(venv).record
    before = files_below(venv.prefix)
    venv.write("sitecustomize.py", "")
    venv.write("_virtualenv.py", "")
    site = venv.site.relative_to(venv.prefix).as_posix()
    assert verify(record, venv.prefix, before).strays == (f"{site}/_virtualenv.py", f"{site}/sitecustomize.py")


def test_what_the_manager_gives_back_is_its_own_affair(venv: Venv, look: Looker) -> None:
    record = look(venv).record
    given = tuple(msgspec.structs.replace(package, origin="manager", content="") for package in record.packages)
    before = files_below(venv.prefix)
    assert verify(msgspec.structs.replace(record, packages=given), venv.prefix, before) == ({}, ())


def test_without_packages_everything_is_missing(venv: Venv, look: Looker, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    found = verify(look(venv).record, tmp_path / "nothing", {})
    assert found.packages == {"many-kinds": "is not there", "plain": "is not there"}


def test_the_folder_of_packages_is_no_link_to_it(tmp_path: Path) -> None:
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    (tmp_path / "lib" / "python3.1").symlink_to("python3.11")
    assert site_of(tmp_path) == site
