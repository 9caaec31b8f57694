"""A split that is kept comes back as it was, whatever its form."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.engine._splits import decode_split, encode_split, split_digest, split_table
from bancada.exceptions import StoreError
from bancada.samples import FoldPart


def drawn(seed: int, n_rows: int, k: int, *, complete: bool, valid: bool) -> tuple[FoldPart, ...]:
    rng = np.random.default_rng(seed)
    fold = rng.permutation(n_rows) % k
    parts = []
    for number in range(k):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        train = train if complete else train[1:]
        if valid:
            parts.append(FoldPart(train[2:], test, train[:2]))
        else:
            parts.append(FoldPart(train, test))
    return tuple(parts)


@given(st.integers(0, 99), st.integers(8, 60), st.integers(2, 4), st.booleans(), st.booleans())
def test_a_kept_split_comes_back(seed: int, n_rows: int, k: int, complete: bool, valid: bool) -> None:
    ids = pa.array([f"id{number}" for number in range(n_rows)])
    parts = drawn(seed, n_rows, k, complete=complete, valid=valid)
    for kept, part in zip(decode_split(encode_split(ids, parts)), parts, strict=True):
        assert np.array_equal(kept.train, part.train)
        assert np.array_equal(kept.test, part.test)
        assert (kept.valid is None) == (part.valid is None)
        assert kept.valid is None or part.valid is None or np.array_equal(kept.valid, part.valid)


def test_every_change_changes_the_digest() -> None:
    parts = drawn(0, 20, 4, complete=True, valid=False)
    digests = {
        split_digest("a", 0, parts),
        split_digest("b", 0, parts),
        split_digest("a", 1, parts),
        split_digest("a", 0, parts[::-1]),
        split_digest("a", 0, parts[:3]),
        split_digest("a", 0, (FoldPart(parts[0].train[1:], parts[0].test), *parts[1:])),
        split_digest("a", 0, (FoldPart(parts[0].train[1:], parts[0].test, parts[0].train[:1]), *parts[1:])),
    }
    assert len(digests) == 7


def test_the_table_spells_every_part_out() -> None:
    parts = (FoldPart(np.array([0, 1]), np.array([3]), np.array([2])),)
    table = split_table(pa.array([10, 11, 12, 13]), 2, parts)
    assert table.to_pydict() == {
        "id": [10, 11, 13, 12],
        "repeat": [2] * 4,
        "fold": [0] * 4,
        "part": ["train", "train", "test", "valid"],
    }


def test_other_bytes_are_no_split() -> None:
    with pytest.raises(StoreError, match="A split is kept as an Arrow table that says its form"):
        decode_split(b"something else entirely, long enough to be read as a header")
