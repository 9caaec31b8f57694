"""Notes which files a Python process opens, for `bancada exec`; then steps aside for the user's own `sitecustomize`.

It runs in whatever Python a command starts, 3.8 and later, with or without bancada, so that it needs the standard
library alone and disturbs nothing: whatever fails here is passed over. A line is written when a file is first opened:
flags, a tab, the path. So nothing is lost where a process is killed.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from os.path import abspath

FOLDER = os.environ.get("BANCADA_EXEC_OBSERVED", "")
ROOT = os.environ.get("BANCADA_EXEC_ROOT", "")


def below(path: str, folder: str) -> bool:
    """Tell whether a path lies in a folder."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


class Notes:
    """This process's notes, in a file of its own."""

    def __init__(self, folder: str, root: str) -> None:
        self.root = root
        self.skipped = [place for place in (sys.prefix, sys.base_prefix, sys.exec_prefix) if not below(root, place)]
        self.seen: set[tuple[str, int]] = set()
        name = f"{folder}{os.sep}{os.getpid()}-{os.urandom(4).hex()}"
        self.target = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.place = os.fstat(self.target)[1:3]

    def write(self, head: str, path: str) -> None:
        """Write a line. A process that closes all its files may have opened another one under this number."""
        if os.fstat(self.target)[1:3] == self.place:
            text = os.fsencode(path).replace(b"\\", b"\\\\").replace(b"\n", b"\\n")
            os.write(self.target, head.encode() + b"\t" + text + b"\n")

    def opened(self, path: object, flags: object) -> None:
        """Note that a file is opened."""
        if isinstance(flags, int) and isinstance(path, (str, bytes, os.PathLike)):
            place = abspath(os.fsdecode(path))
            if (place, flags) not in self.seen and not any(below(place, folder) for folder in self.skipped):
                self.seen.add((place, flags))
                self.write(str(flags), place)

    def hook(self, event: str, args: tuple[object, ...]) -> None:
        """Hear what the interpreter does; an audit hook must not raise."""
        try:
            if event == "open":
                self.opened(args[0], args[2])
            elif event == "sqlite3.connect":
                self.opened(args[0], os.O_RDONLY)
        except Exception:  # noqa: BLE001, S110 - see above
            pass

    def modules(self) -> None:
        """Note the sources of the root's modules: bytecode that is kept elsewhere hides that they were read."""
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str) and below(abspath(file), self.root):
                self.hook("open", (file, "r", os.O_RDONLY))


def observe() -> None:
    """Begin to note."""
    import atexit  # noqa: PLC0415 - only where something is observed

    notes = Notes(FOLDER, ROOT)
    notes.write("python", "\t".join((sys.version.split()[0], sys.prefix, sys.executable or "")))
    sys.addaudithook(notes.hook)
    atexit.register(notes.modules)


def step_aside() -> None:
    """Leave the path, and import the user's own `sitecustomize`; what it raises is theirs, and `site` hears it."""
    here = os.path.dirname(abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if abspath(entry) != here]
    sys.path_importer_cache.pop(here, None)
    sys.modules.pop("sitecustomize", None)
    import_module("sitecustomize")


try:
    if FOLDER and hasattr(sys, "addaudithook"):
        observe()
except Exception:  # noqa: BLE001, S110 - a command must run as it would without being observed
    pass
step_aside()
