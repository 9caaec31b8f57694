"""What a session defines is scored from its text: once, in this session or in another."""

from __future__ import annotations

import itertools
import linecache
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import bancada as bc
from bancada.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).resolve().parents[2] / "src"
X = np.random.default_rng(5).normal(size=(60, 2))
y = (X[:, 0] > 0).astype(int)
_numbers = itertools.count()

CUT = """
import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
STEEP = 2.0
def bent(x):
    return 1 / (1 + np.exp(-STEEP * x))
class Cut(ClassifierMixin, BaseEstimator):
    def __init__(self, column=0):
        self.column = column
    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self
    def predict_proba(self, X):
        high = bent(X[:, self.column])
        return np.column_stack([1 - high, high])
    def predict(self, X):
        return (self.predict_proba(X)[:, 1] > 0.5).astype(int)
"""
MADE = """
import bancada as bc
@bc.candidate(frame="numpy")
def made(column: int = 0):
    return Cut(column)
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    before = set(linecache.cache)
    yield
    for name in set(linecache.cache) - before:
        del linecache.cache[name]


def session(*cells: str) -> dict[str, Any]:
    """Run cells as a notebook does, and return what they define."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells:
        name = f"<ipython-input-{next(_numbers)}>"
        linecache.cache[name] = (len(cell), None, cell.splitlines(keepends=True), name)
        exec(compile(cell, name, "exec", dont_inherit=True), names)  # noqa: S102 - what a notebook does
    return names


def scored(model: Any) -> Any:
    label = f"model-{next(_numbers)}"
    return bc.evaluate({label: model}, X, y, split=3, workers=1, snapshot=True)[label]


@pytest.mark.parametrize("name", ["made", "value"])
def test_a_cell_that_was_not_changed_is_known_in_the_next_session(name: str) -> None:
    cells = CUT, MADE, "value = Cut(0)"
    first, again = scored(session(*cells)[name]), scored(session(*cells)[name])
    assert first.run.evidence.grade == "complete"
    assert again.run.run_id == first.run.run_id
    moved = scored(session("# another cell", CUT.replace("STEEP = 2.0", "# why\nSTEEP = 1 + 1.0"), *cells[1:])[name])
    assert moved.run.run_id == first.run.run_id


@pytest.mark.parametrize("name", ["made", "value"])
def test_an_edit_in_another_cell_is_another_claim(name: str) -> None:
    cells = CUT, MADE, "value = Cut(0)"
    first = scored(session(*cells)[name])
    other = scored(session(CUT.replace("STEEP * x", "STEEP * x ** 3"), *cells[1:])[name])
    assert other.run.claim_id != first.run.claim_id


def test_the_model_can_be_fitted_and_used_where_its_text_was_never_imported() -> None:
    line = scored(session(CUT, "value = Cut(1)")["value"])
    model = line.fit()
    assert model.column == 1
    assert model.predict(X).shape == (60,)


def test_a_value_is_rebuilt_from_the_text_and_never_from_the_session() -> None:
    names = session(CUT, "value = Cut(0)")
    first = scored(names["value"])
    # Its method is exchanged behind the back of the text: nothing may be stored under the text's identity.
    names["Cut"].predict_proba = lambda self, X: np.full((len(X), 2), 0.5)
    other = scored(names["value"])
    assert first.run.evidence.grade == "complete"
    assert other.run.evidence.grade == "incomplete"
    assert "`Cut.predict_proba` is not what its text says" in other.run.evidence.missing[0]
    assert other.run.run_id != first.run.run_id


def test_what_cannot_be_extracted_travels_by_value_and_is_named() -> None:
    names = session(
        CUT, "class Opaque: pass\nweights = Opaque()", MADE.replace("Cut(column)", "Cut(column if weights else 0)")
    )
    first, again = scored(names["made"]), scored(names["made"])
    assert first.run.status == "done"
    assert first.run.evidence.missing == (
        "the code of `made`, which exists in this session: global `weights` is a `Opaque`",
    )
    assert again.run.run_id != first.run.run_id


def test_the_text_is_kept_unless_it_holds_a_secret(tmp_path: Path) -> None:
    names = session(CUT, "TOKEN = 'nothing'", MADE.replace("return", "TOKEN\n    return"))
    line = scored(names["made"])
    store = Store.open(tmp_path / ".bancada", create=False)
    kept = line.run.provenance["extracted"]
    assert b"def bent" in store.objects.get(kept["object"])
    assert kept["name"] == "made"
    token = "ghp_" + "a1B2" * 9
    hidden = scored(session(CUT, f"TOKEN = '{token}'", MADE.replace("return", "TOKEN\n    return"))["made"])
    assert hidden.run.provenance["extracted"]["object"] is None
    assert "was withheld: it holds" in hidden.run.evidence.missing[0]
    assert not any(token.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_failure_shows_the_lines_of_the_cell() -> None:
    board = bc.evaluate(
        {"model": session(CUT, MADE.replace("return Cut(column)", "return Cut(column) / missing_name"))["made"]},
        X,
        y,
        split=3,
        workers=1,
    )
    error = next(use.error for use in board["model"].run.folds if use.error)
    assert error.type == "NameError"
    assert "return Cut(column) / missing_name" in error.traceback


SCRIPT = """
import sys
from pathlib import Path
import numpy as np
{cut}
{made}
X = np.random.default_rng(5).normal(size=(60, 2))
y = (X[:, 0] > 0).astype(int)
if __name__ == "__main__":
    board = bc.evaluate({{"made": made, "value": Cut(1)}}, X, y, split=3, workers=2, snapshot=True)
    print(*[f"{{line.run.run_id}}={{line.run.evidence.grade}}" for line in board])
"""


def run_script(path: Path) -> list[str]:
    answer = subprocess.run(
        [sys.executable, str(path)],
        cwd=path.parent,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()[-1].split()


def test_a_script_is_known_when_it_is_run_again(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT.format(cut=CUT, made=MADE))
    first = run_script(path)
    assert {told.partition("=")[2] for told in first} == {"complete"}
    path.write_text("# Another comment.\n" + path.read_text().replace("STEEP = 2.0", "STEEP = (2.0)"))
    assert run_script(path) == first


def test_a_notebook_is_known_after_its_kernel_was_started_again(tmp_path: Path) -> None:
    pytest.importorskip("IPython")
    cells = [CUT, MADE, "X = np.random.default_rng(5).normal(size=(60, 2))\ny = (X[:, 0] > 0).astype(int)"]
    cells.append('board = bc.evaluate({"made": made, "value": Cut(1)}, X, y, split=3, workers=2, snapshot=True)')
    cells.append('print(*[f"{line.run.run_id}={line.run.evidence.grade}" for line in board])')
    runs = []
    cells[2] = f"import numpy as np\n{cells[2]}"
    for order in ([0, 1, 2, 3, 4], [2, 0, 1, 0, 1, 3, 4]):
        text = f"""
            from IPython.core.interactiveshell import InteractiveShell
            shell = InteractiveShell.instance()
            for cell in {[cells[number] for number in order]!r}:
                result = shell.run_cell(cell, store_history=True)
                result.raise_error()
            """
        path = tmp_path / "kernel.py"
        path.write_text(textwrap.dedent(text))
        runs.append(run_script(path))
    assert {told.partition("=")[2] for told in runs[0]} == {"complete"}
    assert runs[1] == runs[0]
