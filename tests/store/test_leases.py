"""Leases: advice that keeps two drivers from computing one fold, and blocks nobody for longer than its limit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bancada.exceptions import StoreError
from bancada.store import Leases, Store
from bancada.store import _leases as leases
from bancada.store._files import host_name
from bancada.store._leases import BEAT_S, LOOK_S, STALE_S, drivers_at_work

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self, now: float = 1_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def only(store: Store) -> Path:
    (path,) = (store.root / "leases").iterdir()
    return path


def edit(path: Path, **fields: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def dead_pid() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_a_fold_is_held_for_others_and_not_for_its_own_driver(store: Store, clock: Clock) -> None:
    one, other = Leases(store.root, clock), Leases(store.root, clock)
    one.take("k1")
    assert other.held("k1")
    assert not other.held("k2")
    assert not one.held("k1")
    assert one.alone
    assert not other.alone


def test_what_has_ended_is_held_no_more(store: Store, clock: Clock) -> None:
    one, other = Leases(store.root, clock), Leases(store.root, clock)
    one.take("k1")
    one.drop("k1")
    clock.now += LOOK_S
    one.beat()
    assert not other.held("k1")


def test_closing_leaves_nothing(store: Store, clock: Clock) -> None:
    one, other = Leases(store.root, clock), Leases(store.root, clock)
    one.take("k1")
    one.close()
    one.close()
    assert list((store.root / "leases").iterdir()) == []
    assert not other.held("k1")


def test_a_driver_without_folds_writes_nothing(store: Store, clock: Clock) -> None:
    one = Leases(store.root, clock)
    one.beat()
    one.close()
    assert not (store.root / "leases").exists()


def test_changes_are_written_at_most_once_a_second_and_signs_of_life_every_few(store: Store, clock: Clock) -> None:
    one = Leases(store.root, clock)
    beats = []
    for number in range(100):
        one.take(f"k{number}")
        beats.append(json.loads(only(store).read_text())["beat"])
        clock.now += 0.1
    assert 8 <= beats[-1] <= 11
    clock.now += 1
    one.beat()
    still = json.loads(only(store).read_text())["beat"]
    clock.now += BEAT_S - 1
    one.beat()
    assert json.loads(only(store).read_text())["beat"] == still
    clock.now += 1
    one.beat()
    assert json.loads(only(store).read_text())["beat"] == still + 1


def test_a_lease_without_a_sign_of_life_is_stale_by_the_waiters_own_clock(store: Store, clock: Clock) -> None:
    one, other = Leases(store.root), Leases(store.root, clock)
    one.take("k1")
    edit(only(store), host="elsewhere")
    assert other.held("k1")
    clock.now += STALE_S - 1
    assert other.held("k1")
    clock.now += 1
    assert not other.held("k1")


def test_a_sign_of_life_keeps_a_lease(store: Store, clock: Clock) -> None:
    one, other = Leases(store.root, clock), Leases(store.root, clock)
    one.take("k1")
    for _ in range(20):
        assert other.held("k1")
        clock.now += BEAT_S
        one.beat()
    assert other.held("k1")


@pytest.mark.parametrize("seconds", [-(10**9), -3_600, 3_600, 10**9])
def test_a_clock_that_jumped_blocks_for_no_longer(store: Store, clock: Clock, seconds: int) -> None:
    one, other = Leases(store.root), Leases(store.root, clock)
    one.take("k1")
    path = only(store)
    status = path.stat()
    edit(path, host="elsewhere", started="2999-01-01T00:00:00+00:00")
    os.utime(path, ns=(status.st_mtime_ns, status.st_mtime_ns + seconds * 10**9))
    other.take("own")
    if seconds > 0:
        assert other.held("k1"), "a sign of life from the future is one"
    clock.now += STALE_S
    assert not other.held("k1")


def test_what_is_far_older_than_ones_own_lease_on_the_same_disk_is_stale_at_once(store: Store, clock: Clock) -> None:
    one, other = Leases(store.root), Leases(store.root, clock)
    one.take("k1")
    path = only(store)
    edit(path, host="elsewhere")
    os.utime(path, ns=(10**18, 10**18))
    other.take("own")
    assert not other.held("k1")


def test_a_process_of_this_host_that_is_gone_holds_nothing(store: Store, clock: Clock) -> None:
    one, other = Leases(store.root), Leases(store.root, clock)
    one.take("k1")
    edit(only(store), pid=dead_pid())
    assert not other.held("k1")


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="the system does not say when a process began")  # noqa: PTH110 - a word
def test_a_pid_that_was_given_to_another_process_holds_nothing(store: Store, clock: Clock) -> None:
    one, other = Leases(store.root), Leases(store.root, clock)
    one.take("k1")
    assert other.held("k1")
    edit(only(store), process="this-boot:1")
    clock.now += LOOK_S
    assert not other.held("k1")


def test_where_the_system_does_not_say_when_a_process_began_the_pid_counts(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "_process", lambda _: "")
    one, other = Leases(store.root), Leases(store.root, clock)
    one.take("k1")
    assert other.held("k1")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[" * 100_000, b'{"schema": "store.lease/2"}', b"\xff", b"x" * 2_000_000]
)
def test_what_cannot_be_read_holds_nothing(store: Store, clock: Clock, content: bytes) -> None:
    one, other = Leases(store.root), Leases(store.root, clock)
    one.take("k1")
    only(store).write_bytes(content)
    assert not other.held("k1")


def test_a_newer_lease_with_more_fields_is_read(store: Store, clock: Clock) -> None:
    one, other = Leases(store.root), Leases(store.root, clock)
    one.take("k1")
    edit(only(store), more={"a": 1})
    assert other.held("k1")


def test_a_lease_of_another_layout_holds_nothing(store: Store, clock: Clock) -> None:
    one, other = Leases(store.root), Leases(store.root, clock)
    one.take("k1")
    edit(only(store), schema="store.lease/2")
    assert not other.held("k1")


def test_a_lease_that_was_deleted_is_written_again(store: Store, clock: Clock) -> None:
    one, other = Leases(store.root, clock), Leases(store.root, clock)
    one.take("k1")
    only(store).unlink()
    assert not other.held("k1")
    clock.now += BEAT_S
    one.beat()
    assert other.held("k1")


def test_a_place_that_cannot_be_written_is_done_without(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "leases").write_text("no folder")
    one = Leases(tmp_path, clock)
    one.take("k1")
    assert not one.held("k2")
    one.close()


def test_the_next_writer_removes_what_a_killed_one_left(store: Store) -> None:
    left = store.root / "leases" / f"{host_name()}-{dead_pid()}-aaaaaaaa"
    left.parent.mkdir()
    left.write_text("{}")
    foreign = left.with_name("elsewhere-1-aaaaaaaa")
    foreign.write_text("{}")
    assert store.verify() == ()
    Store.open(store.root, create=False)
    assert left.exists()
    Store.open(store.root, create=True)
    assert list(left.parent.iterdir()) == [foreign]


def test_drivers_at_work_are_those_that_live(store: Store, clock: Clock) -> None:
    one = Leases(store.root, clock)
    assert drivers_at_work(store.root) == ()
    one.take("k1")
    assert drivers_at_work(store.root) == ()  # one's own
    edit(only(store), pid=os.getppid(), process=leases._process(os.getppid()))
    assert drivers_at_work(store.root) == (f"{host_name()} process {os.getppid()}",)
    edit(only(store), pid=dead_pid())
    assert drivers_at_work(store.root) == ()
    edit(only(store), host="elsewhere.4f")
    assert len(drivers_at_work(store.root)) == 1
    os.utime(only(store), (0, 0))
    assert drivers_at_work(store.root) == ()
    only(store).write_text("{", encoding="utf-8")
    assert drivers_at_work(store.root) == ()


def test_nothing_is_removed_while_somebody_computes(store: Store, clock: Clock) -> None:
    one = Leases(store.root, clock)
    one.take("k1")
    edit(only(store), pid=os.getppid(), process=leases._process(os.getppid()))
    with pytest.raises(StoreError, match=r"while somebody computes in it\. At work: "):
        store.collect(before_s=0, delete=True)
    with pytest.raises(StoreError, match="while somebody computes in it"):
        store.forget(["1"], "2026-01-01", dry=False)
    assert store.collect(before_s=0, delete=False).folds == 0
    assert store.forget(["1"], "2026-01-01", dry=True).rows == 0
    one.close()
    assert store.collect(before_s=0, delete=True).folds == 0
