"""Finish small runs in a store, as a driver does; print when it began and ended. Usage: writer.py STORE COUNT."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import msgspec

from bancada.engine._writing import RunWriter
from bancada.records import RunRecord
from bancada.store import Store, random_name

store = Store.open(Path(sys.argv[1]), create=True)
template = msgspec.json.decode((Path(sys.argv[1]).parent / "template.json").read_bytes(), type=RunRecord)
count = int(sys.argv[2])
gate = Path(sys.argv[1]).parent / "go"
print("ready", flush=True)
while not gate.exists():
    time.sleep(0.001)
began = time.time()
writer = RunWriter(store)
for _ in range(count):
    run_id = random_name()
    journal = store.runs.journal(template.problem.name, run_id, "driver")
    journal.append(b'{"event": "begin"}')
    journal.close()
    writer.write(msgspec.structs.replace(template, run_id=run_id))
writer.close()
print(json.dumps([began, time.time()]))
