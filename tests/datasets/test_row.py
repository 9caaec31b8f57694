"""The sentinel for numbered rows."""

from __future__ import annotations

import copy
import pickle

from bancada.datasets import ROW


def test_there_is_one_and_it_shows_as_users_say_it() -> None:
    assert repr(ROW) == "bc.ROW"
    assert pickle.loads(pickle.dumps(ROW)) is ROW  # noqa: S301 - bytes that this very line has pickled
    assert copy.deepcopy(ROW) is ROW
