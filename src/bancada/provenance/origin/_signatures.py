"""Signatures of what people say, each purpose with a namespace of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bancada.provenance.origin._ssh import is_intact, is_of, is_strange, sign

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Signatures"]

_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_WIDTH = 70
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signatures for one purpose: what was signed for another one, such as a commit or a run, is none here.

    A signature is written down as its base 64 on one line, without the frame that `ssh-keygen` puts around it.

    Args:
        namespace: The purpose, as `ssh-keygen -n` takes it.
    """

    namespace: str

    def sign(self, message: bytes, key: Path, *, ask: bool) -> str:
        """Return the signature of a message.

        Args:
            message: What is signed.
            key: The SSH key.
            ask: True where a passphrase may be asked for on the terminal.

        Raises:
            UsageError: The key cannot be used.
        """
        framed = sign(message, key, ask=ask, namespace=self.namespace)
        return "".join(framed.split("\n")[1:]).removesuffix(_END)

    def judge(
        self, message: bytes, signature: str, who: str, signers: Path | None
    ) -> Literal["good", "altered", "stranger", "unchecked"]:
        """Tell what a signature is worth.

        Args:
            message: What it is said to sign.
            signature: As it was written down.
            who: Who is said to have signed.
            signers: The user's own file of allowed signers; None where there is none.

        Returns:
            `good`: a key of that person, who is an allowed signer. `altered`: it signs something else, or is none.
            `stranger`: it signs this, by a key that is not among those of that person. `unchecked`: it signs this, and
            whose key it is cannot be told: the file has none of that person for this purpose, or there is no file.

        Raises:
            ConfigurationError: The file of allowed signers cannot be read.
            UsageError: There is no `ssh-keygen`.
        """
        framed = _framed(signature)
        if who.startswith("-") or not is_intact(message, framed, self.namespace):
            return "altered"
        if signers is None:
            return "unchecked"
        if is_of(message, framed, who, signers, self.namespace):
            return "good"
        return "stranger" if is_strange(framed, who, signers) else "unchecked"


def _framed(signature: str) -> str:
    lines = [signature[start : start + _WIDTH] for start in range(0, min(len(signature), _LONGEST), _WIDTH)]
    return "\n".join([_BEGIN, *lines, _END, ""])
