"""Tests of single approvals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bancada.judgement.approvals._entries import Approval, entry_of, message_of

RAW: dict[str, Any] = {
    "problem": "risk",
    "subject": "evaluation",
    "role": "product",
    "who": "ana@example.org",
    "when": "2026-11-23T12:00:00+00:00",
    "digest": "0" * 64,
    "parts": {"margin": "0" * 16},
}


def test_a_whole_entry_is_read_and_what_nobody_knows_is_kept() -> None:
    entry = entry_of(RAW | {"ticket": "AB-1"})
    assert entry.wrong == ""
    assert isinstance(entry.said, Approval)
    assert (entry.said.who, entry.said.signature) == ("ana@example.org", "")
    assert entry.raw["ticket"] == "AB-1"
    assert entry.place == ("risk", "evaluation", "product", "ana@example.org", "2026-11-23T12:00:00+00:00")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"role": 3}, "it is no whole entry: Expected `str`, got `int`"),
        ({"subject": "evaluatoin"}, "it is about 'evaluatoin' (did you mean `evaluation`?)"),
        ({"who": ""}, "its `who` is ''"),
        ({"who": "ana\x1b[31m"}, r"its `who` is 'ana\x1b[31m'"),
        ({"who": "a" * 1_000}, "its `who` is 'aaa"),
        ({"digest": "abc"}, "its digest is 'abc', not 64 hexadecimal digits"),
        ({"digest": "A" * 64}, "not 64 hexadecimal digits"),
        ({"parts": {"margin": "x"}}, "its parts are no digests of 16 hexadecimal digits"),
        ({"parts": {str(number): "0" * 16 for number in range(5_001)}}, "its parts are no digests"),
        ({"evidence": {"tests": "many"}}, "it is no whole entry"),
        ({"noted": dt.date(2026, 1, 1)}, "it holds a value that is neither text nor number"),
        ({"noted": float("nan")}, "it holds a value that is neither text nor number"),
    ],
)
def test_what_is_wrong_with_an_entry_is_told(change: dict[str, Any], message: str) -> None:
    entry = entry_of(RAW | change)
    assert entry.said is None
    assert message in entry.wrong


@pytest.mark.parametrize("raw", [3, "x", [], None])
def test_what_is_no_entry_is_told(raw: object) -> None:
    assert entry_of(raw).wrong == f"it is {raw!r} and no entry"


def test_a_lacking_field_is_told_by_name() -> None:
    assert "missing required field `digest`" in entry_of({key: RAW[key] for key in RAW if key != "digest"}).wrong


@pytest.mark.parametrize("key", [*RAW, "evidence", "ticket"])
def test_every_field_is_signed_but_the_signature(key: str) -> None:
    assert message_of(RAW | {key: "other"}) != message_of(RAW)
    assert message_of(RAW | {"signature": "x"}) == message_of(RAW)
    assert message_of(dict(reversed(RAW.items()))) == message_of(RAW)
