"""A project with a team, and how its problem is judged, with made-up content."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from bancada.definitions import Project, find_project
from bancada.identity import digest
from bancada.judgement.approvals import Told, told_problem

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-11-23T12:00:00+00:00"
ANA, RUI, EVA = "ana@example.org", "rui@example.org", "eva@example.org"
TEAM = f'[team]\nroles = {{ product = ["{ANA}"], data = ["{RUI}", "{EVA}"] }}\n'
INGREDIENTS: dict[str, Any] = {
    "dataset": "people",
    "margin": 0.01,
    "metrics": [{"name": "roc_auc", "digest": "a"}, {"name": "cost", "digest": "b"}],
    "primary": "roc_auc",
    "slices": [{"column": "region"}, {"name": "old", "expression": "age > 60"}],
    "split": {"design": "kfold", "k": 5, "kind": "random", "holdout": 0.2},
}


def project_in(root: Path, settings: str = "", home: Path | None = None) -> Project:
    """Find a project with a team; its settings may be said otherwise."""
    (root / "bancada.toml").write_text(f'modules = ["judged"]\n{settings}\n{TEAM}', encoding="utf-8")
    return find_project(root, {}, home=home or root)


def git_says(root: Path, name: str, address: str) -> None:
    """Make the folder a repository in which git knows somebody."""
    for words in (["init", "-q"], ["config", "user.name", name], ["config", "user.email", address]):
        subprocess.run(["git", *words], cwd=root, check=True, timeout=30, stdin=subprocess.DEVNULL)


def told(ingredients: dict[str, Any] | None = None, **judged: Any) -> Told:
    """Tell how a problem is judged, as its snapshot would."""
    content = INGREDIENTS | (ingredients or {})
    metrics = [
        {"name": item["name"], "greater_is_better": True, "built_in": True, "ingredients": {}}
        for item in content["metrics"]
    ]
    alternatives = [{"name": "accuracy", "why": "most stay"}]
    problem = {
        "name": "risk",
        "dataset": {"name": "people", "version": "1"},
        "roles": {"id": "person", "target": ["ill"]},
        "task": {"name": "binary"},
        "evaluation": digest(content),
        "judged": {"ingredients": content, "metrics": metrics, "alternatives": alternatives, **judged},
    }
    return told_problem({"problems": [problem]}, None)
