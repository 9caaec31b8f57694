"""The document `bancada.across/1`."""

from __future__ import annotations

import json

import msgspec

from bancada.judgement.across import AcrossProblems


def test_the_document_begins_with_its_schema_and_passes_over_later_fields() -> None:
    document = AcrossProblems(
        candidates=("a", "b"),
        mean_ranks=(),
        problems=(),
        left_out=(),
        pairs=(),
        friedman=None,
        critical_difference=None,
        alpha=0.05,
        note="no problem has all of them",
        notes=(),
    )
    told = json.loads(msgspec.json.encode(document))
    assert next(iter(told)) == "schema"
    assert told["schema"] == "bancada.across/1"
    assert msgspec.json.decode(json.dumps(told | {"since": 1}), type=AcrossProblems) == document
