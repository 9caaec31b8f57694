"""The demo project: a folder that can be read, run and changed."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["write_demo"]

# What makes a folder a demo, and what came later: a folder of an earlier version gets the rest.
_CORE = ("bancada.toml", "experiment.py")
FILES = (*_CORE, "guide.md", "approvals.toml")


def write_demo(folder: Path) -> tuple[str, ...]:
    """Write the demo project into a folder; files that are there already stay as they are.

    Args:
        folder: Where to; it is made if need be.

    Returns:
        Names of the files that were written.

    Raises:
        UsageError: The folder holds other things and no demo.
    """
    present = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if present and not present.issuperset(_CORE):
        raise UsageError(
            "The demo goes into a folder that is empty, or that holds the demo already.",
            f"`{folder}` holds {', '.join(f'`{name}`' for name in sorted(present)[:5])}.",
            "Name another folder: `bancada demo FOLDER`.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    source = files("bancada.project") / "demo"
    written = [name for name in FILES if name not in present]
    for name in written:
        (folder / name).write_text((source / name).read_text(encoding="utf-8"), encoding="utf-8")
    return tuple(written)
