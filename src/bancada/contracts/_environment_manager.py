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
        * `reads` names every file and folder on which the answer of `facts` depends: until one of them changes, comes
          or goes, or the packages change, `facts` is not asked again.
        * None raises for what it finds: a folder that is not there is not managed, a lock that cannot be read is a
          note that names it.
        * The path of a lock is relative to the root and leads to nothing outside it; names in `pins` and `gives` are
          normalised.
        * What `facts` tells holds no credentials, nor the address of an index with user-info.
        * `rebuild` makes an environment in an empty folder that has exactly the packages whose origin is `index`,
          `kept` and `manager`, in exactly their versions, the kept ones from the wheels that it is given.
        * It never builds: what has no wheel cannot be had. Index addresses come from the caller's configuration and
          `environ`, never from the record.
        * It starts no interpreter of the environment once a package is in it: its caller verifies the files first.
        * Where packages cannot be had it raises `EnvironmentNotRebuilt`, whose `packages` names each of them.

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
        """Name the files and folders that `facts` reads, those that may yet come included.

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

    def rebuild(
        self, record: EnvironmentRecord, wheels: Mapping[str, Path], folder: Path, environ: Mapping[str, str]
    ) -> Path:
        """Make an environment again.

        Args:
            record: What was recorded. It may be hostile: names and versions were checked, nothing else was.
            wheels: By normalised name, the wheel of each package that was kept.
            folder: Where to make it: an empty folder. Who asks removes it, whatever happens.
            environ: The environment variables of programs that are started.

        Returns:
            The interpreter, below `folder`.

        Raises:
            EnvironmentNotRebuilt: What was recorded cannot be had.
        """
