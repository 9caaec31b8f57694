"""What a board says of its champion."""

from __future__ import annotations

import msgspec

from bancada.judgement.champions import Champion


def test_it_is_read_as_it_was_written_and_later_fields_are_passed_over() -> None:
    told = Champion(named="live", run_id="r", label="live C=1", family=3, level=0.0125, late=("b",))
    written = msgspec.json.encode(told)
    assert msgspec.json.decode(written, type=Champion) == told
    more = msgspec.json.decode(written) | {"since": "2030"}
    assert msgspec.json.decode(msgspec.json.encode(more), type=Champion) == told
