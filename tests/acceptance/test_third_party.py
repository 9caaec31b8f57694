"""A package from outside adds a metric: built, installed and used by its name, with nothing else said."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "bancada-example-plugin"

DEFINITIONS = """
import numpy as np
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import PoissonRegressor

import bancada as bc


def visits():
    draw = np.random.default_rng(1)
    hour = draw.uniform(0, 2, 200)
    return {"shop": np.arange(200), "hour": hour, "count": draw.poisson(np.exp(hour))}


shops = bc.Problem(
    name="shops",
    dataset=bc.Dataset.from_function(visits, name="visits", version="1", id="shop"),
    target="count",
    task=bc.tasks.Regression(),
    split=3,
    evaluation=bc.Evaluation(primary="poisson_deviance", metrics=["mae"]),
)


@bc.candidate
def poisson(alpha: float = 0.0):
    return PoissonRegressor(alpha=alpha)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the example as its users would, but for the network."""
    folder = tmp_path_factory.mktemp("installed")
    source = folder / "source"
    shutil.copytree(EXAMPLE, source, ignore=shutil.ignore_patterns("__pycache__"))
    target = folder / "site-packages"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index"]
    command = [*pip, "--no-deps", "--no-build-isolation", "--no-compile", "--target", str(target), str(source)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert answer.returncode == 0, answer.stderr
    return target


def run(command: list[str], folder: Path, path: Path | None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"} | ({} if path is None else {"PYTHONPATH": str(path)})
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment,
        timeout=300,
        check=False,
    )


def test_a_leaderboard_is_ranked_by_a_metric_of_another_package(site: Path, tmp_path: Path) -> None:
    (tmp_path / "bancada.toml").write_text('modules = ["shops"]\n')
    (tmp_path / "shops.py").write_text(DEFINITIONS)
    ran = run(["bancada", "run", "--json"], tmp_path, site)
    assert ran.returncode == 0, ran.stderr
    board = run(["bancada", "leaderboard", "--json"], tmp_path, site)
    document = json.loads(board.stdout)
    assert (document["metric"], document["direction"]) == ("poisson_deviance", "lower")
    assert [row["candidate"] for row in document["rows"]] == ["poisson", "baseline"]
    assert 0 < document["rows"][0]["value"] < document["rows"][1]["value"]

    without = run(["bancada", "run", "--plan"], tmp_path, None)
    assert without.returncode == 2
    assert "There is no metric `poisson_deviance`" in without.stderr


def test_its_own_tests_hold_it_to_the_contract(site: Path, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE / "tests", tmp_path / "tests")
    told = run(["pytest", "-q", "-p", "no:cacheprovider"], tmp_path, site)
    assert told.returncode == 0, told.stdout
    assert "passed" in told.stdout
