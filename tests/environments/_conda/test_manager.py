"""Conda's manager: what it tells of a prefix made from a folder channel, and the same prefix again."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.environments._conda.conda_channel import CHANNEL, PYTHON, below, wheel

from bancada import environments
from bancada.environments._capture import Captured, capture_of
from bancada.environments._conda._manager import CondaManager, interpreter_of
from bancada.exceptions import EnvironmentNotRebuilt, UsageError
from bancada.testing.environments import environment_checks
from bancada.testing.environments._laws import LAWS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.environments._conda.conftest import Forge

PIP = ("uv", "pip")


def captured(prefix: Path, root: Path) -> Captured:
    return capture_of(prefix, [str(prefix / "lib" / PYTHON / "site-packages")], root, root / "cache", lambda _: ())


def again(found: Captured, folder: Path, environ: Mapping[str, str]) -> Path:
    return environments.rebuild(found.record, getter(found), folder, environ)


def getter(found: Captured) -> Callable[[str], bytes]:
    def get(digest: str) -> bytes:
        value = found.objects[digest]
        return value if isinstance(value, bytes) else value.read_bytes()

    return get


def pip(prefix: Path, *arguments: str) -> None:
    if shutil.which("uv") is None:
        pytest.skip("uv is not on the PATH")
    command = [*PIP, arguments[0], "--quiet", "--python", str(interpreter_of(prefix)), *arguments[1:]]
    subprocess.run(command, check=True, timeout=120)


def packages(found: Captured) -> dict[str, tuple[str, str]]:
    return {package.name: (package.version, package.origin) for package in found.record.packages}


def same_files(prefix: Path, rebuilt: Path) -> bool:
    """Compare every file, apart from bytecode, what tells of the prefix, and its own place where Conda wrote it."""
    left = {"CACHEDIR.TAG", "INSTALLER", "RECORD", "direct_url.json", "REQUESTED", "uv_cache.json"}
    here, there = below(prefix, left), below(rebuilt, left)
    return here == {path: data.replace(str(rebuilt).encode(), str(prefix).encode()) for path, data in there.items()}


def test_a_prefix_is_told_by_its_folder_of_metadata(forge: Forge, tmp_path: Path) -> None:
    assert CondaManager().manages(forge.prefix, tmp_path)
    assert not CondaManager().manages(tmp_path, tmp_path)
    assert environments.manager_of(forge.prefix, tmp_path).name == "conda"


def test_facts_name_every_package_and_whence_it_came(forge: Forge, tmp_path: Path) -> None:
    facts = CondaManager().facts(forge.prefix, tmp_path)
    told = {package["name"]: package for package in facts.details["packages"]}
    assert {name: (package["version"], package["build"]) for name, package in told.items()} == {
        "clib": ("2.0", "h0_1"),
        "other": ("1.0", "0"),
        "python": (".".join(map(str, sys.version_info[:3])), "0_tiny"),
        "tiny": ("1.0", "0"),
    }
    assert {package["channel"] for package in told.values()} == {CHANNEL}
    assert all(re.fullmatch("[0-9a-f]{64}", package["sha256"]) for package in told.values())
    assert facts.gives == {"tiny", "other"}
    assert facts.rewritten == {"tiny/place.py"}
    assert (facts.notes, facts.missing) == ((), ())


def test_the_explicit_list_is_one_that_programs_of_condas_kind_take(forge: Forge, tmp_path: Path) -> None:
    explicit_environment = pytest.importorskip("rattler.explicit_environment")
    lines = CondaManager().facts(forge.prefix, tmp_path).details["explicit"]
    read = explicit_environment.ExplicitEnvironmentSpec.from_str("\n".join(["@EXPLICIT", *lines]))
    assert sorted(entry.url for entry in read.packages) == sorted(lines)


def test_a_prefix_comes_back_and_runs(prefix: Path, environ: dict[str, str], tmp_path: Path) -> None:
    pip(prefix, "install", str(wheel(tmp_path, "mine", "3.0", {"mine.py": b"X = 1\n"})))
    found = captured(prefix, tmp_path)
    assert packages(found) == {"mine": ("3.0", "kept"), "other": ("1.0", "manager"), "tiny": ("1.0", "manager")}
    assert (found.record.notes, found.record.missing) == ((), ())
    python = again(found, tmp_path / "again", environ)
    script = "import sys, mine, tiny.place; print(sys.prefix, tiny.place.PREFIX, tiny.NUMBER, mine.X)"
    said = subprocess.run([python, "-I", "-c", script], capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.split() == [str(tmp_path / "again"), str(tmp_path / "again" / "share"), "1", "1"]


def test_what_was_rebuilt_is_recorded_alike(forge: Forge, environ: dict[str, str], tmp_path: Path) -> None:
    found = captured(forge.prefix, tmp_path)
    again(found, tmp_path / "again", environ)
    assert same_files(forge.prefix, tmp_path / "again")
    second = captured(tmp_path / "again", tmp_path)
    assert second.record.details == found.record.details
    assert packages(second) == packages(found)


def test_an_edited_file_of_condas_comes_back_edited(prefix: Path, environ: dict[str, str], tmp_path: Path) -> None:
    site = prefix / "lib" / PYTHON / "site-packages"
    (site / "other" / "__init__.py").unlink()
    (site / "other" / "__init__.py").write_bytes(b"OLD = 2\n")
    found = captured(prefix, tmp_path)
    assert packages(found)["other"] == ("1.0", "kept")
    assert found.record.notes == ("`other` 1.0 was edited after it was installed, 1 file: `other/__init__.py`.",)
    again(found, tmp_path / "again", environ)
    assert (
        tmp_path / "again" / "lib" / PYTHON / "site-packages" / "other" / "__init__.py"
    ).read_bytes() == b"OLD = 2\n"


def test_a_file_edited_where_conda_wrote_the_prefix_is_noticed(prefix: Path, tmp_path: Path) -> None:
    place = prefix / "lib" / PYTHON / "site-packages" / "tiny" / "place.py"
    edited = place.read_bytes() + b"MORE = 1\n"
    place.unlink()
    place.write_bytes(edited)
    found = captured(prefix, tmp_path)
    assert packages(found)["tiny"] == ("1.0", "kept")


def test_what_pip_replaced_comes_back_replaced(prefix: Path, environ: dict[str, str], tmp_path: Path) -> None:
    pip(prefix, "install", str(wheel(tmp_path, "other", "2.0", {"other/__init__.py": b"NEW = 1\n"})))
    found = captured(prefix, tmp_path)
    assert packages(found)["other"] == ("2.0", "kept")
    assert found.record.notes == ("Conda installed what another program then removed or replaced: other-1.0.",)
    again(found, tmp_path / "again", environ)
    site = tmp_path / "again" / "lib" / PYTHON / "site-packages"
    assert sorted(path.name for path in site.glob("other*")) == ["other", "other-2.0.dist-info"]
    assert (site / "other" / "__init__.py").read_bytes() == b"NEW = 1\n"
    assert not (site / "other" / "gone.py").exists()


def test_the_same_version_from_pip_is_not_condas(prefix: Path, tmp_path: Path) -> None:
    place = wheel(tmp_path, "other", "1.0", {"other/__init__.py": b"NEW = 1\n"})
    pip(prefix, "install", "--reinstall", str(place))
    assert packages(captured(prefix, tmp_path))["other"] == ("1.0", "kept")


def test_what_pip_removed_stays_away(prefix: Path, environ: dict[str, str], tmp_path: Path) -> None:
    pip(prefix, "uninstall", "other")
    found = captured(prefix, tmp_path)
    assert list(packages(found)) == ["tiny"]
    again(found, tmp_path / "again", environ)
    assert not list((tmp_path / "again" / "lib" / PYTHON / "site-packages").glob("other*"))


def test_credentials_of_addresses_are_not_recorded(prefix: Path, tmp_path: Path) -> None:
    path = next((prefix / "conda-meta").glob("tiny-*.json"))
    channel = "https://me:sesame@repo.example/t/tk-open/team"
    told = msgspec.json.decode(path.read_bytes()) | {
        "url": f"{channel}/noarch/tiny-1.0-0.tar.bz2",
        "channel": channel,
    }
    path.unlink()
    path.write_bytes(msgspec.json.encode(told))
    text = msgspec.json.encode(captured(prefix, tmp_path).record).decode()
    assert "https://repo.example/team/noarch/tiny-1.0-0.tar.bz2" in text
    assert "sesame" not in text
    assert "tk-open" not in text


def test_metadata_that_cannot_be_read_are_missing(prefix: Path, tmp_path: Path) -> None:
    (prefix / "conda-meta" / "broken-1-0.json").write_text("{")
    record = captured(prefix, tmp_path).record
    assert "`conda-meta/broken-1-0.json` cannot be read." in record.notes
    assert record.missing == ("what `conda-meta/broken-1-0.json` describes",)


def test_a_package_without_a_digest_is_missing(prefix: Path, environ: dict[str, str], tmp_path: Path) -> None:
    path = next((prefix / "conda-meta").glob("clib-*.json"))
    told = msgspec.json.decode(path.read_bytes())
    path.unlink()
    path.write_bytes(msgspec.json.encode({key: value for key, value in told.items() if key not in {"sha256", "md5"}}))
    found = captured(prefix, tmp_path)
    assert found.record.missing == ("package `clib` 2.0 of Conda, of which no digest was written down",)
    with pytest.raises(EnvironmentNotRebuilt, match=r"`clib` 2\.0 h0_1 .no digest of it was recorded") as caught:
        again(found, tmp_path / "again", environ)
    assert caught.value.packages == ("clib",)


def test_without_py_rattler_the_error_names_the_extra(
    forge: Forge, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = captured(forge.prefix, tmp_path)
    monkeypatch.delitem(sys.modules, "bancada.environments._conda._linking", raising=False)
    monkeypatch.delitem(sys.modules, "bancada.environments._conda._archives", raising=False)
    monkeypatch.setitem(sys.modules, "rattler", None)
    with pytest.raises(
        UsageError, match=r"py-rattler\. It is not installed here\. Install it with `pip install 'bancada"
    ):
        again(found, tmp_path / "again", environ)


def test_only_a_rebuild_loads_py_rattler() -> None:
    script = (
        "import sys; from pathlib import Path; from bancada import environments; "
        "environments.manager_of(Path(sys.prefix), Path()).facts(Path(sys.prefix), Path()); "
        "assert not [name for name in sys.modules if name.startswith('rattler')]"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_the_python_is_the_recorded_one(forge: Forge, environ: dict[str, str], tmp_path: Path) -> None:
    record = msgspec.structs.replace(captured(forge.prefix, tmp_path).record, python="3.10.1")
    with pytest.raises(EnvironmentNotRebuilt, match=r"computed by Python '3\.10\.1'; Conda's package of it is 3\.1"):
        CondaManager().rebuild(record, tmp_path / "again", environ)


@pytest.mark.parametrize("law", [law.name for law in LAWS])
def test_it_keeps_every_law(forge: Forge, environ: dict[str, str], tmp_path: Path, law: str) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "environment.yml").write_text("dependencies: [python, tiny=1.0]\n")
    record = captured(forge.prefix, tmp_path).record
    root = tmp_path / "root"
    checks = environment_checks(CondaManager, forge.prefix, root, record=record, environ=environ)
    next(check for check in checks if check.name == law)()


def test_a_record_without_python_is_refused(forge: Forge, environ: dict[str, str], tmp_path: Path) -> None:
    record = captured(forge.prefix, tmp_path).record
    kept = [package for package in record.details["packages"] if package["name"] != "python"]
    with pytest.raises(EnvironmentNotRebuilt, match="It names 3 packages, and no `python` among them"):
        CondaManager().rebuild(msgspec.structs.replace(record, details={"packages": kept}), tmp_path / "again", environ)
