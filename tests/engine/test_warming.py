"""What workers inherit: it is made once, is no risk to a fork, and shows what a fold has replaced."""

from __future__ import annotations

import os
import subprocess
import sys

from bancada.engine._restoring import LibraryState
from bancada.engine._worker import _inherited

FORKED = """
import os
import sys

import numpy as np
import pandas
import sklearn.naive_bayes

from bancada.engine import _warming
from bancada.engine._restoring import ProcessState
from bancada.engine._worker import _inherited
from bancada.executors._hazard import fork_hazard

assert fork_hazard() is None, fork_hazard()
assert _inherited() is None
before = set(sys.modules)
if os.fork() == 0:
    libraries = _inherited()
    assert libraries is _warming.LIBRARIES
    for replaced in (False, True):
        state = ProcessState(libraries)
        state.begin()
        if replaced:
            np.load = lambda *_: None
        print(state.restore("a", 0.0), flush=True)
    from sklearn.utils import check_array
    check_array(pandas.DataFrame({"x": [1.0]}))
    assert set(sys.modules) == before, set(sys.modules) - before
    print("nothing is left to load", flush=True)
    os._exit(0)
os.wait()
"""


def test_workers_inherit_what_the_libraries_were() -> None:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert done.stdout.splitlines() == ["", "`numpy.load` was replaced", "nothing is left to load"], done.stderr


def test_a_process_that_was_not_forked_looks_itself() -> None:
    assert LibraryState().pid == os.getpid()
    assert _inherited() is None
