"""How two versions of some data differ, by the digests of their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.definitions import find_project
from bancada.engine.rows import row_changes

if TYPE_CHECKING:
    from tests.engine.conftest import Folder


def test_versions_that_runs_have_seen_are_told_apart_and_others_are_not(folder: Folder) -> None:
    first = folder.run("bayes")[0].record
    folder.write(head=folder.parts["head"].replace('"a": x[:, 0]', '"a": np.where(np.arange(120) == 3, 9.0, x[:, 0])'))
    second = folder.run("bayes")[0].record
    project = find_project(folder.root, {"BANCADA_CACHE": str(folder.root / "cache")}, home=folder.root)
    store = folder.store
    one, two = (run.problem.dataset for run in (first, second))
    told = row_changes((one, store), (two, store), project)
    assert told is not None
    assert (told.added, told.removed, told.changed, told.first_changed) == (0, 0, 1, ("3",))
    assert told.columns_changed == ("a",)
    unseen = msgspec.structs.replace(two, table="f" * 64)
    assert row_changes((one, store), (unseen, store), project) is None
