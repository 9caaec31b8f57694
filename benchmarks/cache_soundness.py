"""Whether the cache answers when it may, and only then: a project is edited, each time by a real `bancada run`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Report, Row

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness import Ground

MODULE = '''"""Iris, setosa or not."""

import pandas as pd
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

import bancada as bc
import tinylibrary
from features import scaled


def flowers():
    frame = load_iris(as_frame=True).frame
    return frame.assign(setosa=frame.target == 0, virginica=frame.target == 2).drop(columns="target")


iris = bc.Problem(
    name="iris",
    dataset=bc.Dataset.from_function(flowers, name="iris", version="1", id=bc.ROW),
    target="setosa",
    exclude=["virginica"],
    task=bc.tasks.Binary(positive=True),
    split=bc.splits.KFold(3, stratify=True),
    evaluation=bc.Evaluation(primary="roc_auc", metrics=[]),
)


@bc.candidate
def model(C: float = 1.0):
    return make_pipeline(FunctionTransformer(scaled), LogisticRegression(C=C * tinylibrary.FACTOR))
'''
FEATURES = '''"""Features."""


def scaled(X):
    return X / 2


def unused(X):
    return X
'''
OTHER = '''

@bc.candidate
def other():
    return LogisticRegression(C=2.0)
'''


@dataclass(frozen=True)
class Step:
    """One edit: a file with what is replaced in it, and whether the cache must answer then."""

    what: str
    file: str
    old: str
    new: str
    cached: bool


STEPS = (
    Step("nothing edited", "experiment.py", "", "", cached=True),
    Step("a comment", "experiment.py", "def model", "# A note.\ndef model", cached=True),
    Step("a comment in the helper", "features.py", "    return X / 2", "    # Half.\n    return X / 2", cached=True),
    Step("a docstring, and another layout", "features.py", "def scaled(X):", 'def scaled(\n    X\n):\n    """Halve."""', True),
    Step("a helper that is not used", "features.py", "return X\n", "return -X\n", cached=True),
    Step("a new candidate", "experiment.py", "MODEL-END", OTHER, cached=True),
    Step("a new metric", "experiment.py", "metrics=[]", 'metrics=["log_loss"]', cached=True),
    Step("the helper", "features.py", "X / 2", "X / 3", cached=False),
    Step("the helper, back again", "features.py", "X / 3", "X / 2", cached=True),
    Step("a parameter's default", "experiment.py", "C: float = 1.0", "C: float = 1.5", cached=False),
    Step("a package's version", "tinylibrary", "1.0", "1.1", cached=False),
    Step("another feature set", "experiment.py", 'exclude=["virginica"]', 'exclude=["virginica", "petal width (cm)"]', False),
    Step("another target", "experiment.py", 'target="setosa",\n    exclude=["virginica"', 'target="virginica",\n    exclude=["setosa"', False),
    Step("another seed of the split", "experiment.py", "stratify=True)", "stratify=True, seed=1)", cached=False),
)


def measure(ground: Ground) -> Report:
    """Edit step by step; in quick mode only the steps that need no second fit, and one that does."""
    project, site = ground.folder("project"), ground.folder("site")
    (project / "bancada.toml").write_text('modules = ["experiment"]\n', encoding="utf-8")
    (project / "experiment.py").write_text(MODULE, encoding="utf-8")
    (project / "features.py").write_text(FEATURES, encoding="utf-8")
    _install(site, "1.0")
    first = _cached(ground, project, site)
    wrong = [] if first == {False} else ["the first run was answered from the cache"]
    steps = [step for step in STEPS if not ground.quick or step.what in {"a comment", "the helper"}]
    for step in steps:
        _edit(project, site, step)
        found = _cached(ground, project, site)
        if found != {step.cached}:
            wrong.append(f"{step.what}: {'computed anew' if found == {False} else 'cached'}")
    row = Row(
        f"cache soundness, {len(steps)} edits, each followed by `bancada run model`",
        "all as they must be",
        f"{len(steps) - len(wrong)} of {len(steps)}" + (f"; wrong: {'; '.join(wrong)}" if wrong else ""),
        passed=not wrong,
    )
    kept = ", ".join(step.what for step in steps if step.cached)
    new = ", ".join(step.what for step in steps if not step.cached)
    return Report((row,), notes=(f"Edits after which the cache must answer: {kept}; must not: {new}.",))


def _install(site: Path, version: str) -> None:
    """Write a distribution as an installer does."""
    for folder in site.glob("*.dist-info"):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    code = '"""A constant."""\n\nFACTOR = 1.0\n'
    (site / "tinylibrary.py").write_text(code, encoding="utf-8")
    info = site / f"tinylibrary-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tinylibrary\nVersion: {version}\n", encoding="utf-8")
    digest = hashlib.sha256(code.encode()).hexdigest()
    record = f"tinylibrary.py,sha256={digest},{len(code)}\n{info.name}/METADATA,,\n{info.name}/RECORD,,\n"
    (info / "RECORD").write_text(record, encoding="utf-8")


def _edit(project: Path, site: Path, step: Step) -> None:
    if step.file == "tinylibrary":
        _install(site, step.new)
        return
    path = project / step.file
    text = path.read_text(encoding="utf-8")
    if step.old == "MODEL-END":
        text += step.new
    elif step.old:
        if step.old not in text:
            message = f"{step.what}: `{step.file}` holds no {step.old!r}"
            raise RuntimeError(message)
        text = text.replace(step.old, step.new)
    path.write_text(text, encoding="utf-8")


def _cached(ground: Ground, project: Path, site: Path) -> set[bool]:
    """Run the candidate and return, for all of its folds, whether they came from the cache."""
    path = ":".join(filter(None, [str(site), ground.env.get("PYTHONPATH", "")]))
    answer = ground.document("-m", "bancada", "run", "model", "--json", cwd=project, PYTHONPATH=path)
    run: dict[str, Any] = answer["runs"][0]
    if run["status"] not in {"done", "known"}:
        raise RuntimeError(run)
    return {fold["cached"] for fold in run["folds"]}
