"""Tests of importing a project's modules."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Protocol

import pytest

from bancada.definitions._importing import import_modules
from bancada.exceptions import ConfigurationError

if TYPE_CHECKING:
    from bancada.definitions import Project

    class Write(Protocol):
        def __call__(self, files: dict[str, str], *modules: str) -> Project: ...


def test_a_package_includes_its_submodules_but_not_its_program(write_project: Write) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/__main__.py": "raise SystemExit",
        "shop/models.py": "",
        "shop/deep/__init__.py": "",
        "shop/deep/more.py": "",
        "unnamed.py": "raise ValueError",
    }
    imported = import_modules(write_project(files, "shop"))
    assert sorted(imported.modules) == ["shop", "shop.deep", "shop.deep.more", "shop.models"]
    assert imported.failures == ()


def test_a_package_without_init_and_a_dotted_module_are_imported(write_project: Write) -> None:
    files = {"space/models.py": "", "space/other.py": "", "lone.py": ""}
    assert sorted(import_modules(write_project(files, "space.models", "lone")).modules) == ["lone", "space.models"]
    assert sorted(import_modules(write_project(files, "space")).modules) == ["space", "space.models", "space.other"]


def test_the_root_and_src_come_first_on_the_path_once(write_project: Write) -> None:
    project = write_project({"src/inner.py": "", "outer.py": ""}, "inner", "outer")
    for _ in range(2):
        import_modules(project)
        assert sys.path[:2] == [str(project.root), str(project.root / "src")]
        assert sys.path.count(str(project.root)) == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("raise ValueError('two\\nlines')", "ValueError: two lines"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise SystemExit", "SystemExit"),
        ("class Own(BaseException): ...\nraise Own('x')", "Own: x"),
        ("import no_such_library", "ModuleNotFoundError: No module named 'no_such_library'"),
        ("def (", "SyntaxError: invalid syntax"),
    ],
)
def test_a_module_that_fails_stops_nothing(text: str, error: str, write_project: Write) -> None:
    imported = import_modules(write_project({"bad.py": text, "good.py": ""}, "bad", "good"))
    assert list(imported.modules) == ["good"]
    (failure,) = imported.failures
    assert (failure.module, failure.files) == ("bad", ("bad.py",))
    assert failure.error.startswith(error)
    assert "bad.py" in failure.traceback


def test_ctrl_c_goes_through(write_project: Write) -> None:
    with pytest.raises(KeyboardInterrupt, match=r"^$"):
        import_modules(write_project({"slow.py": "raise KeyboardInterrupt"}, "slow"))


HELPER = """\
import json
try:
    json.loads("{")
except ValueError as error:
    raise RuntimeError("broken") from error
"""


def test_a_traceback_shows_the_users_frames_only(write_project: Write) -> None:
    files = {
        "bad.py": "import helper\n",
        "helper.py": HELPER,
    }
    (failure,) = import_modules(write_project(files, "bad")).failures
    assert failure.files == ("bad.py", "helper.py")
    assert "RuntimeError: broken" in failure.traceback
    assert "JSONDecodeError" in failure.traceback
    assert "bad.py" in failure.traceback
    assert "helper.py" in failure.traceback
    for foreign in ("importlib", "decoder.py", "bancada/definitions", "Traceback (most recent call last):\n\n"):
        assert foreign not in failure.traceback


def test_submodules_of_a_package_that_fails_are_not_tried(write_project: Write) -> None:
    imported = import_modules(write_project({"shop/__init__.py": "1 / 0", "shop/models.py": ""}, "shop"))
    assert [failure.module for failure in imported.failures] == ["shop"]


def test_only_some_modules_are_imported_where_only_they_are_wanted(write_project: Write) -> None:
    project = write_project({"shop/__init__.py": "", "shop/a.py": "", "shop/b.py": "1 / 0"}, "shop")
    imported = import_modules(project, {"shop.a"})
    assert (list(imported.modules), imported.failures) == (["shop.a"], ())


def test_a_module_that_does_not_exist_is_refused_with_the_nearest(write_project: Write) -> None:
    with pytest.raises(ConfigurationError, match=r"Found no module `chrn`\. Did you mean `churn`\?"):
        import_modules(write_project({"churn.py": ""}, "chrn"))
    with pytest.raises(ConfigurationError, match=r"Found no module `churn\.models`"):
        import_modules(write_project({"churn.py": ""}, "churn.models"))


def test_a_module_whose_name_is_taken_is_refused(write_project: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = types.ModuleType("taken_name")
    taken.__file__ = "/elsewhere/taken_name.py"
    monkeypatch.setitem(sys.modules, "taken_name", taken)
    with pytest.raises(
        ConfigurationError, match=r"Found `taken_name` already imported from '/elsewhere/taken_name.py'"
    ):
        import_modules(write_project({"taken_name.py": ""}, "taken_name"))


def test_an_installed_module_may_be_named(write_project: Write) -> None:
    assert list(import_modules(write_project({}, "colorsys")).modules) == ["colorsys"]


def test_without_modules_the_error_shows_what_to_write(write_project: Write) -> None:
    with pytest.raises(
        ConfigurationError, match=r'Write `modules = \["churn"\]` into `.*bancada\.toml`, with the name'
    ):
        import_modules(write_project({}))
    project = write_project({"src/scoring_jobs.py": "import bancada as bc\np = bc.Problem(name='x')\n", "a.py": ""})
    with pytest.raises(ConfigurationError, match=r'`modules = \["scoring_jobs"\]` .* where this problem is'):
        import_modules(project)
    project = write_project({"other.py": "p = Problem(name='y')\n", "pyproject.toml": "[tool.bancada]\n"})
    with pytest.raises(ConfigurationError, match=r"below `\[tool\.bancada\]` in `.*pyproject\.toml`, with the name"):
        import_modules(project)


def test_files_that_are_read_while_importing_are_told(write_project: Write) -> None:
    files = {
        "m.py": "import helper\nfrom pathlib import Path\nROOT = Path(__file__).parent\n"
        "CFG = (ROOT / 'conf' / 'a.json').read_text()\n(ROOT / 'bancada.toml').read_text()\n"
        "(ROOT / 'made.txt').write_text('x')\n(ROOT / 'made.txt').read_text()\n"
        "(ROOT / '.bancada' / 'x').read_text()\nexec((ROOT / 'loose.py').read_text())\n",
        "helper.py": "open(__file__).close()\n",
        "bad.py": "1 / 0\n",
        "loose.py": "",
        "conf/a.json": "{}",
        "conf/unread.json": "{}",
        ".bancada/x": "",
    }
    project = write_project(files, "m", "bad")
    assert import_modules(project).reads == ("conf/a.json", "loose.py")
    assert import_modules(project, {"m"}).reads == ()  # it was imported before
