"""A run computed once more, from what was recorded, and the verdict on it."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import msgspec

from bancada import environments
from bancada.engine.data import find_data
from bancada.exceptions import EnvironmentNotRebuilt, StoreError, UsageError
from bancada.executors import usable_cores
from bancada.reproduction._collecting import collect, of_a_session, refuse_unfinished
from bancada.reproduction._documents import IMPOSSIBLE, Reproduction
from bancada.reproduction._drifting import drift, since
from bancada.reproduction._fresh import fresh_folder
from bancada.reproduction._interpreters import Interpreters
from bancada.reproduction._judging import judged
from bancada.reproduction._launching import Runner, RunnerFailed
from bancada.reproduction._laying import PROJECT, Place, lay_out
from bancada.reproduction._listening import Silence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bancada.definitions import Project
    from bancada.engine.runner import Result
    from bancada.records import RunRecord
    from bancada.reproduction._collecting import Collected
    from bancada.reproduction._listening import Listener
    from bancada.store import Store

__all__ = ["Reproducer", "Ways", "room"]

# A machine may be busy, or slower than the one that was recorded; none is that much slower.
SLOWER = 20.0
LEAST_S = 600.0
# What a runner that could not answer would have needed at least.
PROBED_BYTES = 1 << 16


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


class Reproducer:
    """Computes runs of one store once more; what it has rebuilt for one is there for the next, until it is left.

    Args:
        project: Where data are looked for, and the code as it is now.
        store: Where the runs are; nothing of a run is changed.
        environ: Environment variables of this process; few of them reach the runs' code.
        listener: Who is told.
    """

    def __init__(
        self, project: Project, store: Store, environ: Mapping[str, str], listener: Listener | None = None
    ) -> None:
        self.project = project
        self.store = store
        self.environ = environ
        self.listener: Listener = Silence() if listener is None else listener
        self._interpreters = Interpreters(store, environ)

    def __enter__(self) -> Self:
        """Return the reproducer."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was rebuilt."""
        self._interpreters.close()

    def check(self, run: RunRecord, ways: Ways | None = None) -> None:
        """Refuse a run that cannot be asked for in this way; it takes no time, and nothing is looked for.

        Args:
            run: The run.
            ways: How it would be computed; entirely as it was recorded without.

        Raises:
            UsageError: The run is not finished, or the code of a session is asked for as it is now.
        """
        refuse_unfinished(run)
        if ways is not None and ways.current_code and of_a_session(run):
            raise UsageError(
                "`--with-current-code` computes a run with the files of its project as they are now.",
                f"The code of `r-{run.run_id[:6]}` was extracted from a script or a notebook.",
                "Run it there again; `bc.evaluate` takes what is stored, and computes what has changed.",
            )

    def reproduce(self, run: RunRecord, ways: Ways | None = None) -> Reproduction:
        """Compute a run once more and compare every prediction and every score.

        Whoever calls this has asked whether the run's code may execute.

        Args:
            run: A finished run.
            ways: How; entirely as it was recorded without.

        Raises:
            StoreError: An object of the record or its predictions were altered, a path of it leads elsewhere, or the
                disk takes no more.
            UsageError: The run is not finished, or the code of a session is asked for as it is now.
        """
        ways = ways or Ways()
        self.check(run, ways)
        started = time.perf_counter()
        collected = collect(run, self.store, ways.current)
        begun = Reproduction(
            since=() if ways.current_code else since(run, self.project.root, self.project.cache),
            run_id=run.run_id,
            candidate=run.candidate,
            problem=run.problem.name,
            verdict=IMPOSSIBLE,
            current=ways.current,
            unscored=() if collected.template is None else collected.template.unscored,
        )
        with room():
            done = self._attempt(begun, collected, ways)
        return msgspec.structs.replace(done, seconds=time.perf_counter() - started)

    def _attempt(self, begun: Reproduction, collected: Collected, ways: Ways) -> Reproduction:
        missing, data = list(collected.missing), None
        if collected.looked:
            data = find_data(collected.run, self.project, self.store, self.project.cache)
            missing += data.missing
        if missing or data is None or data.path is None or data.recipe is None:
            return msgspec.structs.replace(begun, missing=tuple(missing))
        with fresh_folder(ways.keep) as folder:
            root = self.project.root if ways.current_code else None
            place = Place(
                folder=folder,
                recipe=data.recipe,
                table=data.path,
                data_root=self.project.root,
                root=root,
                whole=ways.keep is not None,
            )
            job = lay_out(collected, self.store, place, self._workers(collected.run))
            unkept = collected.unkept(folder / PROJECT) if root is None else ()
            try:
                runner = self._runner(collected.run, ways, root)
            except EnvironmentNotRebuilt as error:
                return _unhad(begun, error)
            try:
                result = runner.run(job, _threads(collected.run), self.listener)
            except RunnerFailed as error:
                _refuse_no_room(error.found, folder)
                return msgspec.structs.replace(begun, missing=(f"{error.found} {error.remedy}",))
            _refuse_unwritten(result)
            if result.error is not None:
                told = f"it could not be begun: {result.error.type}: {result.error.message}"
                done = msgspec.structs.replace(begun, missing=(told,))
            else:
                done = judged(begun, collected.run, result, folder / "out", self.store)
            if unkept and not done.holds:
                # What it lacked may have made the difference: that is no verdict on the run.
                done = msgspec.structs.replace(done, verdict=IMPOSSIBLE, missing=(*done.missing, *unkept))
            here = self._interpreters.installed(self.project) if ways.current_environment else None
            return msgspec.structs.replace(done, drifted=drift(collected.run, self.store, result, root, here))

    def _workers(self, run: RunRecord) -> int:
        recorded = run.provenance.get("workers")
        threads = _threads(run) or 1
        wanted = recorded if isinstance(recorded, int) and recorded > 0 else 1
        return max(1, min(wanted, usable_cores() // threads, len(run.folds)))

    def _runner(self, run: RunRecord, ways: Ways, root: Path | None) -> Runner:
        if ways.current_environment:
            python = self._interpreters.present
        else:
            if not self._interpreters.known(run):
                self.listener.step("rebuilding the environment")
            python = self._interpreters.of(run, None if ways.keep is None else ways.keep.absolute() / "environment")
        spent = sum((use.fit_s or 0.0) + (use.predict_s or 0.0) for use in run.folds)
        limit = max(LEAST_S, SLOWER * spent)
        return Runner(python, self.environ, current=ways.current_environment, timeout_s=limit, root=root)


@contextmanager
def room() -> Iterator[None]:
    """Refuse a verdict that would be about this machine's disk, and not about the run.

    Raises:
        StoreError: Something could not be written.
    """
    try:
        yield
    except OSError as error:
        if environments.lack_of_room(error) is None:
            raise
        raise _unwritten(f"{error.strerror}: `{error.filename}`." if error.filename else f"{error}.") from error


def _refuse_unwritten(result: Result) -> None:
    """Refuse an answer of which something could not be written: all of it, or what a fold needed.

    Raises:
        StoreError: It is so.
    """
    if result.error is not None and result.error.type == "StoreError":
        raise _unwritten(result.error.message)
    for error in (result.error, *(fold.error for fold in result.folds)):
        if error is not None and environments.lack_of_room(error.message) is not None:
            raise _unwritten(error.message)


def _refuse_no_room(said: str, folder: Path) -> None:
    """Refuse that a runner gave no answer where it, or what it said, could not be written.

    Raises:
        StoreError: It said so.
        OSError: There is no room for as little as an answer.
    """
    if environments.lack_of_room(said) is not None:
        raise _unwritten(said)
    (folder / "probe").write_bytes(bytes(PROBED_BYTES))


def _unwritten(found: str) -> StoreError:
    return StoreError(
        "What is computed once more must be written somewhere; the run itself is untouched.",
        found,
        f"Free space below `{tempfile.gettempdir()}`, or set TMPDIR to another folder.",
    )


def _unhad(begun: Reproduction, error: EnvironmentNotRebuilt) -> Reproduction:
    """Return what is missing of an environment: each package with one reason for all, else the reason alone."""
    reason = f"{error.found} {error.remedy}"
    if not error.packages:
        return msgspec.structs.replace(begun, missing=(reason,))
    packages = tuple(f"package `{name}`" for name in error.packages)
    return msgspec.structs.replace(begun, missing=packages, reason=reason)


def _threads(run: RunRecord) -> int | None:
    recorded = run.provenance.get("threads")
    return recorded if isinstance(recorded, int) and recorded > 0 else None
