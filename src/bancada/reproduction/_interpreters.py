"""Interpreters of recorded environments: each environment is rebuilt once, however many runs share it."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bancada import environments
from bancada.exceptions import EnvironmentNotRebuilt
from bancada.identity import digest_bytes
from bancada.provenance import find_secrets
from bancada.provenance.origin import package_environment
from bancada.records.environments import read_environment
from bancada.records.laying import MOST_BYTES
from bancada.reproduction._fresh import fresh_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bancada.definitions import Project
    from bancada.records import RunRecord
    from bancada.records.environments import EnvironmentRecord
    from bancada.store import Store

__all__ = ["Interpreters", "recorded_environment"]


class Interpreters:
    """Rebuilds environments, and removes them at the end.

    Args:
        store: Where records of environments are, and what was packed of them.
        environ: Environment variables of this process: how packages are reached.
    """

    def __init__(self, store: Store, environ: Mapping[str, str]) -> None:
        self._store = store
        self._environ = environ
        self._stack = ExitStack()
        self._rebuilt: dict[str, Path | EnvironmentNotRebuilt] = {}

    def close(self) -> None:
        """Remove what was rebuilt."""
        self._stack.close()

    @property
    def present(self) -> Path:
        """The interpreter of this process."""
        return Path(sys.executable)

    def installed(self, project: Project) -> EnvironmentRecord:
        """Return what is installed for the interpreter of this process; nothing of it is kept."""
        return environments.capture(project.root, project.cache, digest_bytes, find_secrets)

    def known(self, run: RunRecord) -> bool:
        """Tell whether a run's environment was rebuilt, or could not be, before."""
        return recorded_environment(run) in self._rebuilt

    def of(self, run: RunRecord, kept: Path | None = None) -> Path:
        """Return the interpreter of a run's environment.

        Args:
            run: The run.
            kept: An empty folder to rebuild it in, which stays; None for one that is removed at the end.

        Raises:
            EnvironmentNotRebuilt: It cannot be had again.
            StoreError: The record of it was altered.
        """
        name = recorded_environment(run) or ""
        found = self._rebuilt.get(name)
        if found is None:
            try:
                found = self._rebuild(name, kept)
            except EnvironmentNotRebuilt as error:
                found = error
            self._rebuilt[name] = found
        if isinstance(found, EnvironmentNotRebuilt):
            raise found
        return found

    def _rebuild(self, name: str, kept: Path | None) -> Path:
        record = read_environment(self._store.objects.get(name, MOST_BYTES))
        folder = kept or self._stack.enter_context(fresh_folder()) / "environment"
        return environments.rebuild(record, self._store.objects.get, folder, package_environment(self._environ))


def recorded_environment(run: RunRecord) -> str | None:
    """Return the object with a run's environment; None where it names none."""
    name = run.provenance.get("environment")
    return name if isinstance(name, str) else None
