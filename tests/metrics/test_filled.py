"""A function with arguments filled in is a value."""

from __future__ import annotations

import pickle

from bancada.metrics._filled import filled


def test_equal_parts_are_equal_across_a_process_boundary() -> None:
    one = filled(max, 3)
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - bytes of the line itself
    assert one != filled(max, 4)
    assert one(1, 2) == 3
