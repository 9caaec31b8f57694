"""What a program imports, so that its imports can be timed alone.

Usage:
    imported.py --note FILE -m MODULE ARGUMENT…     run a module and note what it imported, in order
    imported.py --note FILE SCRIPT ARGUMENT…        the same for a script
    imported.py --load FILE                         import what was noted, and nothing else
"""

import atexit
import contextlib
import importlib
import json
import os
import runpy
import sys
from pathlib import Path

mode, file, *rest = sys.argv[1:]
sys.path[0] = os.getcwd()  # noqa: PTH109 - pathlib is what is measured elsewhere

if mode == "--note":
    noting = os.getpid()

    def note() -> None:
        """Write the names of the modules that are loaded now; forks of this process write nothing."""
        if os.getpid() == noting:
            Path(file).write_text(json.dumps([name for name in sys.modules if name != "__main__"]), encoding="utf-8")

    atexit.register(note)
    if rest[0] == "-m":
        sys.argv = rest[1:]
        runpy.run_module(rest[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = rest
        runpy.run_path(rest[0], run_name="__main__")
else:
    for name in json.loads(Path(file).read_text(encoding="utf-8")):
        # Some modules can be imported by their package only, which came before them.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
