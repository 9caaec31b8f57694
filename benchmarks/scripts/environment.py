"""Captures the environment named first with the cache named second, and rebuilds it in the folder named third.

Prints seconds, packages and files as JSON; without a third argument nothing is rebuilt.
"""

import json
import os
import sys
import time
from hashlib import sha256
from pathlib import Path

from bancada.environments import _capture, rebuild
from bancada.environments._memory import Memory
from bancada.provenance import find_secrets

prefix, cache = Path(sys.argv[1]), Path(sys.argv[2])
search = [str(site) for site in prefix.glob("lib/python3*/site-packages")]
kept: dict[str, bytes] = {}
started = time.perf_counter()
captured = _capture.capture_of(prefix, search, Path.cwd(), cache, find_secrets)
for value in captured.objects.values():
    data = value if isinstance(value, bytes) else value.read_bytes()
    kept[sha256(data).hexdigest()] = data
seen = time.perf_counter() - started
known = Memory(cache, prefix).packages.values()
found = {
    "capture": seen,
    "packages": len(captured.record.packages),
    "files": sum(len(names) for was in known for names in was.watched.values()),
}
if len(sys.argv) > 3:
    started = time.perf_counter()
    rebuild(captured.record, kept.__getitem__, Path(sys.argv[3]), dict(os.environ))
    found["rebuild"] = time.perf_counter() - started
print(json.dumps(found))
