"""Secrets in every place from which something is kept: none of them is in the store, or in the cache, afterwards."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pytest
from tests.acceptance.conftest import SOURCE
from tests.acceptance.secret_places import Planted, found_in

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

CANDIDATES = """
import os
import sys
from pathlib import Path

import {module}_helpers


def read(name):
    return (Path(__file__).parent / name).read_text()


@bc.candidate
def first(cut: float = 0.0):
    return Curve(cut)


@bc.candidate
def imports(cut: float = 1.0):
    {module}_helpers.TOKEN
    return Curve(cut)


class Reader(Curve):
    def fit(self, X, y):
        self.text = read("settings.ini")
        return super().fit(X, y)


@bc.candidate
def reads(cut: float = 2.0):
    return Reader(cut)


class Teller(Curve):
    def fit(self, X, y):
        secret = read("told.txt").split()
        bc.log(note=secret[0], notes=[secret[1]], nested=[[secret[2]]])
        print("the token is", secret[3])
        print("from the environment:", os.environ["SERVICE_TOKEN"])
        print("careful with", secret[4], file=sys.stderr)
        bc.log_artifact(Path(__file__).parent / "artifact.txt")
        return super().fit(X, y)


@bc.candidate
def tells(cut: float = 3.0):
    '''Tell what it should not.'''
    return Teller(cut)


class Breaker(Curve):
    def fit(self, X, y):
        local_password = read("broken.txt").split()[1]
        raise RuntimeError("cannot connect with " + read("broken.txt").split()[0])


@bc.candidate
def breaks(cut: float = 4.0):
    return Breaker(cut)


class Keyed(Curve):
    def __init__(self, key=None, cut=0.0):
        super().__init__(cut)
        self.key = key


@bc.candidate
def keyed(key: str = ""):
    return Keyed(key)
"""
NOTEBOOK = """
import sys
import numpy as np
import bancada as bc
from sklearn.base import BaseEstimator, ClassifierMixin

TOKEN = {token!r}

class Cell(ClassifierMixin, BaseEstimator):
    def __init__(self, key=None):
        self.key = key
    def fit(self, X, y):
        self.classes_ = np.array([0, 1])
        self.seen_ = len(TOKEN)
        return self
    def predict_proba(self, X):
        return np.column_stack([1 - X[:, 0], X[:, 0]])
    def predict(self, X):
        return (X[:, 0] > 0.5).astype(int)

@bc.candidate
def cell():
    return Cell(TOKEN)

