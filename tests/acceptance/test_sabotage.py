"""Deliberate sabotage: one thing changes behind the back of a run, and it is noticed and named."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCE = Path(__file__).resolve().parents[2] / "src"
EXPERIMENT = """
import json
from pathlib import Path

import numpy as np
import tinycurve

import bancada as bc
from shapes import bend


class Curve:
    def __init__(self, cut=0.0):
        self.cut = cut

    def fit(self, X, y):
        self.scale = json.loads(Path(__file__).with_name("scale.json").read_text())["scale"]
        self.noise = np.random.random()
        return self

    def predict_proba(self, X):
        high = tinycurve.curve(bend(X["a"].to_numpy() - self.cut) * self.scale + 1e-3 * self.noise * X["b"].to_numpy())
        return np.column_stack([1 - high, high])


problem = bc.Problem(
    name="risk", dataset=bc.Dataset.from_file("data.csv", name="people", version="1", id="person"), target="ill",
    task=bc.tasks.Binary(), split=bc.splits.KFold(3, seed=1), features=["a", "b"],
    evaluation=bc.Evaluation(primary="roc_auc", metrics=["log_loss"]),
)


@bc.candidate
def curve(cut: float = 0.1):
    return Curve(cut)
"""
SHAPES = "def bend(x):\n    return x + 0.5 * x**2\n"
TINY = "import numpy as np\n\n\ndef curve(x):\n    return 1 / (1 + np.exp(-{slope} * x))\n"


def wheel(folder: Path, version: str, slope: float) -> Path:
    """Make a wheel of one module, as a builder would."""
    info = f"tinycurve-{version}.dist-info"
    files = {
        "tinycurve.py": TINY.format(slope=slope),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tinycurve\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = [f"{name},sha256={_digest(text)},{len(text.encode())}" for name, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,"]) + "\n"
    path = folder / f"tinycurve-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Bench:
    """A project in an environment of its own, with a tiny package, and a terminal in it."""

    root: Path
    python: Path
    wheels: Path
    first: str = ""

    @property
    def site(self) -> Path:
        """Folder of the environment's packages."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.python.parent.parent / "lib" / version / "site-packages"

    def install(self, version: str) -> None:
        """Install a version of the tiny package, from a folder."""
        uv("pip", "install", "--offline", "--no-index", "--find-links", self.wheels, "--python", self.python, "-q",
           f"tinycurve=={version}")  # fmt: skip

    def types(self, *words: str) -> tuple[int, Any]:
        """Type a command line, and return its exit code and its document."""
        environ = {
            **os.environ,
            "BANCADA_CACHE": str(self.root.parent / "cache"),
            "HOME": str(self.root.parent),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        environ.pop("PYTHONPATH", None)
        done = subprocess.run(
            [self.python, "-m", "bancada", *words, "--json"],
            cwd=self.root, env=environ, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.stdout, done.stderr
        return done.returncode, msgspec.json.decode(done.stdout)

    def run(self, *words: str) -> str:
        """Run the candidate, and return the run."""
        code, document = self.types("run", "curve", *words)
        assert code == 0
        return f"r-{document['runs'][0]['run_id']}"

    def diff(self, a: str, b: str) -> Any:
        """Return in what two runs differ."""
        code, document = self.types("diff", a, b)
        assert code == 0
        return document


def uv(*words: str | Path) -> None:
    """Run uv without a network."""
    subprocess.run([UV or "uv", *map(str, words)], check=True, capture_output=True)


UV = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Make the project, and the environment: the tiny package is its own, all others are those of the tests."""
    tmp_path = tmp_path_factory.mktemp("sabotage")
    if UV is None:
        pytest.skip("uv makes the environment, and is not installed")
    root, wheels = tmp_path / "project", tmp_path / "wheels"
    for folder in (root, wheels):
        folder.mkdir()
    wheel(wheels, "1.0", 1.5)
    wheel(wheels, "1.1", 1.4)
    uv("venv", "--offline", "-q", "--python", sys.executable, tmp_path / "env")
    made = Bench(root, tmp_path / "env" / "bin" / "python", wheels)
    others = [SOURCE, Path(next(path for path in sys.path if path.endswith("site-packages")))]
    (made.site / "others.pth").write_text("".join(f"{folder}\n" for folder in others))
    made.install("1.0")
    rows = "\n".join(
        f"{n},{(n * 37 % 19) / 9 - 1:.4f},{(n * 11 % 7) / 3 - 1:.4f},{int(n * 37 % 19 > 8)}" for n in range(30)
    )
    for name, text in {
        "bancada.toml": 'modules = ["experiment"]\n',
        "experiment.py": EXPERIMENT,
        "shapes.py": SHAPES,
        "scale.json": '{"scale": 1.0}',
        "data.csv": f"person,a,b,ill\n{rows}\n",
    }.items():
        (root / name).write_text(text)
    made.first = made.run()
    return made


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) >= 1, text
    path.write_text(text.replace(old, new, 1))


@contextlib.contextmanager
def altered(path: Path, old: str, new: str) -> Iterator[None]:
    """Have a file altered for a while."""
    text = path.read_text()
    replaced(path, old, new)
    try:
        yield
    finally:
        path.write_text(text)


@contextlib.contextmanager
def other_version(bench: Bench) -> Iterator[None]:
    """Have another version of the tiny package for a while."""
    bench.install("1.1")
    try:
        yield
    finally:
        bench.install("1.0")


SABOTAGE: dict[str, tuple[str, Callable[[Bench], contextlib.AbstractContextManager[None]]]] = {
    "an imported module that git does not know": (
        "code",
        lambda bench: altered(bench.root / "shapes.py", "0.5", "0.6"),
    ),
    "one cell of the data": ("data", lambda bench: altered(bench.root / "data.csv", "7,0.", "7,1.")),
    "one package's version": ("packages", other_version),
    "a hand-edited file in site-packages": (
        "packages",
        lambda bench: altered(bench.site / "tinycurve.py", "1.5", "1.6"),
    ),
    "a file that the candidate reads": ("files", lambda bench: altered(bench.root / "scale.json", "1.0", "1.25")),
    "the seed": ("seed", lambda _: contextlib.nullcontext()),
}
# An edit by hand changes no version: only computing once more tells.
AGAIN = {"the seed": ("--seed", "5"), "a hand-edited file in site-packages": ("--again",)}


@pytest.mark.parametrize("what", SABOTAGE)
def test_diff_names_what_was_changed_and_nothing_else(what: str, bench: Bench) -> None:
    area, sabotage = SABOTAGE[what]
    with sabotage(bench):
        second = bench.run(*AGAIN.get(what, ()))
    assert second != bench.first, "what was changed did not change the claim"
    told = bench.diff(bench.first, second)
    assert told["differs"] == [area], told["machine"]
    assert told["predictions"] == "different"
    named: dict[str, Any] = {
        "code": [(item["module"], item["name"]) for item in told["code"]],
        "data": told["data"] and [told["data"][name] for name in ("rows_changed", "columns_changed", "examples")],
        "packages": [(item["name"], item["what"]) for item in told["packages"]],
        "files": [item["path"] for item in told["files"] if item["counts"]],
        "seed": told["seed"],
    }
    expected: dict[str, Any] = {
        "an imported module that git does not know": [("shapes", "bend")],
        "one cell of the data": [1, ["a"], {"changed": ["7"]}],
        "one package's version": [("tinycurve", "version")],
        "a hand-edited file in site-packages": [("tinycurve", "edited")],
        "a file that the candidate reads": ["scale.json"],
        "the seed": {"name": "seed", "a": 0, "b": 5},
    }
    assert named[area] == expected[what]
