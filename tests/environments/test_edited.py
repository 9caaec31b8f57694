"""Edited packages are told by what is remembered, and by a look where that is not what is there."""

from __future__ import annotations

import os
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from bancada.environments import _edited as internals
from bancada.environments import edited

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One installed package, which is all that there is."""
    site = tmp_path / "site"
    metadata = site / "plain-1.0.dist-info"
    metadata.mkdir(parents=True)
    module = site / "plain.py"
    module.write_text("x = 1\n")
    digest = urlsafe_b64encode(sha256(module.read_bytes()).digest()).rstrip(b"=").decode()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: plain\nVersion: 1.0\n")
    (metadata / "RECORD").write_text(f"plain.py,sha256={digest},6\nplain-1.0.dist-info/METADATA,,\n")
    monkeypatch.setattr("sys.path", [str(site)])
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    for path in (*metadata.iterdir(), metadata, module, site):
        age(path)
    return module


def age(path: Path) -> None:
    """Put a file's times back, so that it is old enough to be remembered; that of its inode is not checked then."""
    then = time.time_ns() - 10_000_000_000
    os.utime(path, ns=(then, then))


def ask(module: Path, *names: str) -> dict[str, str]:
    return edited(frozenset(names), module.parent.parent, module.parent.parent / "cache", lambda _: ())


def test_an_edit_is_found_and_forgotten_when_it_is_undone(module: Path) -> None:
    assert ask(module, "plain") == {}
    module.write_text("x = 2\n")
    first = ask(module, "plain")
    assert set(first) == {"plain"}
    module.write_text("x = 3\n")
    assert set(ask(module, "plain")) == {"plain"}
    assert ask(module, "plain") != first
    assert ask(module, "other") == {}
    module.write_text("x = 1\n")
    assert ask(module, "plain") == {}


def test_what_is_remembered_is_not_read_again(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if it had been installed long ago: the clock of an inode cannot be put back.
    monkeypatch.setattr("bancada.environments._stamps._YOUNG_NS", -1_000_000_000_000)
    module.write_text("x = 2\n")
    found = ask(module, "plain")
    monkeypatch.setattr(internals, "capture_of", None)
    assert ask(module, "plain") == found
    assert set(found) == {"plain"}
