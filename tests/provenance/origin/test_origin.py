"""Whose a run is: the user's own, a colleague's, or nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.provenance.origin.origin_samples import RUN_ID, Signer, run_record, statement

from bancada.exceptions import StoreError
from bancada.provenance.origin import Key, Origin, origin_of, said_by, sign_batch, stamp, stamp_statement

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.records import Statement

KEY, OTHER = Key(b"k" * 32), Key(b"o" * 32)
RUN = msgspec.json.encode(stamp(run_record(), KEY))
OWN, FOREIGN = Origin("own"), Origin("foreign")


def signature_of(runs: list[tuple[bytes, list[Statement]]], who: Signer) -> list[Statement]:
    return [statement("signature", **content) for content in sign_batch(runs, who.key, ask=False)]


def test_a_run_is_its_writers_own_and_foreign_to_others() -> None:
    assert origin_of(RUN, (), KEY, None) == OWN
    assert origin_of(RUN, (), OTHER, None) == FOREIGN
    assert origin_of(RUN, (), None, None) == FOREIGN


def test_a_run_that_an_allowed_signer_has_signed_is_a_colleagues(ana: Signer, signers: Path) -> None:
    said = signature_of([(RUN, [])], ana)
    assert origin_of(RUN, said, OTHER, signers) == Origin("colleague", ana.name)
    assert str(origin_of(RUN, said, OTHER, signers)) == "colleague (ana@example.org)"
    assert origin_of(RUN, said, OTHER, None) == FOREIGN
    assert origin_of(RUN, said, KEY, signers) == OWN


def test_a_run_that_somebody_else_has_signed_is_foreign(ana: Signer, eve: Signer, signers: Path) -> None:
    theirs = signature_of([(RUN, [])], eve)
    assert origin_of(RUN, theirs, OTHER, signers) == FOREIGN
    both = [*signature_of([(RUN, [])], ana), *theirs]
    assert origin_of(RUN, both, OTHER, signers) == Origin("colleague", ana.name)


def test_a_signature_beside_another_record_is_none(ana: Signer, signers: Path) -> None:
    other = msgspec.json.encode(msgspec.structs.replace(run_record(), candidate="evil"))
    assert origin_of(other, signature_of([(RUN, [])], ana), OTHER, signers) == FOREIGN


def test_one_signature_stands_for_a_sweep(ana: Signer, signers: Path) -> None:
    runs = [msgspec.json.encode(run_record(str(number) * 26)) for number in range(5)]
    said = signature_of([(run, []) for run in runs], ana)
    assert len({item.content["signature"] for item in said}) == 1
    for run, item in zip(runs, said, strict=True):
        assert origin_of(run, [item], None, signers).kind == "colleague"
    assert origin_of(runs[0], [said[1]], None, signers) == FOREIGN


def test_what_is_said_later_is_not_covered_by_a_signature(ana: Signer, signers: Path) -> None:
    fit, later = statement(object="0" * 64), statement(object="1" * 64)
    said = [fit, later, *signature_of([(RUN, [fit])], ana)]
    assert said_by(fit, RUN, RUN_ID, said, OTHER, signers) == Origin("colleague", ana.name)
    assert said_by(later, RUN, RUN_ID, said, OTHER, signers) == FOREIGN
    assert said_by(fit, RUN, RUN_ID, said, OTHER, None) == FOREIGN


def test_what_one_says_oneself_is_own() -> None:
    fit = stamp_statement(statement(object="0" * 64), RUN_ID, KEY)
    assert said_by(fit, RUN, RUN_ID, [fit], KEY, None) == OWN
    assert said_by(fit, RUN, "b" * 26, [fit], KEY, None) == FOREIGN


@pytest.mark.parametrize(
    "content", [{}, {"signature": 3}, {"signature": "x", "way": "y"}, {"signature": "x", "way": [["left"]]}]
)
def test_a_signature_that_cannot_be_read_is_none(content: dict[str, object], signers: Path) -> None:
    assert origin_of(RUN, [statement("signature", **content)], OTHER, signers) == FOREIGN


def test_of_very_many_signatures_the_newest_are_looked_at(ana: Signer, signers: Path) -> None:
    false = [statement("signature", signature="x", way=[]) for _ in range(10_000)]
    said = signature_of([(RUN, [])], ana)
    assert origin_of(RUN, [*false, *said], OTHER, signers).kind == "colleague"
    assert origin_of(RUN, [*said, *false], OTHER, signers) == FOREIGN


def test_what_is_no_record_is_not_signed(ana: Signer) -> None:
    with pytest.raises(StoreError, match="Found one that is no JSON object"):
        sign_batch([(b"[]", [])], ana.key, ask=False)
    assert sign_batch([], ana.key, ask=False) == ()
