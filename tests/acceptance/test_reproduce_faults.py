"""Reproducing under faults: whatever happens meanwhile, the run is untouched and nothing is left behind."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import Typed

# It waits where the first process says so: the fold of the run itself must not.
SLOW = """
import os
import time

@bc.candidate
def slow():
    class Slow(Curve):
        def fit(self, X, y):
            time.sleep(600 if "bancada-reproduce-" in os.getcwd() else 0)
            return super().fit(X, y)
    return Slow()
"""

HERE = "--with-current-environment"
linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the folder for temporary folders one of the test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def runs(typed: Typed) -> dict[str, bytes]:
    """Return every file of every run and fold."""
    paths = (path for shelf in ("runs", "folds", "objects") for path in (typed.store / shelf).rglob("*"))
    return {str(path): path.read_bytes() for path in paths if path.is_file()}


def inside(place: Path) -> set[int]:
    """Return the processes whose working folder or environment is in a folder."""
    found = set()
    for entry in os.listdir("/proc"):  # noqa: PTH208 - names are what is needed
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/environ", "rb") as stream:  # noqa: PTH123 - a path of the kernel
                    environ = stream.read()
                where = os.readlink(f"/proc/{entry}/cwd")  # noqa: PTH115 - as above
            except OSError:
                continue
            if where.startswith(str(place)) or f"HOME={place}".encode() in environ:
                found.add(int(entry))
    return found


def begun(typed: Typed, place: Path) -> subprocess.Popen[str]:
    """Start a reproduction and return once its folds are being computed."""
    typed.write(candidates=SLOW)
    assert typed.runs("slow").code == 0
    driver = typed.spawn("reproduce", "slow", HERE, environ={"TMPDIR": str(place)})
    assert driver.stderr is not None
    for line in driver.stderr:
        if "computing the folds" in line:
            return driver
    raise AssertionError(driver.communicate())


def ended(place: Path) -> bool:
    deadline = time.monotonic() + 20
    while inside(place) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not inside(place)


@linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_asks_it_to_end_leaves_nothing_behind(typed: Typed, place: Path, number: int) -> None:
    with begun(typed, place) as driver:
        before = runs(typed)
        driver.send_signal(number)
        _, told = driver.communicate(timeout=60)
        assert driver.returncode == 130
        assert "Interrupted: the run is untouched.\n" in told
    assert ended(place)
    assert list(place.glob("bancada-reproduce-*")) == []
    assert runs(typed) == before


@linux
def test_who_kills_it_leaves_no_process_and_a_folder_that_the_next_removes(typed: Typed, place: Path) -> None:
    with begun(typed, place) as driver:
        before = runs(typed)
        driver.kill()
        driver.communicate(timeout=60)
    assert ended(place)
    assert runs(typed) == before
    assert len(list(place.glob("bancada-reproduce-*"))) == 1
    told = typed.types("reproduce", "baseline", HERE, "--json")
    assert told.document["verdict"] == "identical"
    assert list(place.glob("bancada-reproduce-*")) == []


@pytest.mark.parametrize("size", [2_000, 8_000])
def test_a_full_disk_is_told_and_the_run_is_untouched(typed: Typed, place: Path, size: int) -> None:
    """No file may grow beyond a size: the first hits the job's own files, the second those of its folds."""
    typed.write_data(n_rows=900)
    assert typed.runs("first").code == 0
    before = runs(typed)
    limited = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    call = f"import resource, sys; {limited}; sys.argv[0] = 'bancada'; from bancada.cli import main; main()"
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != size
    done = subprocess.run(
        [sys.executable, "-c", call, "reproduce", "first", HERE],
        cwd=typed.root,
        # Python itself would leave bytecode behind that was cut off.
        env={**os.environ, "TMPDIR": str(place), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2, done.stderr + done.stdout
    assert "mistake in bancada" not in done.stderr
    assert "File too large" in done.stderr
    assert list(place.iterdir()) == []
    assert runs(typed) == before


FULL = """
import errno
import os

@bc.candidate
def writer():
    class Writer(Curve):
        def fit(self, X, y):
            if "bancada-reproduce-" in os.getcwd():
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "model.bin")
            return super().fit(X, y)
    return Writer()
"""


def test_a_fold_for_which_there_was_no_room_is_no_verdict(typed: Typed, place: Path) -> None:
    typed.write(candidates=FULL)
    assert typed.runs("writer").code == 0
    before = runs(typed)
    told = typed.types("reproduce", "writer", HERE)
    assert (told.code, told.out) == (2, "")
    assert "error: What is computed once more must be written somewhere; the run itself is untouched.\n" in told.err
    assert "No space left on device" in told.err
    assert runs(typed) == before
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("step", ["venv", "pip"])
def test_no_room_for_the_environment_is_no_verdict(
    typed: Typed, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    real = shutil.which("uv")
    if real is None:
        pytest.skip("uv is not on the PATH")
    assert typed.runs("first").code == 0
    before = runs(typed)
    program = tmp_path / "programs" / "uv"
    program.parent.mkdir()
    full = "echo 'error: Failed to copy: No space left on device (os error 28)' >&2; exit 2"
    program.write_text(f'#!/bin/sh\ncase "$1" in {step}) {full};; esac\nexec {real} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    told = typed.types("reproduce", "first")
    assert (told.code, told.out) == (2, "")
    assert "No space left on device" in told.err
    assert "nothing is said of the run" in told.err
    assert runs(typed) == before
    assert list(place.iterdir()) == []
