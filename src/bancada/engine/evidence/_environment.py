"""The environment of the runs of a process: looked at while the first folds are computed."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.environments import capture
from bancada.exceptions import StoreError
from bancada.identity import canonical_json
from bancada.provenance import find_secrets, hardware

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.store import Store

__all__ = ["KeptEnvironment", "Looking", "kept_environment"]


@dataclass(frozen=True, slots=True)
class KeptEnvironment:
    """What runs say of their environment.

    Attributes:
        name: The object that describes it; None where it could not be captured.
        missing: What cannot be had again, a phrase each.
        notes: What its user should know, a sentence each.
    """

    name: str | None
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Looking:
    """A look at the machine and at what is installed, beside the work.

    The first look at an environment reads all of its files, which takes a second or two; later ones ask whether the
    files have changed. Nobody waits for either: a run needs the answer when it ends.

    Args:
        root: The project's root.
        cache: Where what was read is remembered.
        store: Where it is kept.
    """

    def __init__(self, root: Path, cache: Path, store: Store) -> None:
        self._where = (root, cache, store)
        self._kept = KeptEnvironment(None)
        self._refused: StoreError | None = None
        self._hardware: dict[str, Any] = {}
        self._thread = threading.Thread(target=self._look, name="bancada-environment", daemon=True)
        self._thread.start()

    @property
    def kept(self) -> KeptEnvironment:
        """What was found; waits until it is there.

        Raises:
            StoreError: The store cannot be written: this is no fault of the environment, and no run is recorded then.
        """
        self._thread.join()
        if self._refused is not None:
            raise self._refused
        return self._kept

    @property
    def hardware(self) -> dict[str, Any]:
        """The machine; waits until it is described."""
        self._thread.join()
        return self._hardware

    def wait(self) -> None:
        """Wait until the look has ended."""
        self._thread.join()

    def _look(self) -> None:
        undescribed: tuple[str, ...] = ()
        try:
            self._hardware = hardware()
        except Exception as error:  # noqa: BLE001 - what a thread raises nobody hears, and a run must not end for it
            undescribed = (f"its machine could not be described: {type(error).__name__}: {error}",)
        try:
            kept = kept_environment(*self._where)
        except StoreError as error:
            self._refused = error
        else:
            self._kept = replace(kept, missing=(*undescribed, *kept.missing))


def kept_environment(root: Path, cache: Path, store: Store) -> KeptEnvironment:
    """Capture the environment of this process and keep it; what goes wrong is said in `missing` and stops no run.

    Args:
        root: The project's root.
        cache: Where what was read is remembered.
        store: Where it is kept.

    Raises:
        StoreError: The store cannot be written.
    """
    try:
        record = capture(root, cache, store.objects.put, find_secrets)
        name = store.objects.put(canonical_json(msgspec.to_builtins(record)))
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - somebody else's files are read, and a run must not end for them
        return KeptEnvironment(None, (f"its environment could not be captured: {type(error).__name__}: {error}",))
    return KeptEnvironment(name, record.missing, record.notes)
