"""The contract of what installs packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bancada.records.environments import EnvironmentRecord, ManagerFacts

__all__ = ["EnvironmentManager"]


@runtime_checkable
class EnvironmentManager(Protocol):
    """A program that makes environments, such as uv, Poetry or Conda.

    `bancada.environments` owns the managers, asks each in turn which of them an environment is of, and does itself what
    is the same for all: it reads what is installed, holds it against the locks, packs what no index has, and verifies
    what was installed again. A manager adds what it alone knows.

    Laws:
        * `name` is one word, the same for every instance.
        * `manages`, `reads` and `facts` read files and nothing else: they start no program, import nothing, ask no
          network and change nothing. Asked twice they answer alike.
        * `reads` names every file and folder on which the answer of `facts` depends, as far as they are there. While it
          names the same and none of them changes, and while the packages are the same, `facts` is not asked again.
        * None raises for what it finds: a folder that is not there is not managed, a lock that cannot be read is a
          note that names it.
        * The path of a lock is relative to the root and leads to nothing outside it; names in `pins` and `gives` are
          normalised.
        * What `facts` tells holds no credentials, nor the address of an index with user-info.
        * `rebuild` makes an environment in an empty folder: with the recorded interpreter, with every package whose
          origin is `manager` in exactly its version, and with no other package. The caller then installs those whose
          origin is `index` or `kept`, verifies every file, and only then starts the interpreter.
        * It never builds: what has no built package cannot be had. Addresses come from the caller's configuration and
          `environ`, never from the record.
        * Where something cannot be had it raises `EnvironmentNotRebuilt`, whose `packages` names each package.

    `bancada.testing.environments.environment_checks` holds a manager to them;
    `bancada.testing.environments.MemoryManager` is one in memory.
    """

    @property
    def name(self) -> str:
        """The manager's name, as records have it."""

    def manages(self, prefix: Path, root: Path) -> bool:
        """Tell whether an environment is this manager's.

        Args:
            prefix: The environment: `sys.prefix` of its interpreter.
            root: The project's root.
        """

    def reads(self, prefix: Path, root: Path) -> tuple[Path, ...]:
        """Name the files and folders that `facts` reads; it is asked each time, so that one which comes is seen.

        Args:
            prefix: The environment.
            root: The project's root.
        """

    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        """Tell what this manager knows of an environment that is its own.

        Args:
            prefix: The environment.
            root: The project's root, where its locks lie.
        """

    def rebuild(self, record: EnvironmentRecord, folder: Path, environ: Mapping[str, str]) -> Path:
        """Make an environment with the recorded interpreter, and with what the manager alone can give back.

        Args:
            record: What was recorded. It may be hostile: names, versions and digests of packages have the form of such,
                and nothing else was checked.
            folder: Where to make it: an empty folder. Who asks removes it, whatever happens.
            environ: The environment variables of programs that are started.

        Returns:
            The interpreter, below `folder`.

        Raises:
            EnvironmentNotRebuilt: What was recorded cannot be had.
        """
