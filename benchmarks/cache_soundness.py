"""Whether the cache answers when it may, and only then: a project is edited, each time by a real `bancada run`."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.harness import SCRIPTS, Report, Row

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness import Ground

LIBRARY = "tinylibrary"
END = "the end of the file"
PROJECT = SCRIPTS / "edited"
OTHER = """

@bc.candidate
def other() -> LogisticRegression:
    return LogisticRegression(C=2.0)
"""


@dataclass(frozen=True)
class Step:
    """One edit: what is replaced in a file, and whether the cache must answer then."""

    what: str
    file: str
    old: str
    new: str
    cached: bool


STEPS = (
    Step("nothing edited", "experiment.py", "", "", cached=True),
    Step("a comment", "experiment.py", "def model", "# A note.\ndef model", cached=True),
    Step("a comment in the helper", "features.py", "    return X / 2", "    # Half.\n    return X / 2", cached=True),
    Step("a docstring", "features.py", "Halve the", "Take half of the", cached=True),
    Step("the layout", "features.py", "return X / 2", "return (\n        X\n        / 2\n    )", cached=True),
    Step("a helper that is not used", "features.py", "return X\n", "return -X\n", cached=True),
    Step("a new candidate", "experiment.py", END, OTHER, cached=True),
    Step("a new metric", "experiment.py", "metrics=[]", 'metrics=["log_loss"]', cached=True),
    Step("the helper", "features.py", "/ 2", "/ 3", cached=False),
    Step("the helper, back again", "features.py", "/ 3", "/ 2", cached=True),
    Step("a parameter's default", "experiment.py", "strength: float = 1.0", "strength: float = 1.5", cached=False),
    Step("a package's version", LIBRARY, "1.0", "1.1", cached=False),
    Step("another feature set", "experiment.py", "exclude=[", 'exclude=["petal width (cm)", ', cached=False),
    Step("another target", "experiment.py", 'target="early"', 'target="late"', cached=False),
    Step("another seed of the split", "experiment.py", "stratify=True", "stratify=True, seed=1", cached=False),
)


def measure(ground: Ground) -> Report:
    """Edit step by step; in quick mode only the steps that need no second fit, and one that does."""
    project, site = ground.folder("project"), ground.folder("site")
    (project / "bancada.toml").write_text('modules = ["experiment"]\n', encoding="utf-8")
    for file in PROJECT.glob("*.py"):
        shutil.copyfile(file, project / file.name)
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
    if step.file == LIBRARY:
        _install(site, step.new)
        return
    path = project / step.file
    text = path.read_text(encoding="utf-8")
    if step.old == END:
        text += step.new
    elif step.old:
        if step.old not in text:
            message = f"{step.what}: `{step.file}` holds no {step.old!r}"
            raise RuntimeError(message)
        text = text.replace(step.old, step.new)
    path.write_text(text, encoding="utf-8")


def _cached(ground: Ground, project: Path, site: Path) -> set[bool]:
    """Run the candidate and return, for all of its folds, whether they came from the cache."""
    path = os.pathsep.join(filter(None, [str(site), ground.env.get("PYTHONPATH", "")]))
    answer = ground.document("-m", "bancada", "run", "model", "--json", cwd=project, PYTHONPATH=path)
    run: dict[str, Any] = answer["runs"][0]
    if run["status"] not in {"done", "known"}:
        raise RuntimeError(run)
    return {fold["cached"] for fold in run["folds"]}
