"""Signatures by SSH keys: `ssh-keygen` makes them, and verifies them."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from bancada.exceptions import ConfigurationError, UsageError
from bancada.provenance.origin._ssh import sign, verify

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provenance.origin.origin_samples import Signer

MESSAGE = b"a message\n"


def test_an_allowed_signer_is_known_by_name(ana: Signer, signers: Path) -> None:
    signature = sign(MESSAGE, ana.key, ask=False)
    assert verify(MESSAGE, signature, signers) == "ana@example.org"
    assert verify(b"another message\n", signature, signers) == ""


def test_a_signer_who_is_not_allowed_is_nobody(eve: Signer, signers: Path) -> None:
    assert verify(MESSAGE, sign(MESSAGE, eve.key, ask=False), signers) == ""


def test_a_signature_for_another_purpose_is_none(ana: Signer, signers: Path) -> None:
    words = ["ssh-keygen", "-Y", "sign", "-q", "-f", str(ana.key), "-n", "git"]
    other = subprocess.run(words, input=MESSAGE, capture_output=True, check=True, timeout=30).stdout.decode()
    assert verify(MESSAGE, other, signers) == ""


@pytest.mark.parametrize(
    "signature", ["", "x", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n", "A" * 99]
)
def test_what_is_no_signature_is_nobodys(signature: str, signers: Path) -> None:
    assert verify(MESSAGE, signature, signers) == ""


def test_a_damaged_signature_is_nobodys(ana: Signer, signers: Path) -> None:
    lines = sign(MESSAGE, ana.key, ask=False).splitlines()
    lines[2] = lines[2][::-1]
    assert verify(MESSAGE, "\n".join(lines) + "\n", signers) == ""


def test_a_file_of_signers_that_is_not_there_is_told(ana: Signer, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"`signers` in the personal settings names .* cannot be read"):
        verify(MESSAGE, sign(MESSAGE, ana.key, ask=False), tmp_path / "gone")


def test_a_key_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no file `.*gone`"):
        sign(MESSAGE, tmp_path / "gone", ask=False)


def test_a_key_that_needs_a_passphrase_does_not_wait_for_it(ana: Signer) -> None:
    words = ["ssh-keygen", "-q", "-p", "-P", "", "-N", "a phrase", "-f", str(ana.key)]
    subprocess.run(words, check=True, timeout=30, stdout=subprocess.DEVNULL)
    with pytest.raises(UsageError, match=r"cannot sign with .*ssh-add"):
        sign(MESSAGE, ana.key, ask=False)


def test_a_key_in_an_agent_signs(ana: Signer, signers: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    socket = f"{os.path.relpath(tmp_path)}/s"
    if len(socket) > 100:
        pytest.skip("the test's folder has a name that is too long for a socket")
    with subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.PIPE, text=True) as agent:
        try:
            assert agent.stdout is not None
            agent.stdout.readline()
            monkeypatch.setenv("SSH_AUTH_SOCK", socket)
            subprocess.run(["ssh-add", "-q", str(ana.key)], check=True, timeout=30, stderr=subprocess.DEVNULL)
            ana.key.unlink()
            assert verify(MESSAGE, sign(MESSAGE, ana.key.with_suffix(".pub"), ask=False), signers) == ana.name
        finally:
            agent.terminate()


def test_without_the_program_it_is_said_how_to_get_it(
    ana: Signer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="Install OpenSSH's client programs"):
        sign(MESSAGE, ana.key, ask=False)
