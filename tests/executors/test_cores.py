"""Laws of counting and sharing cores."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.exceptions import UsageError
from bancada.executors import bound_threads, thread_environment, usable_cores
from bancada.executors._cores import cgroup_cores

if TYPE_CHECKING:
    from pathlib import Path


def _kernel(root: Path, own: str, files: dict[str, str]) -> Path:
    for name, text in {
        "proc/self/cgroup": own,
        **{f"sys/fs/cgroup/{name}": text for name, text in files.items()},
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n")
    return root


@given(workers=st.integers(1, 200), cores=st.integers(1, 200))
def test_workers_times_threads_never_exceeds_cores_where_it_can(workers: int, cores: int) -> None:
    threads = bound_threads(workers, cores)
    assert threads >= 1
    assert workers * threads <= max(cores, workers)
    assert workers * (threads + 1) > cores


def test_no_worker_is_refused() -> None:
    with pytest.raises(UsageError, match=r"at least one worker.*`workers` is 0"):
        bound_threads(0, 4)


def test_the_environment_bounds_every_pool() -> None:
    bounds = thread_environment(3)
    assert set(bounds.values()) == {"3"}
    assert {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"} <= set(bounds)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the affinity")
def test_usable_cores_follow_the_affinity() -> None:
    before = os.sched_getaffinity(0)
    assert 1 <= usable_cores() <= len(before)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert usable_cores() == 1
    finally:
        os.sched_setaffinity(0, before)


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu.max": "max 100000"}, None),
        ({"cpu.max": "150000 100000"}, 2),
        ({"cpu.max": "10000 100000"}, 1),
        ({"cpu.max": "400000 100000", "a/b/cpu.max": "max 100000"}, 4),
        ({"cpu.max": "400000 100000", "a/b/cpu.max": "200000 100000"}, 2),
        ({"other/cpu.max": "100000 100000"}, None),
        ({}, None),
    ],
)
def test_the_smallest_quota_above_the_process_counts(tmp_path: Path, files: dict[str, str], cores: int | None) -> None:
    assert cgroup_cores(_kernel(tmp_path, "0::/a/b", files)) == cores


@pytest.mark.parametrize(("quota", "cores"), [("-1", None), ("250000", 3)])
def test_the_first_version_of_control_groups_is_read_too(tmp_path: Path, quota: str, cores: int | None) -> None:
    files = {"cpu/job/cpu.cfs_quota_us": quota, "cpu/job/cpu.cfs_period_us": "100000"}
    assert cgroup_cores(_kernel(tmp_path, "4:memory:/m\n3:cpu,cpuacct:/job", files)) == cores


def test_a_system_without_control_groups_has_no_quota(tmp_path: Path) -> None:
    assert cgroup_cores(tmp_path) is None
