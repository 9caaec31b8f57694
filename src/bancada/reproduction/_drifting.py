"""What is no longer as it was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.exceptions import StoreError
from bancada.identity import DigestMemo, digest_bytes, file_digest
from bancada.provenance.origin import checked_path
from bancada.records.environments import read_environment
from bancada.records.laying import MOST_BYTES, laid_files
from bancada.reproduction._collecting import observed_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bancada.engine.runner import Result
    from bancada.records import RunRecord
    from bancada.records.environments import EnvironmentRecord
    from bancada.store import Store

__all__ = ["drift", "since"]

MOST = 20
# Of a machine, what may change the last digits of a result; how much memory it has does not.
_HARDWARE = {
    "cpu": "CPU",
    "machine": "machine",
    "affinity": "usable cores",
    "blas": "BLAS",
    "blas_kernel": "BLAS kernel",
    "blas_threads": "BLAS threads",
    "gpu": "GPU",
    "gpu_driver": "GPU driver",
}
_IGNORED = frozenset({"memory_bytes", "cores"})


def drift(
    run: RunRecord,
    store: Store,
    result: Result,
    root: Path | None = None,
    here: EnvironmentRecord | None = None,
) -> tuple[str, ...]:
    """Return what differs between the record and what a runner met: a phrase each, the likeliest causes first.

    Args:
        run: The run.
        store: Where its objects are.
        result: What the runner answered.
        root: The project's root, where its files were taken as they are now; None where the recorded ones were.
        here: What is installed, where the present environment was taken.

    Raises:
        StoreError: The record names two contents for one path.
    """
    recorded = _recorded(run, store)
    known = {**observed_files(run, store), **laid_files(run.provenance)}
    files = _files(known, result) if root is None else _now(known, root)
    return (*_data(run, result), *files, *_surroundings(run, recorded, result.surroundings), *_altered(recorded, here))


def since(run: RunRecord, root: Path, cache: Path) -> tuple[str, ...]:
    """Return what a project has otherwise now than the run had, where the recorded files were taken: a phrase each.

    Args:
        run: The run.
        root: The project's root; where nothing that was recorded is below it, it is another project and tells nothing.
        cache: Where digests of unchanged files are recalled from.

    Raises:
        StoreError: The record names two contents for one path.
    """
    if not any(
        (root / path).is_file()
        for path in {*run.problem.dataset.files, *laid_files(run.provenance)}
        if _leads_below(path)
    ):
        return ()
    memo = DigestMemo(cache / "digests.sqlite")
    return (*_data_since(run, root, memo), *_now(laid_files(run.provenance), root))


def _data_since(run: RunRecord, root: Path, memo: DigestMemo) -> Iterator[str]:
    for path, digest in sorted(run.problem.dataset.files.items()):
        place = root / path
        # Data may lie anywhere; only what is below the root is the project's.
        if not _leads_below(path):
            continue
        if not place.is_file():
            yield f"data `{path}` are gone"
            continue
        try:
            now = file_digest(place, memo)
        except OSError as error:
            yield f"data `{path}` cannot be read: {error.strerror or error}"
        else:
            yield from () if now == digest else (f"data `{path}` changed",)


def _leads_below(path: str) -> bool:
    try:
        checked_path(path)
    except StoreError:
        return False
    return True


def _data(run: RunRecord, result: Result) -> Iterator[str]:
    if result.problem_id and result.problem_id != run.problem.digest:
        yield f"problem `{run.problem.digest[:6]}` → `{result.problem_id[:6]}`"


def _files(known: Mapping[str, str], result: Result) -> Iterator[str]:
    """Yield the files that the folds read and that were others then."""
    found = {item.path: item.digest for fold in result.folds for item in fold.observed}
    yield from _few([f"file `{path}` changed" for path in sorted(found) if known.get(path, found[path]) != found[path]])


def _now(known: Mapping[str, str], root: Path) -> Iterator[str]:
    """Yield the recorded files that the project has otherwise now."""
    changed = []
    for path, name in sorted(known.items()):
        try:
            present = digest_bytes((root / checked_path(path)).read_bytes())
        except OSError:
            changed.append(f"file `{path}` is gone")
        else:
            changed += [] if present == name else [f"file `{path}` changed"]
    yield from _few(changed)


def _few(phrases: list[str]) -> Iterator[str]:
    yield from phrases[:MOST]
    if len(phrases) > MOST:
        yield f"and {len(phrases) - MOST} more"


def _surroundings(run: RunRecord, recorded: EnvironmentRecord | None, now: Mapping[str, Any]) -> Iterator[str]:
    if not now:
        return
    was = run.provenance
    yield from _changed("Python", was.get("python"), now.get("python"))
    was_installed = None if recorded is None else {item.name: item.version for item in recorded.packages}
    yield from _packages(was_installed, now.get("packages"))
    yield from _changed("threads", was.get("threads"), now.get("threads"))
    machine, present = was.get("hardware"), now.get("hardware")
    if isinstance(machine, dict) and isinstance(present, dict):
        for name in sorted({*machine, *present} - _IGNORED, key=lambda name: (name not in _HARDWARE, name)):
            yield from _changed(_HARDWARE.get(name, name), machine.get(name), present.get(name))


def _changed(name: str, was: Any, now: Any) -> Iterator[str]:
    if isinstance(was, list) and isinstance(now, list):
        yield from _changed_parts(name, {_part(item) for item in was}, {_part(item) for item in now})
    # What was not recorded, or cannot be told now, has not been seen to change.
    elif was not in (None, "") and now not in (None, "") and was != now:
        yield f"{name} {was} → {now}"


def _changed_parts(name: str, was: set[str], now: set[str]) -> Iterator[str]:
    """Yield what of several parts changed; which of them are loaded hangs on what was imported."""
    if not was <= now and not now <= was:
        yield f"{name} {', '.join(sorted(was - now))} → {', '.join(sorted(now - was))}"


def _part(item: Any) -> str:
    """Return a part, such as one of several BLAS libraries, in words."""
    return " ".join(str(item[key]) for key in sorted(item)) if isinstance(item, dict) else str(item)


def _packages(was: Mapping[str, str] | None, now: Any) -> Iterator[str]:
    if was is None or not isinstance(now, dict):
        return
    changed = [
        f"package `{name}` {was.get(name, 'absent')} → {now.get(name, 'absent')}"
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    ]
    yield from _few(changed)


def _altered(recorded: EnvironmentRecord | None, here: EnvironmentRecord | None) -> Iterator[str]:
    """Yield the packages that have other files than they had, and say that they are the same version."""
    if recorded is None or here is None:
        return
    was = {item.name: item for item in recorded.packages}
    same = [item for item in here.packages if item.name in was and was[item.name].version == item.version]
    yield from _few(
        [
            f"package `{item.name}` {item.version} has other files than it had"
            for item in same
            if item.content and was[item.name].content and item.content != was[item.name].content
        ]
    )


def _recorded(run: RunRecord, store: Store) -> EnvironmentRecord | None:
    name = run.provenance.get("environment")
    if not isinstance(name, str):
        return None
    try:
        return read_environment(store.objects.get(name, MOST_BYTES))
    except StoreError:
        return None
