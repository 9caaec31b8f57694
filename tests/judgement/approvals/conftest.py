"""Two people with SSH keys, one of them an allowed signer."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.provenance.origin.origin_samples import Signer

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def ana(tmp_path: Path) -> Signer:
    """Make somebody who is trusted."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("signatures are made and verified by `ssh-keygen`, which is not here")
    return Signer.make(tmp_path, "ana@example.org")


@pytest.fixture
def eve(tmp_path: Path) -> Signer:
    """Make somebody who is not."""
    return Signer.make(tmp_path, "eve@example.org")


@pytest.fixture
def signers(tmp_path: Path, ana: Signer) -> Path:
    """Write a file of allowed signers in which one of them stands."""
    kind, public = ana.key.with_suffix(".pub").read_text().split()[:2]
    path = tmp_path / "allowed_signers"
    path.write_text(f"{ana.name} {kind} {public}\n")
    return path
