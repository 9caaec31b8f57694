"""Code as evidence: from what a run has kept alone, its candidate can be imported again, whatever git still has."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from bancada.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bancada.records import RunRecord

SOURCE = Path(__file__).resolve().parents[2] / "src"
TOKEN = "ghp_" + "Z7" * 18
MODEL = """
import numpy as np

class Curve:
    def __init__(self, cut=0.0):
        self.cut = cut

    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        high = 1 / (1 + np.exp(self.cut - X["a"].to_numpy()))
        return np.column_stack([1 - high, high])
"""
PROBLEM = """
import bancada as bc

problem = bc.Problem(
    name="risk", dataset=bc.Dataset.from_file("data.csv", name="people", id="person"), target="ill",
    task=bc.tasks.Binary(), split=bc.splits.KFold(2, seed=1), features=["a"],
    evaluation=bc.Evaluation(primary="roc_auc"),
)
"""
CANDIDATE = """
@bc.candidate
def curve(cut: float = 0.5):
    return Curve(cut)
"""
CHECK = """
import importlib, sys
reference = sys.argv[1]
module, name = reference.split(":")
model = getattr(importlib.import_module(module), name).function()
print(type(model).__name__, model.cut)
"""


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    rows = "\n".join(f"{n},{n % 7},{int(n % 7 + n % 2 > 3)}" for n in range(20))
    (root / "data.csv").write_text(f"person,a,ill\n{rows}\n")


def python(root: Path, *words: str, path: tuple[str, ...] = ()) -> str:
    """Run a fresh interpreter that knows bancada and these folders."""
    environ = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(SOURCE), *path]),
        "BANCADA_CACHE": str(root.parent / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GIT_CEILING_DIRECTORIES": str(root.parent),
    }
    done = subprocess.run(
        [sys.executable, *words], cwd=root, env=environ, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(root: Path, *words: str, path: tuple[str, ...] = ()) -> RunRecord:
    """Run the candidate, and return its record."""
    told = python(root, "-m", "bancada", "run", "curve", "--json", "--in-process", *words, path=path)
    run_id = msgspec.json.decode(told)["runs"][0]["run_id"]
    stored = Store.open(root / ".bancada", create=False).runs.read("risk", run_id)
    assert stored is not None
    return stored.record


def written_out(record: RunRecord, store: Path, folder: Path) -> Path:
    """Write a folder from what the run has kept, and from nothing else."""
    objects = Store.open(store, create=False).objects
    for path, name in {**record.provenance["sources"], **record.provenance["files"]}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(objects.get(name))
    return folder


LAYOUTS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "flat": ({"bancada.toml": 'modules = ["experiment"]\n', "experiment.py": MODEL + PROBLEM + CANDIDATE}, ()),
    "src and relative imports": (
        {
            "pyproject.toml": '[tool.bancada]\nmodules = ["churn.lab"]\n',
            "src/churn/__init__.py": "from churn.version import VERSION\n",
            "src/churn/version.py": "VERSION = 1\n",
            "src/churn/models/__init__.py": "",
            "src/churn/models/curve.py": MODEL,
            "src/churn/lab.py": f"from .models.curve import Curve\n{PROBLEM}{CANDIDATE}",
        },
        (),
    ),
    "namespace package": (
        {
            "bancada.toml": 'modules = ["space.lab"]\n',
            "space/lab.py": f"from space.deep.curve import Curve\n{PROBLEM}{CANDIDATE}",
            "space/deep/curve.py": MODEL,
        },
        (),
    ),
    "imported by a text": (
        {
            "bancada.toml": 'modules = ["lab"]\n',
            "lab.py": (
                "import importlib\nCurve = importlib.import_module('par' + 'ts.curve').Curve\n" + PROBLEM + CANDIDATE
            ),
            "parts/__init__.py": "",
            "parts/curve.py": MODEL,
        },
        (),
    ),
    "read while imported": (
        {
            "bancada.toml": 'modules = ["lab"]\n',
            "lab.py": (
                f"{MODEL}import json\nfrom pathlib import Path\n"
                "CUT = json.loads(Path(__file__).with_name('cut.json').read_text())\n"
                f"{PROBLEM}{CANDIDATE.replace('0.5', 'CUT')}"
            ),
            "cut.json": "0.5",
        },
        (),
    ),
    # As `pip install -e .` does it: a folder of the project is on the path of the interpreter.
    "installed in editable form": (
        {
            "bancada.toml": 'modules = ["churn.lab"]\n',
            "python/churn/__init__.py": "",
            "python/churn/curve.py": MODEL,
            "python/churn/lab.py": f"from churn.curve import Curve\n{PROBLEM}{CANDIDATE}",
        },
        ("python",),
    ),
}


@pytest.mark.parametrize(
    "layout",
    [pytest.param(name, marks=pytest.mark.slow) if name != "installed in editable form" else name for name in LAYOUTS],
)
def test_what_is_kept_imports_in_a_fresh_interpreter(layout: str, tmp_path: Path) -> None:
    files, extra = LAYOUTS[layout]
    root = tmp_path / "project"
    write(root, files)
    record = run(root, path=tuple(str(root / folder) for folder in extra))
    assert record.status == "done"
    assert "data.csv" not in record.provenance["files"]
    assert {path for path in files if not path.endswith("__init__.py")} <= {
        *record.provenance["sources"],
        *record.provenance["files"],
    }
    fresh = written_out(record, root / ".bancada", tmp_path / "fresh")
    shutil.rmtree(root / next(iter(files)).partition("/")[0], ignore_errors=True)
    places = tuple(str(fresh / folder) for folder in ("", "src", *extra))
    reference = record.provenance["reference"] or "churn.lab:curve"
    assert python(fresh, "-c", CHECK, reference, path=places) == "Curve 0.5\n"


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), "-c", "user.name=Ana", "-c", "user.email=a@example.org", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_nothing_depends_on_what_git_still_has(tmp_path: Path) -> None:
    root = tmp_path / "project"
    write(root, LAYOUTS["flat"][0])
    git(tmp_path, "init", "-q", "-b", "trunk", str(root))
    git(root, "add", "experiment.py")
    git(root, "commit", "-q", "-m", "one")
    git(root, "remote", "add", "origin", f"https://ana:{TOKEN}@git.example.org/team/churn.git")
    text = (root / "experiment.py").read_text()
    (root / "experiment.py").write_text(text.replace("0.5", "0.75"))
    record = run(root)
    told: dict[str, Any] = record.provenance["git"]
    assert (told["commit"], told["branch"], told["dirty"]) == (git(root, "rev-parse", "HEAD"), "trunk", True)
    assert told["remote"] == "https://git.example.org/team/churn.git"
    store = Store.open(root / ".bancada", create=False)
    assert "+def curve(cut: float = 0.75):" in store.objects.get(told["patch"]).decode()
    assert record.evidence.grade == "complete"
    shutil.rmtree(root / ".git")
    (root / "experiment.py").unlink()
    fresh = written_out(record, root / ".bancada", tmp_path / "fresh")
    assert python(fresh, "-c", CHECK, "experiment:curve", path=(str(fresh),)) == "Curve 0.75\n"
    held = [path for path in (root / ".bancada").rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert held == []


def test_a_file_with_a_secret_that_a_fold_reads_is_named_and_stands_nowhere(tmp_path: Path) -> None:
    root = tmp_path / "project"
    reading = MODEL.replace("        return self\n", "        open('conf.ini').read()\n        return self\n")
    write(root, {"bancada.toml": 'modules = ["lab"]\n', "lab.py": reading + PROBLEM + CANDIDATE})
    (root / "conf.ini").write_text(f"[db]\ntoken = {TOKEN}\n")
    record = run(root)
    assert record.evidence.grade == "incomplete"
    assert any(line.startswith("file `conf.ini` was withheld: it holds ") for line in record.evidence.missing)
    held = [path for path in (root / ".bancada").rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert held == []
