"""A run computed once more, from what was recorded, and the verdict on it."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

from bancada.exceptions import EnvironmentNotRebuilt, StoreError, UsageError
from bancada.executors import usable_cores
from bancada.reproduction._collecting import collect, refuse_unfinished
from bancada.reproduction._comparing import Compared, same_number
from bancada.reproduction._data import find_table
from bancada.reproduction._documents import DIVERGED, IDENTICAL, IMPOSSIBLE, WITHIN, Reproduction, ScoreDifference
from bancada.reproduction._drifting import drift
from bancada.reproduction._fresh import fresh_folder
from bancada.reproduction._launching import Runner, RunnerFailed
from bancada.reproduction._laying import lay_out
from bancada.reproduction._listening import Silence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bancada.definitions import Project
    from bancada.engine.runner import Result
    from bancada.records import FoldError, RunRecord
    from bancada.reproduction._collecting import Collected
    from bancada.reproduction._listening import Listener
    from bancada.store import Store

__all__ = ["Reproducer", "Ways"]

# A machine may be busy, or slower than the one that was recorded; none is that much slower.
SLOWER = 20.0
LEAST_S = 600.0
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How a run is computed once more.

    Attributes:
        current_code: True takes the project's files as they are now.
        current_environment: True takes this interpreter with its packages.
        keep: Where to lay the run out, to be kept; None for a temporary folder.
    """

    current_code: bool = False
    current_environment: bool = False
    keep: Path | None = None

    @property
    def current(self) -> tuple[str, ...]:
        """What is taken as it is now in place of what was recorded."""
        said = {"code": self.current_code, "environment": self.current_environment}
        return tuple(name for name, now in said.items() if now)


