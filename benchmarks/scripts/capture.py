"""What a run waits for when its surroundings are captured: the first call in a process. Prints seconds."""

import tempfile
import time
from pathlib import Path

from bancada.engine._recording import Surroundings
from bancada.provenance.repository import Repository
from bancada.store import Store

with tempfile.TemporaryDirectory() as folder:
    store = Store.open(Path(folder), create=True)
    started = time.perf_counter()
    here = Surroundings.capture(Repository(Path.cwd()), store, 1, 1, root=Path.cwd(), cache=Path.cwd() / "cache")
    print(time.perf_counter() - started)
    # The look at what is installed goes on beside the work; `benchmarks/environments.py` times it.
    missing = here.looking.kept.missing
