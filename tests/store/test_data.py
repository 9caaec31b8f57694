"""What is said of versions of data is kept, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.records import DatasetIdentity

if TYPE_CHECKING:
    from bancada.store import Store

NOW, LATER = "2026-01-02T00:00:00+00:00", "2026-01-03T00:00:00+00:00"
IDENTITY = DatasetIdentity(name="churn", version="1", table="d" * 64, n_rows=2, columns=(), id="customer")


def test_the_same_is_said_once(store: Store) -> None:
    recipe = store.objects.put(b"{}")
    first = store.data.say(IDENTITY, NOW, recipe=recipe, rows=None, snapshot=None)
    assert store.data.say(IDENTITY, LATER, recipe=recipe, rows=None, snapshot=None) == first
    other = store.data.say(IDENTITY, LATER, recipe=recipe, rows=None, snapshot="s3://bucket/x.arrow")
    assert store.data.of(IDENTITY.table) == (other, first)
    assert store.data.of("e" * 64) == ()
    assert (first.kept_here, other.kept_here) == (None, None)
    assert len(store.data.paths()) == 2
    assert store.verify() == ()


def test_what_it_names_is_never_collected_and_is_missed(store: Store) -> None:
    recipe, rows, table = (store.objects.put(data) for data in (b"{}", b"rows", b"table"))
    store.data.say(IDENTITY, NOW, recipe=recipe, rows=rows, snapshot=table)
    assert store.collect(before_s=float("inf"), delete=True).objects == 0
    for name in (recipe, rows, table):
        store.objects.path(name).unlink()
    (path,) = store.data.paths()
    assert [finding.what for finding in store.verify()] == [
        f"data/{path.name}: its {what} is missing" for what in ("recipe", "rows", "snapshot")
    ]


def test_what_cannot_be_read_is_passed_over_and_named(store: Store) -> None:
    recipe = store.objects.put(b"{}")
    store.data.say(IDENTITY, NOW, recipe=recipe, rows=None, snapshot=None)
    (path,) = store.data.paths()
    entry = msgspec.json.decode(path.read_bytes())
    strays = {
        "x.json": b"{}",
        f"{'e' * 64}-{'0' * 12}.json": path.read_bytes(),
        f"{'d' * 64}-{'0' * 12}.json": msgspec.json.encode(entry | {"schema": "store.data/2"}),
        f"{'d' * 64}-{'1' * 12}.json": b"{",
    }
    for name, data in strays.items():
        (path.parent / name).write_bytes(data)
    assert len(store.data.all()) == 1
    told = sorted(f"data/{name}: it cannot be read as an entry" for name in strays)
    assert sorted(finding.what for finding in store.verify()) == told
    path.write_bytes(msgspec.json.encode(entry | {"later": 1}))
    assert len(store.data.all()) == 1
