"""Tests of signatures for one purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bancada.exceptions import ConfigurationError
from bancada.provenance.origin import Signatures

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provenance.origin.origin_samples import Signer

MESSAGE = b"a message\n"
OURS = Signatures("bancada.test")


def allow(signers: Path, signer: Signer, options: str = "") -> Path:
    kind, public = signer.key.with_suffix(".pub").read_text().split()[:2]
    signers.write_text(f"{signer.name} {options} {kind} {public}\n")
    return signers


def test_a_signature_of_an_allowed_signer_is_good(ana: Signer, signers: Path) -> None:
    signature = OURS.sign(MESSAGE, ana.key, ask=False)
    assert "\n" not in signature
    assert OURS.judge(MESSAGE, signature, ana.name, allow(signers, ana)) == "good"


def test_a_signature_of_something_else_or_for_another_purpose_is_altered(ana: Signer, signers: Path) -> None:
    signature = OURS.sign(MESSAGE, ana.key, ask=False)
    allow(signers, ana)
    for where in (signers, None):
        assert OURS.judge(b"another\n", signature, ana.name, where) == "altered"
        assert Signatures("bancada.other").judge(MESSAGE, signature, ana.name, where) == "altered"
        assert OURS.judge(MESSAGE, signature[:-9] + signature[-8:], ana.name, where) == "altered"
        assert OURS.judge(MESSAGE, "x; rm", ana.name, where) == "altered"
        assert OURS.judge(MESSAGE, "A" * 30_000, ana.name, where) == "altered"


def test_a_signature_by_somebody_elses_key_is_a_strangers(ana: Signer, eve: Signer, signers: Path) -> None:
    signature = OURS.sign(MESSAGE, eve.key, ask=False)
    assert OURS.judge(MESSAGE, signature, ana.name, allow(signers, ana)) == "stranger"


def test_a_signer_whom_nobody_allows_is_not_checked(ana: Signer, eve: Signer, signers: Path) -> None:
    signature = OURS.sign(MESSAGE, eve.key, ask=False)
    assert OURS.judge(MESSAGE, signature, eve.name, allow(signers, ana)) == "unchecked"
    assert OURS.judge(MESSAGE, signature, eve.name, None) == "unchecked"


def test_a_key_that_is_allowed_for_another_purpose_only_is_no_strangers(ana: Signer, signers: Path) -> None:
    signature = OURS.sign(MESSAGE, ana.key, ask=False)
    allow(signers, ana, 'namespaces="bancada.run"')
    assert OURS.judge(MESSAGE, signature, ana.name, signers) == "unchecked"


def test_a_name_that_is_an_option_is_nobodys(ana: Signer, signers: Path) -> None:
    signature = OURS.sign(MESSAGE, ana.key, ask=False)
    assert OURS.judge(MESSAGE, signature, "-f", allow(signers, ana)) == "altered"


def test_a_file_of_signers_that_is_not_there_is_told(ana: Signer, tmp_path: Path) -> None:
    signature = OURS.sign(MESSAGE, ana.key, ask=False)
    with pytest.raises(ConfigurationError, match="`signers` in the personal settings"):
        OURS.judge(MESSAGE, signature, ana.name, tmp_path / "gone")
