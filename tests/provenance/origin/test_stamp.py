"""Stamps: whatever of a record is altered, its stamp tells."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.provenance.origin.origin_samples import RUN_ID, run_record, statement

from bancada.identity import canonical_json
from bancada.provenance.origin import Key, stamp, stamp_statement
from bancada.provenance.origin._stamp import _canonical, is_stamped, record_digest, said_under, statement_digest
from bancada.records import RunRecord, Statement

KEY, OTHER = Key(b"k" * 32), Key(b"o" * 32)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_a_record_is_its_writers_and_nobody_elses() -> None:
    written = msgspec.json.encode(stamp(run_record(), KEY))
    assert is_stamped(written, KEY)
    assert not is_stamped(written, OTHER)
    assert not is_stamped(msgspec.json.encode(run_record()), KEY)


def test_no_byte_of_a_record_can_be_altered_unseen() -> None:
    written = msgspec.json.encode(stamp(run_record(), KEY))
    meant = msgspec.json.decode(written)
    unseen = []
    for position in range(len(written)):
        for change in (1, 2, 32):
            altered = bytearray(written)
            altered[position] ^= change
            # `1e-05` and `1E-05` are one number: what is said has not changed there.
            if is_stamped(bytes(altered), KEY) and msgspec.json.decode(bytes(altered)) != meant:
                unseen.append((position, change))
    assert unseen == []


def test_fields_that_this_version_does_not_know_are_covered() -> None:
    stamped = stamp(run_record(), KEY)
    content: dict[str, Any] = {**msgspec.to_builtins(run_record()), "future": {"x": 1}}
    theirs = msgspec.json.encode({**content, "origin": stamped.origin})
    assert not is_stamped(theirs, KEY)
    assert msgspec.json.decode(theirs, type=RunRecord) == stamped


@pytest.mark.parametrize(
    "run", [b"", b"[]", b"3", b'"x"', b"{", b'{"origin": 3}', b'{"origin": ""}', b'{"a": 1e999}', b"[" * 5000]
)
def test_what_is_no_record_is_nobodys(run: bytes) -> None:
    assert not is_stamped(run, KEY)


def test_a_field_that_stands_twice_counts_as_it_is_read() -> None:
    written = msgspec.json.encode(stamp(run_record(), KEY))
    for doubled in (
        written[:-1] + b',"candidate":"evil"}',
        b'{"candidate":"evil",' + written[1:],
    ):
        read = msgspec.json.decode(doubled, type=RunRecord)
        assert is_stamped(doubled, KEY) == (read.candidate == "boosting")


def test_a_statement_is_bound_to_its_run() -> None:
    said = stamp_statement(statement(object="0" * 64), RUN_ID, KEY)
    assert said_under(said, RUN_ID, KEY)
    assert not said_under(said, "b" * 26, KEY)
    assert not said_under(said, RUN_ID, OTHER)
    assert not said_under(statement(object="0" * 64), RUN_ID, KEY)


@pytest.mark.parametrize("field", ["kind", "said", "content", "author", "schema"])
def test_no_field_of_a_statement_can_be_altered_unseen(field: str) -> None:
    said = stamp_statement(statement(object="0" * 64), RUN_ID, KEY)
    altered: Statement = msgspec.structs.replace(said, **{field: {"object": "1" * 64} if field == "content" else "x"})
    assert not said_under(altered, RUN_ID, KEY)
    assert statement_digest(altered) != statement_digest(said)


def test_a_stamp_on_a_run_is_none_on_a_statement() -> None:
    run = stamp(run_record(), KEY)
    assert not said_under(msgspec.structs.replace(statement(), origin=run.origin), RUN_ID, KEY)


def test_stamping_does_not_change_what_is_stamped() -> None:
    once = stamp(run_record(), KEY)
    assert stamp(once, KEY) == once
    assert record_digest(msgspec.json.encode(once)) == record_digest(msgspec.json.encode(run_record()))
    assert stamp_statement(stamp_statement(statement(), RUN_ID, KEY), RUN_ID, KEY).origin


@given(JSON)
def test_what_is_stamped_is_canonical_json(value: object) -> None:
    read = msgspec.json.decode(msgspec.json.encode(value))
    assert _canonical(read) == canonical_json(read)
