"""Graphics processors, as the kernel tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.provenance._accelerators import Accelerators, accelerators

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

VERSION = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.90.07  Fri May 31 09:35:42 UTC 2024\nGCC version: 12\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_kernel_tells_models_and_driver(tmp_path: Path) -> None:
    write(tmp_path / "proc" / "version", VERSION)
    for number in (1, 2):
        write(tmp_path / "proc" / "gpus" / f"0000:0{number}:00.0" / "information", "Model: \t\t NVIDIA H100\nIRQ: 1\n")
    found = accelerators(tmp_path / "proc", tmp_path / "dev")
    assert found == Accelerators(("NVIDIA H100", "NVIDIA H100"), "550.90.07")


def test_without_devices_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert accelerators(tmp_path / "proc", tmp_path / "dev") == Accelerators()


def test_where_the_kernel_tells_nothing_the_drivers_program_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "dev" / "nvidia0", "")
    write(tmp_path / "bin" / "nvidia-smi", "#!/bin/sh\necho 'NVIDIA H100, 80GB, 550.90.07'\n")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert accelerators(tmp_path / "proc", tmp_path / "dev") == Accelerators()
    (tmp_path / "bin" / "nvidia-smi").chmod(0o755)
    assert accelerators(tmp_path / "proc", tmp_path / "dev") == Accelerators(("NVIDIA H100, 80GB",), "550.90.07")
