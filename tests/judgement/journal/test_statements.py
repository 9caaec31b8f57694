"""What was said about runs, whoever said it."""

from __future__ import annotations

from typing import Any

import pytest

from bancada.judgement.journal._statements import statement_text
from bancada.records import Statement


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("note", {"text": "good"}, "good"),
        ("withdrawn", {}, ""),
        ("withdrawn", {"because": "leak"}, "leak"),
        (
            "verdict",
            {"verdict": "diverged", "differing": 3, "predictions": 1_200},
            "diverged, 3 of 1,200 predictions differ",
        ),
        ("verdict", {"verdict": "impossible"}, "impossible"),
        ("verdict", {"verdict": "identical", "differing": "x", "predictions": []}, "identical"),
        ("look", {"number": 2}, "look 2"),
        ("look", {"number": "two"}, ""),
        ("score", {"scores": []}, ""),
    ],
)
def test_each_kind_says_what_it_says(kind: str, content: dict[str, Any], text: str) -> None:
    assert statement_text(Statement(kind=kind, said="2026-01-01T00:00:00+00:00", content=content)) == text
