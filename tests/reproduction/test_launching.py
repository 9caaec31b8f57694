"""The runner's process: no credentials reach it, what it tells is passed on, and it ends when it must."""

from __future__ import annotations

import json
import os
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from bancada.exceptions import UsageError
from bancada.reproduction._launching import Runner, RunnerFailed

SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "x",
    "GITHUB_TOKEN": "x",
    "HTTPS_PROXY": "http://user:password@proxy",
    "BANCADA_STORE": "/elsewhere",
    "SSH_AUTH_SOCK": "/run/agent",
}


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.folds: list[tuple[int, int, str]] = []

    def step(self, text: str) -> None:
        self.steps.append(text)

    def fold(self, done: int, total: int, status: str) -> None:
        self.folds.append((done, total, status))


@pytest.fixture
def job(tmp_path: Path) -> Path:
    folder = tmp_path / "fresh"
    (folder / "project").mkdir(parents=True)
    (folder / "out").mkdir()
    return folder / "job.json"


def program(tmp_path: Path, text: str) -> Path:
    """Write a program that stands for an interpreter: it is called with `-P -m bancada.engine.runner JOB`."""
    path = tmp_path / "bin" / "python"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def runner(
    python: Path, environ: dict[str, str] | None = None, *, current: bool = False, timeout_s: float = 30.0
) -> Runner:
    return Runner(python, {"PATH": os.environ["PATH"], **(environ or {})}, current=current, timeout_s=timeout_s)


def test_the_environment_has_a_home_of_its_own_the_threads_and_no_credentials(tmp_path: Path, job: Path) -> None:
    python = program(tmp_path, 'env > "$HOME/environment"; exit 3')
    with pytest.raises(RunnerFailed, match="ended with exit code 3"):
        runner(python, {"PYTHONPATH": "/mine", **SECRETS}).run(job, 2, Heard())
    found = dict(line.partition("=")[::2] for line in (job.parent / "home" / "environment").read_text().splitlines())
    assert not SECRETS.keys() & found.keys()
    assert found["HOME"] == str(job.parent / "home")
    assert found["TMPDIR"] == str(job.parent / "tmp")
    assert (found["OMP_NUM_THREADS"], "PYTHONPATH" in found) == ("2", False)
    assert found["PATH"].split(os.pathsep)[0] == str(python.parent)
    assert found["PWD"] == str(job.parent / "project")


def test_this_interpreter_finds_what_it_finds(tmp_path: Path, job: Path) -> None:
    python = program(tmp_path, 'env > "$HOME/environment"; exit 3')
    with pytest.raises(RunnerFailed, match="ended with exit code 3"):
        runner(python, {"PYTHONPATH": "/mine", **SECRETS}, current=True).run(job, None, Heard())
    assert "PYTHONPATH=/mine\n" in (job.parent / "home" / "environment").read_text()


def test_what_a_runner_tells_is_passed_on_and_other_lines_are_not(tmp_path: Path, job: Path) -> None:
    events: list[dict[str, Any]] = [
        {"event": "importing"},
        {"event": "begun", "folds": 2},
        {"event": "fold", "repeat": 0, "fold": 0, "status": "done"},
        {"event": "unheard"},
        {"event": "fold", "repeat": 0, "fold": 1, "status": "failed: ValueError"},
    ]
    lines = "\n".join([*(json.dumps(event) for event in events), "no json", "[1]"])
    result = json.dumps({"schema": "result/1", "run_id": "r"})
    python = program(tmp_path, f"cat <<'EOF'\n{lines}\nEOF\necho '{result}' > {job.parent}/out/result.json")
    heard = Heard()
    assert runner(python).run(job, None, heard).run_id == "r"
    assert heard.steps == ["importing the project", "computing the folds"]
    assert heard.folds == [(1, 2, "done"), (2, 2, "failed: ValueError")]


def test_one_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path, job: Path) -> None:
    python = program(tmp_path, 'sleep 600 & echo $! > "$HOME/child"; wait')
    with pytest.raises(RunnerFailed, match="It was ended after 3 s"):
        runner(python, timeout_s=3.0).run(job, None, Heard())
    assert _ended(int((job.parent / "home" / "child").read_text()))


def test_what_it_leaves_behind_ends_with_it(tmp_path: Path, job: Path) -> None:
    python = program(tmp_path, 'sleep 600 > /dev/null 2>&1 & echo $! > "$HOME/child"; exit 1')
    with pytest.raises(RunnerFailed, match="exit code 1"):
        runner(python).run(job, None, Heard())
    assert _ended(int((job.parent / "home" / "child").read_text()))


def _ended(pid: int) -> bool:
    """Tell whether a process ends within ten seconds; one that only waits to be collected has ended."""
    status = Path(f"/proc/{pid}/stat")
    limit = time.monotonic() + 10.0
    while time.monotonic() < limit:
        try:
            if status.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def test_what_it_said_last_stands_in_the_error(tmp_path: Path, job: Path) -> None:
    python = program(tmp_path, "echo before >&2; echo 'No module named bancada.engine.runner' >&2; exit 1")
    with pytest.raises(RunnerFailed, match="exit code 1; the last that it said is: No module named bancada"):
        runner(python).run(job, None, Heard())


def test_a_signal_is_told(tmp_path: Path, job: Path) -> None:
    with pytest.raises(RunnerFailed, match="ended with signal 9"):
        runner(program(tmp_path, "kill -9 $$")).run(job, None, Heard())


def test_an_interpreter_that_cannot_be_started_is_told(tmp_path: Path, job: Path) -> None:
    with pytest.raises(UsageError, match="cannot be started: No such file"):
        runner(tmp_path / "nowhere" / "python").run(job, None, Heard())


def test_a_result_that_is_a_link_is_not_read(tmp_path: Path, job: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(json.dumps({"schema": "result/1", "run_id": "r"}))
    python = program(tmp_path, f"ln -s {secret} {job.parent}/out/result.json")
    with pytest.raises(RunnerFailed, match="ended with exit code 0"):
        runner(python).run(job, None, Heard())
