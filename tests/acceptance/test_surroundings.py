"""Hostile surroundings: a full disk, a store that cannot be written, a cache that cannot, a clock that jumps."""

from __future__ import annotations

import ctypes
import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.acceptance.conftest import Typed

READING = [("leaderboard",), ("compare", "first", "second"), ("show", "first"), ("list",), ("store", "verify")]
WRITING = [("run", "--again"), ("fit", "first")]
CALL = "import sys; sys.argv[0] = 'bancada'; from bancada.cli import main; main()"
PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


def _powerless() -> None:
    """Take away what lets root write where nobody may; to be called between fork and exec."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
                os._exit(99)


def _plainly(typed: Typed, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command line as somebody whom permissions bind."""
    command = [sys.executable, "-c", CALL, *words]
    done = subprocess.run(
        command,
        cwd=typed.root,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        preexec_fn=_powerless,
        timeout=120,
        check=False,
    )
    if done.returncode == 99:
        pytest.skip("root's power over permissions cannot be given up here")
    return done


def _judged(text: str) -> str:
    """Leave out which rows were fixed and broken: for these the data are decoded, into a cache that can be written."""
    about = ("first fixes ", "Rows fixed and broken are not known")
    return "\n".join(line for line in text.splitlines() if not line.startswith(about))


@pytest.fixture
def closed() -> Iterator[Callable[[Path], None]]:
    """Give what takes the right to write away from a folder and all that is in it, for the length of a test."""
    shut: list[Path] = []

    def close(folder: Path) -> None:
        for path in [folder, *folder.rglob("*")]:
            if path.is_dir():
                path.chmod(0o555)
                shut.append(path)

    yield close
    for path in shut:
        path.chmod(0o755)


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no-cache"])
def test_a_store_that_cannot_be_written_is_read_like_any_other(
    typed: Typed,
    closed: Callable[[Path], None],
    cache: bool,  # a case of the test
) -> None:
    assert typed.runs().code == 0
    expected = [_judged(typed.types(*words).out) for words in READING]
    closed(typed.store)
    if not cache:
        shutil.rmtree(os.environ["BANCADA_CACHE"])
        Path(os.environ["BANCADA_CACHE"]).mkdir()
        closed(Path(os.environ["BANCADA_CACHE"]))
    before = sorted(typed.store.rglob("*"))
    for words, answer in zip(READING, expected, strict=True):
        told = _plainly(typed, *words)
        assert (told.returncode, _judged(told.stdout)) == (0, answer), told.stderr
        assert cache or words[0] != "compare" or "Rows fixed and broken are not known" in told.stdout
    assert sorted(typed.store.rglob("*")) == before


@pytest.mark.parametrize("words", WRITING, ids=lambda words: words[0])
def test_writing_to_a_store_that_cannot_be_written_is_refused_before_anything_is_computed(
    typed: Typed, closed: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    assert typed.runs().code == 0
    typed.write(
        head="from pathlib import Path\n" + _head(typed),
        candidates="""
        class Traced(Curve):
            def fit(self, X, y):
                Path("computed").touch()
                return super().fit(X, y)

        @bc.candidate
        def first(cut: float = 0.0):
            return Traced(cut)
        """,
    )
    closed(typed.store)
    told = _plainly(typed, *words)
    assert told.returncode == 2, told.stderr
    assert "The store must be writable, with room on its disk." in told.stderr
    assert "Permission denied" in told.stderr
    assert "Traceback" not in told.stderr
    assert not (typed.root / "computed").exists()


def _head(typed: Typed) -> str:
    return (typed.root / f"{typed.module}.py").read_text().partition("problem = ")[0]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 300 kB."""
    if os.geteuid() != 0 or shutil.which("mount") is None or sys.platform != "linux":
        pytest.skip("only root may mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("mounting is not permitted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


@pytest.mark.parametrize("filled", [120_000, 180_000, 220_000, 260_000, 290_000])
def test_a_disk_that_fills_up_costs_no_fold_that_was_kept(
    typed: Typed, small_disk: Path, filled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    uninterrupted = typed.runs()
    assert uninterrupted.code == 0
    expected = typed.types("leaderboard").out
    monkeypatch.setenv("BANCADA_STORE", str(small_disk / "store"))
    (small_disk / "filler").write_bytes(b"x" * filled)
    full = typed.runs()
    assert (full.code, full.out) == (2, "")
    for sentence in (
        "error: The store must be writable, with room on its disk.",
        "No space left on device",
        "Free space",
    ):
        assert sentence in full.err
    kept = len(list((small_disk / "store" / "folds").glob("*/*/*/fold.json")))
    (small_disk / "filler").unlink()
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    again = typed.runs()
    assert again.code == 0, again.err
    assert f"{9 - kept} folds computed, {kept} from the store" in again.err
    assert typed.types("leaderboard").out == expected
    verified = typed.types("store", "verify")
    assert verified.code == 0, verified.out


def test_a_clock_that_jumps_between_runs_breaks_nothing(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    assert typed.runs("first").code == 0
    for number, days in enumerate((-4_000, 4_000, -1), start=1):
        now = (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).isoformat()
        for module in ("bancada.engine._underway", "bancada.engine._workbench", "bancada.engine._recording"):
            monkeypatch.setattr(f"{module}.utc_now", lambda now=now: now)
        assert typed.runs("first", f"cut={number}").code == 0
    board = typed.types("leaderboard", "--all", "--json").document
    assert board["tried"] == 4
    assert len({row["run_id"] for row in board["rows"]}) == 5
    assert typed.types("store", "verify").code == 0
