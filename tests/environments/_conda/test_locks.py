"""What a project says of its Conda environment beside what is installed; specs beside the library that solves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.environments._conda._locks import _against_wishes, lock_places, read_locks
from bancada.environments._conda._package import CondaPackage

if TYPE_CHECKING:
    from pathlib import Path

NUMPY = CondaPackage(
    name="numpy", version="1.26.4", build="py311h64a_0", subdir="linux-64", sha256="a" * 64, md5="b" * 32
)
PYTHON = CondaPackage(name="python", version="3.11.7", build="h1_0_cpython", subdir="linux-64", sha256="c" * 64)
INSTALLED = {"numpy": "1.26.4", "rich": "13.7.1"}
WISHES = """
name: churn
channels: [conda-forge]
dependencies:
  - python=3.11
  - conda-forge::numpy>=1.26,<2
  - pip
  - pip:
      - rich==13.7.1
      - -e .
      - git+https://host.example/team/tool.git
"""
PIP = CondaPackage(name="pip", version="24.0", build="pyhd_0", subdir="noarch", sha256="d" * 64)
PACKAGES = (NUMPY, PIP, PYTHON)


def notes(root: Path, name: str, text: str) -> tuple[str, ...]:
    (root / name).write_text(text)
    return read_locks(root, PACKAGES, INSTALLED).notes


def test_wishes_that_are_met_are_a_lock(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text(WISHES)
    read = read_locks(tmp_path, PACKAGES, INSTALLED)
    assert read.notes == ()
    assert [(lock.path, lock.content.decode(), lock.whole) for lock in read.locks] == [
        ("environment.yml", WISHES, False)
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("python=3.11", "python=3.12", "python=3.12 (installed: 3.11.7)"),
        (">=1.26,<2", ">=2", "conda-forge::numpy>=2 (installed: 1.26.4)"),
        ("- pip\n", "- scipy\n  - pip\n", "scipy (not installed)"),
        ("rich==13.7.1", "rich==13.6", "rich==13.6"),
        ("rich==13.7.1", "polars", "polars"),
    ],
)
def test_a_wish_that_is_not_met_is_a_note(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert notes(tmp_path, "environment.yml", WISHES.replace(old, new)) == (
        f"`environment.yml` is not what is installed: 1 package, {told}.",
    )


def test_wishes_that_cannot_be_read_are_a_note(tmp_path: Path) -> None:
    assert notes(tmp_path, "environment.yml", "a: |\n  b") == (
        "`environment.yml` cannot be read: line 1 has '|', which is not read here.",
    )
    (tmp_path / "environment.yml").write_bytes(b"\xff")
    assert read_locks(tmp_path, PACKAGES, INSTALLED).notes == ("`environment.yml` cannot be read.",)


EXPLICIT = "\n".join(
    ["@EXPLICIT"]
    + [
        f"https://host.example/forge/{package.subdir}/{package.file}#{package.md5 or package.sha256}"
        for package in PACKAGES
    ]
)
PIXI = "version: 6\npackages:\n" + "".join(
    f"- conda: https://host.example/forge/{package.subdir}/{package.file}\n  sha256: {package.sha256}\n"
    for package in PACKAGES
)


@pytest.mark.parametrize(
    ("name", "text"), [("explicit.txt", EXPLICIT), ("conda-linux-64.lock", EXPLICIT), ("pixi.lock", PIXI)]
)
def test_a_lock_of_archives_agrees_with_names_and_digests(tmp_path: Path, name: str, text: str) -> None:
    assert notes(tmp_path, name, text) == ()
    assert [lock.path for lock in read_locks(tmp_path, PACKAGES, INSTALLED).locks] == [name]
    assert notes(tmp_path, name, text.replace("1.26.4", "1.26.3")) == (
        f"`{name}` is not what is installed: 1 package, numpy 1.26.4 py311h64a_0.",
    )
    digest = NUMPY.md5 if NUMPY.md5 in text else NUMPY.sha256
    assert notes(tmp_path, name, text.replace(digest, "f" * len(digest)))[0].endswith("numpy 1.26.4 py311h64a_0.")
    assert notes(tmp_path, name, "\n".join(text.splitlines()[:2])) != ()


def test_every_place_that_is_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "conda-osx-64.lock").write_text("")
    names = [path.name for path in lock_places(tmp_path)]
    assert {"environment.yml", "conda-lock.yml", "pixi.lock", "explicit.txt", "conda-osx-64.lock"} <= set(names)


VERSION = st.lists(st.integers(0, 12), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
CONSTRAINT = st.one_of(
    st.just(""),
    VERSION.map("={}".format),
    VERSION.map("=={}".format),
    VERSION.map(" {}.*".format),
    VERSION.map("={}.*".format),
    VERSION.map("!={}".format),
    VERSION.map(" {}".format),
    st.builds("{}{}".format, st.sampled_from([">=", "<=", ">", "<"]), VERSION),
    st.builds(">={},<{}".format, VERSION, VERSION),
    st.builds("=={}|=={}".format, VERSION, VERSION),
    st.builds("={}=py*_0".format, VERSION),
    st.builds("=={}=h_1".format, VERSION),
    st.builds(" {} py_0".format, VERSION),
)


@given(version=VERSION, constraint=CONSTRAINT)
def test_a_spec_fits_what_it_fits_in_the_library_that_solves_them(version: str, constraint: str) -> None:
    rattler = pytest.importorskip("rattler")
    record = rattler.PackageRecord("a", version, rattler.BuildString("py_0"), 0, "noarch", None, None)
    fits = rattler.MatchSpec(f"a{constraint}").matches(record)
    package = CondaPackage(name="a", version=version, build="py_0", subdir="noarch")
    wrong = _against_wishes(f"dependencies:\n- a{constraint}", [package], {})
    assert (not wrong) == fits