@dataclass(frozen=True)
class Reproducer:
    """Computes runs of one store once more.

    Attributes:
        project: Where data are looked for, and the code as it is now.
        store: Where the runs are; nothing of a run is changed.
        environ: Environment variables of this process; few of them reach the runs' code.
        listener: Who is told.
    """

    project: Project
    store: Store
    environ: Mapping[str, str]
    listener: Listener = field(default_factory=Silence)

    def reproduce(self, run: RunRecord, ways: Ways | None = None) -> Reproduction:
        """Compute a run once more and compare every prediction and every score.

        Whoever calls this has asked whether the run's code may execute.

        Args:
            run: A finished run.
            ways: How; entirely as it was recorded without.

        Raises:
            StoreError: An object of the record was altered, or a path of it leads elsewhere.
            UsageError: The run is not finished, or the code of a session is asked for as it is now.
        """
        ways = ways or Ways()
        refuse_unfinished(run)
        started = time.perf_counter()
        collected = collect(run, self.store, current_code=ways.current_code)
        if ways.current_code and collected.extracted:
            raise UsageError(
                "`--with-current-code` computes a run with the files of its project as they are now.",
                f"The code of `r-{run.run_id[:6]}` was extracted from a script or a notebook.",
                "Run it there again; `bc.evaluate` takes what is stored, and computes what has changed.",
            )
        begun = Reproduction(
            run_id=run.run_id,
            candidate=run.candidate,
            problem=run.problem.name,
            verdict=IMPOSSIBLE,
            current=ways.current,
            unscored=() if collected.template is None else collected.template.unscored,
        )
        done = self._attempt(begun, collected, ways)
        return msgspec.structs.replace(done, seconds=time.perf_counter() - started)

    def _attempt(self, begun: Reproduction, collected: Collected, ways: Ways) -> Reproduction:
        table = None
        missing = list(collected.missing)
        if collected.recipe is not None:
            table = find_table(collected.recipe, self.project.cache)
            if table is None:
                missing.append(self._no_data(collected))
        if missing or table is None:
            return msgspec.structs.replace(begun, missing=tuple(missing))
        with fresh_folder(ways.keep) as folder:
            root = self.project.root if ways.current_code else None
            job = lay_out(collected, self.store, folder, table, root, self._workers(collected.run))
            self.listener.step("rebuilding the environment")
            try:
                runner = self._runner(collected.run, root)
            except EnvironmentNotRebuilt as error:
                return msgspec.structs.replace(begun, missing=_unhad(error))
            try:
                result = runner.run(job, _threads(collected.run), self.listener)
            except RunnerFailed as error:
                return msgspec.structs.replace(begun, missing=(f"{error.found} {error.remedy}",))
            if result.error is not None:
                _refuse_no_room(result.error)
                told = f"it could not be begun: {result.error.type}: {result.error.message}"
                return msgspec.structs.replace(
                    begun, missing=(told,), drifted=drift(collected.run, self.store, result, root)
                )
            done = self._judged(begun, collected.run, result, folder / "out")
            return msgspec.structs.replace(done, drifted=drift(collected.run, self.store, result, root))

    def _no_data(self, collected: Collected) -> str:
        data = collected.run.problem.dataset
        version = f" version {data.version}" if data.version else ""
        return f"the data `{data.name}`{version}, table `{data.table[:12]}…`, are no longer to be had"

    def _workers(self, run: RunRecord) -> int:
        recorded = run.provenance.get("workers")
        threads = _threads(run) or 1
        wanted = recorded if isinstance(recorded, int) and recorded > 0 else 1
        return max(1, min(wanted, usable_cores() // threads, len(run.folds)))

    def _runner(self, run: RunRecord, root: Path | None) -> Runner:
        spent = sum((use.fit_s or 0.0) + (use.predict_s or 0.0) for use in run.folds)
        limit = max(LEAST_S, SLOWER * spent)
        return Runner(Path(sys.executable), self.environ, current=True, timeout_s=limit, root=root)

    def _judged(self, begun: Reproduction, run: RunRecord, result: Result, out: Path) -> Reproduction:
        """Compare what came out with what was recorded."""
        compared = Compared(result.tolerances)
        found = {(fold.repeat, fold.fold): fold for fold in result.folds}
        for use in run.folds:
            fold = found.get((use.repeat, use.fold))
            recorded = self.store.folds.predictions(use.key, use.content or "")
            if fold is None or fold.error is not None or not fold.predictions:
                error = None if fold is None else fold.error
                reason = "it was not computed" if error is None else f"{error.type}: {error.message}"
                compared.failed(use.repeat, use.fold, f"{recorded.num_rows} rows", reason)
                continue
            compared.add(use.repeat, use.fold, recorded, _table(out, fold.predictions))
        scores = _scores(run, result)
        same = not compared.differing and not compared.whole
        verdict = IDENTICAL if same and not scores else DIVERGED if compared.diverged or same else WITHIN
        return msgspec.structs.replace(
            begun,
            verdict=verdict,
            predictions=compared.predictions,
            differing=compared.differing,
            beyond=compared.beyond,
            max_abs_difference=compared.largest,
            first_difference=compared.first_difference,
            largest_difference=compared.largest_difference,
            tolerances=result.tolerances,
            scores=scores,
            folds=len(result.folds),
        )


def _refuse_no_room(error: FoldError) -> None:
    """Refuse a verdict that would be about this machine's disk, and not about the run.

    Raises:
        StoreError: Something could not be written.
    """
    if error.type == "StoreError" or any(os.strerror(number) in error.message for number in _NO_ROOM):
        raise StoreError(
            "What is computed once more must be written somewhere; the run itself is untouched.",
            error.message,
            f"Free space below `{tempfile.gettempdir()}`, or set TMPDIR to another folder.",
        )


def _unhad(error: EnvironmentNotRebuilt) -> tuple[str, ...]:
    """Return each package that cannot be had, and the reason."""
    return (*(f"package `{name}`" for name in error.packages), f"{error.found} {error.remedy}")


def _threads(run: RunRecord) -> int | None:
    recorded = run.provenance.get("threads")
    return recorded if isinstance(recorded, int) and recorded > 0 else None


def _table(out: Path, name: str) -> pa.Table:
    # The name comes from a program that ran the record's code.
    path = out / Path(name).name
    if path.is_symlink():
        message = f"{name} is a link"
        raise OSError(message)
    with pa.OSFile(str(path), "rb") as source:
        return pa.ipc.open_stream(source).read_all()


def _scores(run: RunRecord, result: Result) -> tuple[ScoreDifference, ...]:
    """Return the scores that came out otherwise: over all folds, or in one of them."""
    recorded = {(score.metric_id, score.slice): score for score in run.scores}
    different = []
    for score in result.scores:
        was = recorded.get((score.metric_id, score.slice))
        if was is None:
            continue
        folds = {(fold.repeat, fold.fold): fold.value for fold in was.folds}
        same = same_number(was.estimate.value, score.value) and all(
            same_number(folds.get((repeat, fold)), value) for repeat, fold, value in score.folds
        )
        if not same:
            different.append(
                ScoreDifference(metric=score.metric, slice=score.slice, recorded=was.estimate.value, found=score.value)
            )
    return tuple(different)
