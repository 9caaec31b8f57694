"""The distributions behind imported names, and what these require."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bancada.provenance import distributions


class Site:
    """A folder of installed distributions that stands first on `sys.path`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def install(self, name: str, version: str = "1.0", *, files: str = "", requires: tuple[str, ...] = ()) -> Path:
        place = self.folder / f"{name.replace('-', '_')}-{version}.dist-info"
        place.mkdir()
        lines = [f"Requires-Dist: {line}" for line in requires]
        (place / "METADATA").write_text(
            "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines, "", "Text."])
        )
        if files:
            (place / "RECORD").write_text("".join(f"{file},sha256=x,1\n" for file in files.split()))
        return place


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    found = Site(tmp_path / "site")
    monkeypatch.syspath_prepend(str(found.folder))
    return found


def test_scikit_learn_comes_with_what_it_requires_as_its_metadata_say() -> None:
    found = distributions(["sklearn"])
    assert {"scikit-learn", "numpy", "scipy", "joblib", "threadpoolctl"} <= set(found)
    assert "pandas" not in found  # an extra
    for name, item in found.items():
        told = importlib.metadata.distribution(name)
        assert (item.name, item.version, item.editable) == (name, told.version, False)
        assert item.record == hashlib.sha256((told.read_text("RECORD") or "").encode()).hexdigest()


def test_markers_decide_and_extras_are_off(site: Site) -> None:
    site.install(
        "one",
        files="one/__init__.py",
        requires=(
            "Two>=1; python_version >= '3'",
            "three; python_version < '3'",
            "four; extra == 'x'",
            "not a requirement",
            "five[x] (>=1)",
        ),
    )
    for name in ("Two", "three", "four", "five", "six"):
        site.install(name, files=f"{name.lower()}.py")
    assert list(distributions(["one"])) == ["five", "one", "two"]


def test_requirements_that_require_each_other_are_followed_once(site: Site) -> None:
    site.install("one", files="one.py", requires=("two",))
    site.install("two", files="two.py", requires=("one", "absent"))
    assert list(distributions(["two"])) == ["one", "two"]


def test_names_are_found_in_record_and_top_level(site: Site) -> None:
    site.install(
        "by-record",
        files="pkg_a/__init__.py single.py fast.cpython-311-x86_64-linux-gnu.so __pycache__/single.pyc ../../bin/tool",
    )
    place = site.install("by-top-level")
    (place / "top_level.txt").write_text("pkg_b\n")
    site.install("space-one", files="space/one/__init__.py")
    site.install("space-two", files="space/two/__init__.py")
    for name in ("pkg_a", "single", "fast"):
        assert list(distributions([name])) == ["by-record"]
    assert distributions(["pkg_b"])["by-top-level"].record == ""
    assert list(distributions(["space"])) == ["space-one", "space-two"]
    assert distributions(["os", "nowhere_at_all"]) == {}


def test_an_editable_distribution_says_so_and_provides_its_sources(site: Site, tmp_path: Path) -> None:
    source = tmp_path / "my code" / "src" / "mine"
    source.mkdir(parents=True)
    (source / "__init__.py").write_text("")
    place = site.install("mine-dist", files="_mine.pth")
    url = (tmp_path / "my code").as_uri()
    (place / "direct_url.json").write_text(json.dumps({"url": url, "dir_info": {"editable": True}}))
    assert distributions(["mine"])["mine-dist"].editable
    (place / "direct_url.json").write_text(json.dumps({"url": url, "dir_info": {}}))
    assert distributions(["mine"]) == {}


def test_the_cache_answers_until_something_is_installed(site: Site, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    place = site.install("one", files="one.py")
    first = distributions(["one"], cache)
    (file,) = cache.iterdir()
    written = file.stat().st_mtime_ns
    assert distributions(["one"], cache) == first
    assert file.stat().st_mtime_ns == written
    (place / "RECORD").write_text("one.py,sha256=y,2\n")
    changed = distributions(["one"], cache)
    assert changed["one"].record != first["one"].record
    (place / "METADATA").unlink()
    (place / "RECORD").unlink()
    place.rmdir()
    site.install("one", "2.0", files="one.py")
    assert distributions(["one"], cache)["one"].version == "2.0"
    assert distributions(["one"], cache) == distributions(["one"])


@pytest.mark.parametrize("content", ["", "[]", '{"x": {}}', '{"x": 1}', "\x00"])
def test_a_broken_cache_does_no_harm(site: Site, tmp_path: Path, content: str) -> None:
    site.install("one", files="one.py")
    distributions(["one"], tmp_path / "cache")
    (file,) = (tmp_path / "cache").iterdir()
    file.write_text(content)
    assert list(distributions(["one"], tmp_path / "cache")) == ["one"]


def test_a_cache_that_cannot_be_written_does_no_harm(site: Site, tmp_path: Path) -> None:
    site.install("one", files="one.py")
    (tmp_path / "taken").write_text("")
    assert list(distributions(["one"], tmp_path / "taken")) == ["one"]


def test_a_warm_cache_needs_no_parser_of_requirements(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from bancada.provenance import distributions; "
        "print(sorted(distributions(['sklearn'], Path(sys.argv[1]))), 'packaging' in sys.modules)"
    )
    answers = [
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        ).stdout
        for _ in range(2)
    ]
    assert answers[0].replace("True", "False") == answers[1]
    assert "scikit-learn" in answers[1]
