"""The runner as a program: a job of every released form is computed, and answered as it was."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest

from bancada.engine.runner import Result, read_job, read_result

SAMPLES = Path(__file__).with_name("samples")


def laid(tmp_path: Path, **changed: Any) -> Path:
    """Copy the sample of a job, some of its fields changed, and return its file."""
    folder = tmp_path / "job"
    shutil.copytree(SAMPLES / "job-1", folder)
    path = folder / "job.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))
    return path


def ran(job: Path) -> tuple[int, list[dict[str, Any]], Result]:
    """Run the program and return its exit code, what it told, and its result."""
    command = [sys.executable, "-P", "-m", "bancada.engine.runner", str(job)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=job.parent / "project")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, told, read_result((job.parent / "out" / "result.json").read_bytes())


def predictions(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as source:
        return pa.ipc.open_stream(source).read_all()


def test_a_sample_of_a_job_is_answered_as_it_was(tmp_path: Path) -> None:
    job = laid(tmp_path)
    code, told, result = ran(job)
    assert code == 0
    known = read_result((SAMPLES / "job-1" / "answered" / "result.json").read_bytes())
    assert [(fold.repeat, fold.fold, fold.digest, fold.n_test) for fold in result.folds] == [
        (fold.repeat, fold.fold, fold.digest, fold.n_test) for fold in known.folds
    ]
    # The sample is older than the digests of slices.
    assert all((score.slice is None) == (score.slice_id is None) for score in result.scores)
    scores = tuple(msgspec.structs.replace(score, slice_id=None) for score in result.scores)
    assert (scores, result.problem_id, result.error) == (known.scores, known.problem_id, None)
    assert result.tolerances["probability"] == 1e-6
    for fold in result.folds:
        found = predictions(job.parent / "out" / fold.predictions)
        assert found.equals(predictions(SAMPLES / "job-1" / "answered" / fold.predictions))
    assert result.surroundings["threads"] == 1
    events = [event["event"] for event in told if event["event"] != "tick"]
    assert events == ["importing", "data", "begun", "fold", "fold", "fold", "scoring"]


def test_a_fold_that_fails_is_in_the_result_and_the_others_are_computed(tmp_path: Path) -> None:
    job = laid(tmp_path, params={"cut": "no number"})
    code, _, result = ran(job)
    assert code == 0
    assert len(result.folds) == 3
    assert all(fold.error is not None and not fold.predictions for fold in result.folds)
    assert result.scores == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"candidate": {"module": "nowhere", "qualname": "curve"}}, "No module named 'nowhere'"),
        ({"candidate": {"module": "curve", "qualname": "curl"}}, "`curve:curl` does not."),
        ({"table": "parts/sealed.bits"}, "Arrow IPC file"),
        ({"tables": {"0": "parts/gone.arrow"}}, "`parts/gone.arrow` cannot be read"),
    ],
)
def test_what_cannot_be_begun_says_why_in_the_result(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    code, _, result = ran(laid(tmp_path, **changed))
    assert code == 1
    assert result.error is not None
    assert said in result.error.message
    assert result.folds == ()


def test_what_the_project_prints_is_not_taken_for_what_the_runner_tells(tmp_path: Path) -> None:
    job = laid(tmp_path)
    module = job.parent / "project" / "curve.py"
    said = 'import os\nprint("{\\"event\\": \\"fold\\"}", flush=True)\nos.write(1, b"x\\n")\n'
    module.write_text(module.read_text() + said)
    code, told, _ = ran(job)
    assert code == 0
    assert sum(event["event"] == "fold" for event in told) == 3


def test_no_job_is_wrong_use() -> None:
    command = [sys.executable, "-m", "bancada.engine.runner"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: python -m bancada.engine.runner JOB" in done.stderr


def test_the_sample_is_a_job() -> None:
    job = read_job((SAMPLES / "job-1" / "job.json").read_bytes())
    assert (job.schema, job.template.schema, len(job.folds)) == ("job/1", "store.job/1", 3)