X = np.random.default_rng(0).random((30, 2))
y = (X[:, 0] > 0.4).astype(int)
bc.evaluate({{"cell": cell, "value": Cell(key={value!r})}}, X, y, name="note", split=3, workers=1)
"""
SCRIPT = """
import os, sys
import bancada as bc
bc.log(token={logged!r})
print("said", {said!r}, os.environ["SERVICE_TOKEN"])
bc.submit("predictions.csv", name="scripted")
"""


@pytest.fixture
def planted() -> Planted:
    return Planted()


@pytest.fixture
def project(typed: Typed, planted: Planted, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Plant a secret wherever a project can hold one."""
    root = typed.root
    monkeypatch.setenv("SERVICE_TOKEN", planted.token("environment variable"))
    monkeypatch.setenv("PIP_INDEX_URL", f"https://ana:{planted.password('index in a variable')}@index.example/simple")
    (root / "pip.conf").write_text(f"[global]\nindex-url = https://x:{planted.password('pip.conf')}@index.example\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(root / "pip.conf"))
    (root / "requirements.txt").write_text(
        f"--extra-index-url https://ci:{planted.password('requirements')}@index.example/simple\nnumpy\n"
    )
    (root / "uv.lock").write_text(
        'version = 1\n[[package]]\nname = "numpy"\nversion = "0"\n'
        f'source = {{ registry = "https://ci:{planted.password("lock")}@index.example/simple" }}\n'
    )
    (root / "pyproject.toml").write_text(
        f'[[tool.uv.index]]\nurl = "https://ci:{planted.password("pyproject")}@index.example/simple"\n'
    )
    (root / f"{typed.module}_helpers.py").write_text(f"TOKEN = {planted.token('imported file')!r}\n")
    (root / "settings.ini").write_text(f"[db]\npassword = {planted.password('untracked file that is read')}\n")
    told = ("log line", "list of a log line", "nested list of a log line", "standard output", "standard error")
    (root / "told.txt").write_text("\n".join(planted.token(place) for place in told))
    (root / "broken.txt").write_text(f"{planted.token('exception message')} {planted.token('local variable')}")
    (root / "artifact.txt").write_text(f"key: {planted.private_key('artifact')}")
    (root / "key.pem").write_text(planted.private_key("file beside"))
    typed.write(CANDIDATES.format(module=typed.module))
    module = root / f"{typed.module}.py"
    git = ["git", "-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
    address = f"https://ana:{planted.password('remote')}@git.example/churn.git"
    for words in (
        ["init", "-q"],
        ["add", module.name],
        ["commit", "-q", "-m", "x"],
        ["remote", "add", "origin", address],
    ):
        subprocess.run([*git, *words], cwd=root, check=True, timeout=30)
    patched = f"\nPATCHED = {planted.access_key('patch')!r}\n"
    (root / "patched.py").write_text("")
    subprocess.run([*git, "add", "patched.py"], cwd=root, check=True, timeout=30)
    subprocess.run([*git, "commit", "-q", "-m", "y"], cwd=root, check=True, timeout=30)
    (root / "patched.py").write_text(patched)
    return typed


def search(typed: Typed, planted: Planted) -> dict[str, list[str]]:
    cache = Path(os.environ["BANCADA_CACHE"])
    found = found_in(typed.store, planted)
    return found | {place: names for place, names in found_in(cache, planted).items() if place not in found}


def test_the_search_finds_what_is_packed(tmp_path: Path, planted: Planted) -> None:
    token = planted.token("there")
    planted.token("nowhere")
    (tmp_path / "plain").write_text(token)
    (tmp_path / "packed.gz").write_bytes(gzip.compress(token.encode()))
    with zipfile.ZipFile(tmp_path / "wheel.whl", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.py", token)
    table = pa.table({"text": [token]})
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for name, writer in (("file.arrow", pa.ipc.new_file), ("stream.arrow", pa.ipc.new_stream)):
        with writer(tmp_path / name, table.schema, options=options) as stream:
            stream.write_table(table)
    assert found_in(tmp_path, planted) == {"there": ["file.arrow", "packed.gz", "plain", "stream.arrow", "wheel.whl"]}


def test_no_secret_of_a_project_is_kept(project: Typed, planted: Planted) -> None:
    token = planted.token("parameter")
    for words in (
        ["run", "first", "imports", "reads", "tells", "breaks", "--cores", "1"],
        ["run", "keyed", f"key={token}", "--cores", "1"],
        ["try", "first", "cut=1.5", "--in-process"],
        ["note", "first", f"with {planted.token('note')} it works"],
        ["rm", "tells", "--because", f"leaked {planted.token('reason')}"],
        ["fit", "first"],
        ["reproduce", "first"],
        ["leaderboard"],
    ):
        told = project.types(*words)
        assert "mistake in bancada" not in told.err, told.err
        if words[0] in {"run", "try", "fit", "note", "rm"}:
            assert told.code in {0, 1}, (words, told.err)
        assert token not in told.out + told.err
    records = [msgspec.json.decode(path.read_bytes()) for path in project.store.rglob("run.json")]
    by_name = {record["candidate"]: record for record in records}
    assert {"first", "imports", "reads", "tells", "breaks", "keyed"} <= by_name.keys()
    assert by_name["breaks"]["status"] == "failed"
    assert by_name["tells"]["status"] == "done", by_name["tells"]["folds"]
    for name, file in (("imports", f"{project.module}_helpers.py"), ("reads", "settings.ini"), ("tells", "told.txt")):
        assert any(file in phrase and "withheld" in phrase for phrase in by_name[name]["evidence"]["missing"]), name
    assert search(project, planted) == {}


def test_no_secret_of_definitions_is_kept(project: Typed, planted: Planted) -> None:
    parameters = f"key: str = {planted.token('default')!r}, keys: tuple = ({planted.token('listed')!r},)"
    docstring = f"Connect with {planted.token('docstring')}."
    text = f"\n@bc.candidate\ndef careless({parameters}):\n    {docstring!r}\n    return Curve()\n"
    project.write(CANDIDATES.format(module=project.module) + text)
    assert project.types("run", "careless", "--cores", "1").code == 0
    broken = f"raise RuntimeError('cannot connect with {planted.token('failed import')}')\n"
    (project.root / "broken_module.py").write_text(broken)
    (project.root / "bancada.toml").write_text(f'modules = ["{project.module}", "broken_module"]\n')
    assert project.types("run", "first", "--cores", "1").code == 0
    assert project.types("list").code == 0
    assert search(project, planted) == {}


def test_no_secret_of_a_command_is_kept(project: Typed, planted: Planted) -> None:
    (project.root / "predictions.csv").write_text("person,score\n" + "".join(f"{n},{n % 7}\n" for n in range(30)))
    split = project.types("show", "--split", "--csv").out.splitlines()[1:]
    rows = [line.split(",") for line in split if line.endswith(",test")]
    (project.root / "predictions.csv").write_text(
        "id,repeat,fold,score\n" + "".join(f"{row[0]},{row[1]},{row[2]},{int(row[0]) % 7}\n" for row in rows)
    )
    script = SCRIPT.format(logged=planted.token("log line of a command"), said=planted.token("output of a command"))
    (project.root / "train.py").write_text(script)
    words = [
        "exec", "--", sys.executable, "train.py", "--password", planted.password("option of a command"),
        f"--api-key={planted.token('joined option')}", f"postgresql://ana:{planted.password('address')}@db/x",
    ]  # fmt: skip
    told = project.types(*words)
    assert told.code == 0, told.err
    assert project.types("submit", "predictions.csv", "--as", "vendor").code == 0
    assert search(project, planted) == {}


def test_no_secret_of_a_notebook_is_kept(project: Typed, planted: Planted) -> None:
    text = NOTEBOOK.format(token=planted.token("notebook cell"), value=planted.token("value of a model"))
    environ = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-c", text],
        cwd=project.root,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert search(project, planted) == {}
