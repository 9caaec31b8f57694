"""Signatures by SSH keys: made and verified by `ssh-keygen`, as git does it."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.exceptions import ConfigurationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NAMESPACE", "is_intact", "is_of", "is_strange", "sign", "verify"]

NAMESPACE = "bancada.run"
_PROGRAM = "ssh-keygen"
_SIGNATURE = re.compile(r"-----BEGIN SSH SIGNATURE-----\n[A-Za-z0-9+/=\n]{1,20000}\n-----END SSH SIGNATURE-----\n?")
_RULE = "Records are signed by `ssh-keygen`, of OpenSSH 8.2 or later."
# A key that waits to be touched is touched within this time, or the run goes unsigned.
_SIGN_S = 30.0
_VERIFY_S = 10.0


def sign(message: bytes, key: Path, *, ask: bool, namespace: str = NAMESPACE) -> str:
    """Return the signature of a message.

    Args:
        message: What is signed.
        key: The private key, or the public key of one that an agent holds.
        ask: True where `ssh-keygen` may ask for a passphrase on the terminal; else a key that needs one fails.
        namespace: What the signature is for: one that was made for another purpose is none.

    Raises:
        UsageError: There is no `ssh-keygen`, no such key, or it cannot be used.
    """
    if not key.is_file():
        raise UsageError(
            "`key` in the personal settings names an SSH key.", f"There is no file `{key}`.", "Correct its path."
        )
    try:
        # Without a terminal of its own it cannot ask, and without asking it cannot hold a run up.
        done = _call(["sign", "-q", "-f", str(key), "-n", namespace], message, _SIGN_S, apart=not ask)
    except subprocess.TimeoutExpired:
        raise UsageError(
            "Signing takes a moment.",
            f"`{_PROGRAM}` has not answered within {_SIGN_S:.0f} s.",
            "See whether the key waits to be touched, and sign again with `bancada sign`.",
        ) from None
    signature = done.stdout.decode(errors="replace")
    if done.returncode or not _SIGNATURE.fullmatch(signature):
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it gave no reason"]
        raise UsageError(
            "A record is signed by a key that can be used.",
            f"`{_PROGRAM}` cannot sign with `{key}`: {said[-1]}.",
            "Add the key to an agent with `ssh-add`, or correct `key` in the personal settings.",
        )
    return signature


def verify(message: bytes, signature: str, signers: Path) -> str:
    """Return the allowed signer who has signed a message; empty where none has.

    Args:
        message: What was signed.
        signature: As a record gives it.
        signers: A file of allowed signers, as `man ssh-keygen` describes it; it must be the user's own.

    Raises:
        ConfigurationError: The file cannot be read.
        UsageError: There is no `ssh-keygen`.
    """
    if not _SIGNATURE.fullmatch(signature):
        return ""
    _check_readable(signers)
    with tempfile.TemporaryDirectory(prefix="bancada-") as folder:
        place = Path(folder) / "signature"
        place.write_text(signature, encoding="ascii")
        files = ["-f", str(signers), "-s", str(place)]
        try:
            found = _call(["find-principals", *files], b"", _VERIFY_S)
            names = found.stdout.decode(errors="replace").splitlines() if found.returncode == 0 else []
            for name in names[:1]:
                done = _call(["verify", "-I", name, "-n", NAMESPACE, *files], message, _VERIFY_S)
                if done.returncode == 0:
                    return name
        except subprocess.TimeoutExpired:
            return ""
    return ""


def is_intact(message: bytes, signature: str, namespace: str) -> bool:
    """Tell whether a signature is one of this message, whoever has made it.

    Args:
        message: What was signed.
        signature: As it was written down.
        namespace: What it must be for.

    Raises:
        UsageError: There is no `ssh-keygen`.
    """
    return _holds(["check-novalidate", "-n", namespace], message, signature)


def is_of(message: bytes, signature: str, who: str, signers: Path, namespace: str) -> bool:
    """Tell whether an allowed signer has made this signature of this message.

    Args:
        message: What was signed.
        signature: As it was written down.
        who: The signer.
        signers: The user's own file of allowed signers.
        namespace: What it must be for.

    Raises:
        ConfigurationError: The file of allowed signers cannot be read.
        UsageError: There is no `ssh-keygen`.
    """
    _check_readable(signers)
    return _holds(["verify", "-I", who, "-n", namespace, "-f", str(signers)], message, signature)


def is_strange(signature: str, who: str, signers: Path) -> bool:
    """Tell whether a file of allowed signers has keys of somebody, and the one that signed is none of them.

    An OpenSSH before 8.9 cannot tell whom a file has; then it is False.

    Args:
        signature: As it was written down.
        who: The signer.
        signers: The user's own file of allowed signers.
    """
    with tempfile.TemporaryDirectory(prefix="bancada-") as folder:
        place = Path(folder) / "signature"
        place.write_text(signature, encoding="ascii")
        try:
            if _call(["match-principals", "-I", who, "-f", str(signers)], b"", _VERIFY_S).returncode:
                return False
            found = _call(["find-principals", "-f", str(signers), "-s", str(place)], b"", _VERIFY_S)
        except subprocess.TimeoutExpired:
            return False
    # A key may be theirs for other purposes only: that is no stranger's.
    return who not in found.stdout.decode(errors="replace").replace(",", "\n").splitlines()


def _holds(words: Sequence[str], message: bytes, signature: str) -> bool:
    if not _SIGNATURE.fullmatch(signature):
        return False
    with tempfile.TemporaryDirectory(prefix="bancada-") as folder:
        place = Path(folder) / "signature"
        place.write_text(signature, encoding="ascii")
        try:
            return _call([*words, "-s", str(place)], message, _VERIFY_S).returncode == 0
        except subprocess.TimeoutExpired:
            return False


def _check_readable(signers: Path) -> None:
    try:
        with signers.open("rb"):
            pass
    except OSError as error:
        raise ConfigurationError(
            "`signers` in the personal settings names a file of allowed signers.",
            f"`{signers}` cannot be read: {error.strerror or error}.",
            "Correct its path, or take `signers` out: then nobody's signature counts.",
        ) from error


def _call(
    words: Sequence[str], message: bytes, limit_s: float, *, apart: bool = True
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [_PROGRAM, "-Y", *words],
            input=message,
            capture_output=True,
            timeout=limit_s,
            check=False,
            start_new_session=apart,
        )
    except FileNotFoundError:
        raise UsageError(_RULE, "There is none on the PATH.", "Install OpenSSH's client programs.") from None
