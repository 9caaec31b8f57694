"""Two people with SSH keys, of whom one is trusted."""

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
    path = tmp_path / "allowed_signers"
    path.write_text(f"# who is trusted\n{ana.line}")
    return path
