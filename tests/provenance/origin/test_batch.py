"""One signature for many runs: each leads to it, and nothing else does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bancada.identity import digest
from bancada.provenance.origin._batch import Signed, leaf_of, message_of, signed_message, ways

SIZES = st.integers(1, 70)


@given(SIZES)
def test_each_leads_to_the_root(count: int) -> None:
    records = [digest(number) for number in range(count)]
    root, found = ways([leaf_of(record, ()) for record in records])
    for record, way in zip(records, found, strict=True):
        assert signed_message(record, Signed(way=way, signature="")) == message_of(root)


@given(SIZES, st.data())
def test_no_other_record_leads_to_the_root(count: int, data: st.DataObject) -> None:
    records = [digest(number) for number in range(count)]
    root, found = ways([leaf_of(record, ()) for record in records])
    way = found[data.draw(st.integers(0, count - 1))]
    assert signed_message(digest("other"), Signed(way=way, signature="")) != message_of(root)


def test_what_was_said_is_bound() -> None:
    record, said = digest(1), (digest("fit"),)
    root, (way,) = ways([leaf_of(record, said)])
    assert signed_message(record, Signed(said=said, way=way, signature="")) == message_of(root)
    for other in ((), (digest("else"),), (*said, digest("else"))):
        assert signed_message(record, Signed(said=other, way=way, signature="")) != message_of(root)


def test_a_node_is_no_leaf() -> None:
    leaves = [leaf_of(digest(number), ()) for number in range(4)]
    root, found = ways(leaves)
    inner = found[0][1][1]
    assert signed_message(inner, Signed(way=found[0][1:], signature="")) != message_of(root)


def test_a_way_that_is_none_leads_nowhere() -> None:
    for way in ((("up", "0" * 64),), (("left", "0"),), (("left", "0" * 64),) * 65):
        assert signed_message(digest(1), Signed(way=way, signature="")) is None
