"""Binding: columns in their roles, sealed rows out of reach, weights that can be weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bancada.engine._splits import decode_split
from bancada.exceptions import DataError

if TYPE_CHECKING:
    from tests.engine.conftest import Folder


def replace(folder: Folder, old: str, new: str) -> None:
    assert old in folder.parts["problem"]
    folder.write(problem=folder.parts["problem"].replace(old, new))


def test_the_default_split_is_five_folds_three_times(folder: Folder) -> None:
    replace(folder, "split=bc.splits.KFold(4, repeats=2, seed=1),", "")
    binding = folder.binding()
    assert [len(repeat.parts) for repeat in binding.repeats] == [5, 5, 5]
    assert binding.split.identity()["stratify"] is True


def test_the_default_split_compares_with_what_it_means(folder: Folder) -> None:
    before = folder.binding().identity.digest
    replace(folder, "seed=1)", "seed=1, stratify=True)")
    assert folder.binding().identity.digest == before


def test_sealed_rows_are_in_no_table_and_no_fold(folder: Folder) -> None:
    replace(folder, "seed=1)", "seed=1, holdout=0.3)")
    binding = folder.binding()
    sealed = set(range(120)) - set(binding.positions.tolist())
    assert 15 <= len(sealed) == binding.n_sealed <= 60
    assert not sealed & set(binding.ids.to_pylist())
    assert binding.truth.num_rows == binding.target.num_rows == 120 - len(sealed)
    record = folder.run("logistic", in_process=False)[0].record
    for use in record.folds:
        ids = folder.store.folds.predictions(use.key, use.content or "").column("id").to_pylist()
        assert not sealed & set(ids)


def test_sealed_rows_never_reach_a_fit(folder: Folder) -> None:
    replace(folder, "seed=1)", "seed=1, holdout=0.3)")
    replace(folder, 'features=["a", "b", "c"]', 'features=["row", "a"]')
    folder.write(
        more="""
        class Telling(LogisticRegression):
            def fit(self, X, y):
                bc.log(rows=sorted(int(row) for row in X["row"]))
                return super().fit(X, y)

            def predict(self, X):
                bc.log(rows=sorted(int(row) for row in X["row"]))
                return super().predict(X)

        @bc.candidate
        def telling():
            return Telling()
        """
    )
    allowed = set(folder.binding().ids.to_pylist())
    record = folder.run("telling")[0].record
    seen = {
        row
        for use in record.folds
        for line in folder.store.folds.log(use.key, use.content or "")
        for row in line["rows"]
    }
    assert seen == allowed


def test_the_stored_split_is_the_split(folder: Folder) -> None:
    binding = folder.binding()
    for repeat in binding.repeats:
        for kept, part in zip(decode_split(folder.store.objects.get(repeat.content)), repeat.parts, strict=True):
            assert np.array_equal(kept.train, part.train)
            assert np.array_equal(kept.test, part.test)


def test_repeats_are_hashed_one_by_one(folder: Folder) -> None:
    two = [repeat.digest for repeat in folder.binding().repeats]
    replace(folder, "repeats=2", "repeats=3")
    three = [repeat.digest for repeat in folder.binding().repeats]
    assert three[:2] == two
    assert len(set(three)) == 3


@pytest.mark.parametrize(
    "wrong", ["-np.arange(120.0)", "np.zeros(120)", "np.full(120, np.nan)", 'np.array(["x"] * 120)']
)
def test_weights_that_cannot_be_weights_are_refused(folder: Folder, wrong: str) -> None:
    folder.write(head=folder.parts["head"].replace('"weight": np.arange(120) + 1.0', f'"weight": {wrong}'))
    replace(folder, "features", 'weight="weight", features')
    with pytest.raises(DataError, match=r"Weights are numbers that are not negative.*Column `weight` holds others"):
        folder.binding()


def test_weights_reach_metrics_and_the_fit_only_when_asked(folder: Folder) -> None:
    scores = {}
    for name, extra in (("none", ""), ("metrics", 'weight="weight", '), ("fit", 'weight="weight", fit_weight=True, ')):
        original = folder.parts["problem"]
        replace(folder, "features=", f"{extra}features=")
        record = folder.run("bayes")[0].record
        scores[name] = (record.folds[0].content, record.scores[1].estimate.value)
        folder.write(problem=original)
    assert scores["none"][0] == scores["metrics"][0]
    assert scores["none"][1] != scores["metrics"][1]
    assert scores["fit"][0] != scores["metrics"][0]


def test_a_group_must_be_known(folder: Folder) -> None:
    folder.write(
        head=folder.parts["head"]
        .replace('"south")', '"south").astype(object)')
        .replace("    columns =", "    region[3] = None\n    columns =")
    )
    replace(folder, "features", 'groups="region", features')
    with pytest.raises(DataError, match=r"Every row must belong to a group\. Column `region` has 1 row without"):
        folder.binding()


def test_groups_stay_together_and_are_what_is_counted(folder: Folder) -> None:
    folder.write(head=folder.parts["head"].replace('"weight": np.arange(120) + 1.0', '"weight": np.arange(120) // 4'))
    replace(folder, "features", 'groups="weight", features')
    binding = folder.binding()
    for repeat in binding.repeats:
        for part in repeat.parts:
            assert not set(part.train // 4) & set(part.test // 4)
    use = folder.run("bayes")[0].record.folds[0]
    assert (use.n_train or 0) + (use.n_test or 0) == 30
    assert use.rows_test == 4 * (use.n_test or 0)


def test_a_repeat_beyond_those_asked_for_can_be_drawn(folder: Folder) -> None:
    binding = folder.binding()
    assert len(binding.repeats) == 2
    assert binding.drawn[4].number == 4
    assert binding.drawn[0] is binding.repeats[0]
