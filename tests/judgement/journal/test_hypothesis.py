"""A hypothesis as it is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from bancada.judgement.journal._hypothesis import read_hypothesis

SAMPLE: dict[str, Any] = msgspec.json.decode((Path(__file__).parent / "samples" / "hypothesis-1.json").read_bytes())


def test_the_first_version_stays_readable() -> None:
    found = read_hypothesis(SAMPLE)
    assert found is not None
    assert (found.operator, found.bound, found.claims, found.level) == (">", 0.01, 4, 0.0125)
    assert found.reference is not None
    assert (found.reference.candidate, found.after_data, found.seen.claim) == ("boosting", True, False)
    kept = msgspec.to_builtins(found)
    assert msgspec.json.decode(msgspec.json.encode(kept)) == {name: SAMPLE[name] for name in kept}


@pytest.mark.parametrize(
    "changed",
    [
        {"schema": "store.hypothesis/2"},
        {"operator": "=="},
        {"alpha": 0},
        {"alpha": "low"},
        {"claims": 0},
        {"id": ""},
        {"reference": "boosting"},
    ],
)
def test_what_contradicts_itself_is_none(changed: dict[str, Any]) -> None:
    assert read_hypothesis(SAMPLE | changed) is None


@pytest.mark.parametrize("content", [None, "a reason", [], {}])
def test_what_is_no_hypothesis_is_none(content: object) -> None:
    assert read_hypothesis(content) is None
