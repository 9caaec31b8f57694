"""What capturing the surroundings costs: the first call in a process. Prints seconds."""

import tempfile
import time
from pathlib import Path

from bancada.engine._recording import Surroundings
from bancada.provenance.repository import Repository
from bancada.store import Store

with tempfile.TemporaryDirectory() as folder:
    store = Store.open(Path(folder), create=True)
    started = time.perf_counter()
    Surroundings.capture(Repository(Path.cwd()), store, 1, 1)
    print(time.perf_counter() - started)
