"""SIGKILL at every write boundary: a process that dies between any two acts of writing leaves a sound store.

The acts are counted by an audit hook in a forked child: each opening for writing, rename, link, removal and new folder
below the store. The n-th child dies at the n-th act; then the store is proved, and the sweep is run to its end.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from tests.acceptance.conftest import typed  # noqa: F401 - the project and its terminal
from tests.faults.conftest import Sweeps

from bancada.cli._main import program, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.acceptance.conftest import Typed

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")

ACTS = {"os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "os.truncate"}
NEVER = 10**9
# `BANCADA_FAULTS=1` walks every boundary; else one in so many, another one each time a boundary comes or goes.
STRIDE = 1 if os.environ.get("BANCADA_FAULTS") else 9


def _acts(event: str, arguments: tuple[Any, ...], store: str) -> bool:
    """Tell whether an audit event writes below the store."""
    if event == "open":
        path, mode, flags = arguments[:3]
        writes = any(letter in mode for letter in "wax+") if isinstance(mode, str) else bool(flags & 0o3)
        return writes and str(path).startswith(store)
    return event in ACTS and any(str(part).startswith(store) for part in arguments if isinstance(part, str | Path))


def _dies(root: Path, at: int, words: tuple[str, ...], count: int) -> NoReturn:
    """Run a command line in this forked child, and die at the n-th act; else tell how many there were."""
    store, seen = str(root / ".bancada"), 0

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if _acts(event, arguments, store):
            seen += 1
            if seen > at:
                os.kill(os.getpid(), signal.SIGKILL)

    code = 70
    try:
        gc.disable()
        os.chdir(root)
        sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - the child's to its end
        sys.addaudithook(watch)
        code = run(program(), words, os.environ)
        os.write(count, f"{seen} {code}".encode())
    finally:
        os._exit(code)


def _child(root: Path, at: int, words: tuple[str, ...]) -> tuple[int, str]:
    """Fork a child that dies at the n-th act; returns how it ended, and what it told."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        _dies(root, at, words, theirs)
    os.close(theirs)
    told = os.read(ours, 100).decode()
    os.close(ours)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), told


def _acknowledged_are_stored(sweeps: Sweeps) -> dict[str, str]:
    """Prove that each fold that a journal notes is there, and return them."""
    acknowledged = sweeps.acknowledged()
    for key, content in acknowledged.items():
        place = sweeps.root / ".bancada" / "folds" / key[:2] / key / content
        assert (place / "predictions.arrow").is_file()
        assert (place / "fold.json").is_file()
    return acknowledged


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (("run", "--in-process"), ()),
        (("rm", "second", "--because", "x"), ("run", "--in-process")),
        (("forget", "--ids", "ids.txt"), ("run", "--in-process")),
        (("gc", "--days", "0"), ("run", "--in-process")),
    ],
    ids=lambda words: " ".join(words[:1]),
)
def test_a_death_at_any_boundary_costs_nothing_that_was_acknowledged(
    words: tuple[str, ...],
    first: tuple[str, ...],
    typed: Typed,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    before = _prepared(typed, first, gc="gc" in words)
    whole = tmp_path / "whole"
    shutil.copytree(before, whole)
    code, told = _child(whole, NEVER, words)
    assert code == 0
    boundaries = int(told.split()[0])
    assert boundaries > 0
    expected = _board(whole, typed, words)
    struck = tmp_path / "struck"
    for at in range(boundaries % STRIDE, boundaries, STRIDE):
        shutil.copytree(before, struck)
        code, _ = _child(struck, at, words)
        assert code == -signal.SIGKILL, at
        sweeps = Sweeps(struck)
        # What `gc` removes was withdrawn.
        acknowledged = {} if words[0] == "gc" else _acknowledged_are_stored(sweeps)
        if (struck / ".bancada" / "store.json").exists() and words[0] != "forget":
            assert sweeps.findings() == [], at
        assert _board(struck, typed, words) == expected, at
        assert sweeps.findings() == [], at
        if words[0] == "run":
            _nothing_again(sweeps, acknowledged)
        shutil.rmtree(struck)


def _prepared(made: Typed, first: tuple[str, ...], *, gc: bool) -> Path:
    made.write(split="bc.splits.KFold(2, seed=1)")
    (made.root / "ids.txt").write_text("3\n8\n", encoding="utf-8")
    if first:
        assert made.types(*first).code == 0
    if gc:
        assert made.types("rm", "second").code == 0
    made.forget()
    return made.root


def _board(root: Path, made: Typed, words: tuple[str, ...]) -> list[Any]:
    """Carry the act to its end, and return what the board says."""
    os.chdir(root)
    try:
        if words[0] == "rm":
            # Either it was said or it was not; saying it now makes both alike.
            made.types("rm", "second")
        else:
            told = made.types(*words)
            assert told.code == 0, told.err
        document = made.types("leaderboard", "--json").document
    finally:
        os.chdir(made.root)
    keep = ("candidate", "params", "status", "value", "low", "high", "rank_low", "rank_high")
    return [document["tried"], *({name: row[name] for name in keep} for row in document["rows"])]


def _nothing_again(sweeps: Sweeps, acknowledged: dict[str, str]) -> None:
    """Hold the last run of each candidate to having taken what was acknowledged before it."""
    begun: dict[str, str] = {}
    lines = sorted((line for line in sweeps.lines() if line["event"] == "begin"), key=lambda line: line["started"])
    begun = {line["candidate"]: line["run"] for line in lines}
    noted: dict[str, set[str]] = {}
    for line in sweeps.lines():
        if line["event"] == "fold" and line["content"]:
            noted.setdefault(line["key"], set()).add(line["content"])
            if line["run"] in begun.values() and line["key"] in acknowledged:
                assert line["content"] == acknowledged[line["key"]]
    assert all(len(contents) == 1 for contents in noted.values())


def test_the_walk_sees_what_a_store_writes(tmp_path: Path) -> None:
    store = str(tmp_path)
    writes: Callable[..., bool] = lambda event, *arguments: _acts(event, arguments, store)  # noqa: E731 - one line
    assert writes("open", f"{store}/run.json", "w", 0)
    assert writes("open", f"{store}/run.json", None, os.O_WRONLY | os.O_CREAT)
    assert writes("os.link", f"{store}/a", f"{store}/b", -1, -1)
    assert not writes("open", f"{store}/run.json", "r", 0)
    assert not writes("open", "/elsewhere", "w", 0)
    assert not writes("os.listdir", store)
