"""A project in a folder of its own, and command lines typed there."""

from __future__ import annotations

import importlib
import itertools
import os
import random
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from bancada.cli._main import program, run

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).resolve().parents[2] / "src"
# Models without a library: the import of scikit-learn would be most of what these tests take.
HEAD = """
import numpy as np

import bancada as bc


class Curve:
    def __init__(self, cut=0.0, column="a"):
        self.cut, self.column = cut, column

    def fit(self, X, y):
        self.known = len(X)
        return self

    def predict_proba(self, X):
        high = 1 / (1 + np.exp(self.cut - X[self.column].to_numpy()))
        return np.column_stack([1 - high, high])

    def predict(self, X):
        return (self.predict_proba(X)[:, 1] > 0.5).astype(int)
"""
CANDIDATES = """
@bc.candidate
def first(cut: float = 0.0):
    return Curve(cut)


@bc.candidate
def second(cut: float = 0.0, column: str = "b"):
    return Curve(cut, column)
"""
ROLES = {
    "name": '"risk"',
    "dataset": 'bc.Dataset.from_file("data.csv", name="people", version="1", id="person")',
    "target": '"ill"',
    "task": "bc.tasks.Binary()",
    "split": "bc.splits.KFold(3, seed=1)",
    "evaluation": 'bc.Evaluation(primary="roc_auc", metrics=["accuracy"])',
    "features": '["a", "b"]',
}


@dataclass(frozen=True)
class Told:
    """What a command line answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return msgspec.json.decode(self.out)

    def refuses(self, *sentences: str) -> None:
        """Hold this to the rules of an error: exit code 2, three sentences on stderr, nothing on stdout."""
        assert (self.code, self.out) == (2, ""), self.err
        assert self.err.startswith("error: "), self.err
        for sentence in sentences:
            assert sentence in self.err, self.err
        assert "mistake in bancada" not in self.err
        assert all(line.startswith(("error: ", " " * 7)) for line in self.err.splitlines()), self.err
        assert len(self.err.splitlines()) >= 3, self.err


@dataclass
class Typed:
    """A project, and a terminal in it."""

    root: Path
    module: str
    capsys: pytest.CaptureFixture[str]

    @property
    def store(self) -> Path:
        """Folder of the records."""
        return self.root / ".bancada"

    def write(self, candidates: str = CANDIDATES, head: str = HEAD, after: str = "", **roles: str) -> None:
        """Write the module, the roles of its one problem replaced by these texts."""
        said = ", ".join(f"{role}={text}" for role, text in (ROLES | roles).items())
        problem = f"\nproblem = bc.Problem({said})\n"
        self.write_text(head + problem + textwrap.dedent(candidates) + textwrap.dedent(after))

    def write_text(self, text: str) -> None:
        """Write the whole text of the module."""
        (self.root / f"{self.module}.py").write_text(text, encoding="utf-8")
        (self.root / "bancada.toml").write_text(f'modules = ["{self.module}"]\n', encoding="utf-8")

    def write_data(self, text: str | None = None, n_rows: int = 30) -> None:
        """Write `data.csv`: this text, else drawn rows."""
        draw = random.Random(7)
        lines = ["person,a,b,ill,region"]
        for person in range(n_rows):
            a, b = draw.gauss(0, 1), draw.gauss(0, 1)
            lines.append(
                f"{person},{a:.6f},{b:.6f},{int(a + draw.gauss(0, 1) > 0)},{'north' if person % 3 else 'south'}"
            )
        (self.root / "data.csv").write_text("\n".join(lines) + "\n" if text is None else text, encoding="utf-8")

    def rows(self, **columns: list[Any]) -> None:
        """Write `data.csv` from columns."""
        lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
        self.write_data("\n".join(lines) + "\n")

    def types(self, *words: str) -> Told:
        """Run one command line in this process, as if the modules had never been imported."""
        self.forget()
        self.capsys.readouterr()
        code = run(program(), words, os.environ)
        out, err = self.capsys.readouterr()
        return Told(code, out, err)

    def runs(self, *words: str) -> Told:
        """Run `bancada run` without workers, which these tests are not about."""
        return self.types("run", "--in-process", *words)

    def forget(self) -> None:
        """Forget the project's modules."""
        for name in [name for name in sys.modules if name.partition(".")[0] == self.module]:
            del sys.modules[name]
        importlib.invalidate_caches()

    def stored(self) -> list[str]:
        """List what the store holds of runs, folds, schemas, and what was left behind half-written."""
        paths = (path.relative_to(self.store) for path in self.store.rglob("*") if path.is_file())
        shown = (str(path) for path in paths if path.parts[0] not in {"objects", "definitions"} or "tmp" in str(path))
        return sorted(path for path in shown if path not in {"store.json", ".gitignore"})

    def spawn(
        self, *words: str, environ: dict[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.Popen[str]:
        """Start a real `bancada` in a session of its own."""
        call = "import sys; sys.argv[0] = 'bancada'; from bancada.cli import main; main()"
        return subprocess.Popen(
            [sys.executable, "-c", call, *words],
            cwd=cwd or self.root,
            env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1", **(environ or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


_numbers = itertools.count()


@pytest.fixture
def typed(
    tmp_path: Path, looked_at: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Typed]:
    """Make a project with one problem, two candidates and thirty rows, and a terminal in it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "path", list(sys.path))
    shutil.copytree(looked_at, tmp_path / "cache", copy_function=os.link)
    monkeypatch.setenv("BANCADA_CACHE", str(tmp_path / "cache"))
    made = Typed(tmp_path / "project", f"cli_experiment_{next(_numbers)}", capsys)
    made.root.mkdir()
    monkeypatch.chdir(made.root)
    made.write()
    made.write_data()
    yield made
    made.forget()
