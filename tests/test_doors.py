"""Doors: what a package's `__init__.py` exports is what its `__all__` says, and what the API page shows."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src"
DOORS = sorted((SRC / "bancada").rglob("__init__.py"))
MOST_NAMES = 15
MOST_NAMES_AT_THE_ROOT = 25


def module_name(door: Path) -> str:
    return ".".join(door.parent.relative_to(SRC).parts)


def statements(door: Path) -> list[ast.stmt]:
    """List the top-level statements of a door, those under `if TYPE_CHECKING:` included."""
    body: list[ast.stmt] = []
    for node in ast.parse(door.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            body += node.body
        else:
            body.append(node)
    return body


def imported_names(door: Path) -> set[str]:
    """Collect the public names that a door takes from the rooms behind it."""
    return {
        alias.asname or alias.name
        for node in statements(door)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "bancada"
        for alias in node.names
    }


every_door = pytest.mark.parametrize("door", DOORS, ids=module_name)


@every_door
def test_all_is_what_the_door_exports(door: Path) -> None:
    module = importlib.import_module(module_name(door))
    names = list(getattr(module, "__all__", []))
    assert len(names) == len(set(names))
    assert set(names) == imported_names(door)
    for name in names:
        getattr(module, name)


@every_door
def test_a_door_has_few_names(door: Path) -> None:
    module = importlib.import_module(module_name(door))
    most = MOST_NAMES_AT_THE_ROOT if module.__name__ == "bancada" else MOST_NAMES
    assert len(getattr(module, "__all__", [])) <= most


@every_door
def test_a_door_refuses_what_it_does_not_have(door: Path) -> None:
    module = importlib.import_module(module_name(door))
    with pytest.raises(AttributeError, match="no_such_name"):
        getattr(module, "no_such_name")  # noqa: B009 - as an attribute it would be a statement without effect


@every_door
def test_a_door_has_no_logic_but_the_lazy_one(door: Path) -> None:
    tables = 0
    for node in statements(door):
        if isinstance(node, ast.FunctionDef):
            assert node.name in {"__dir__", "__getattr__"}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            name = ast.unparse(target)
            tables += isinstance(node.value, ast.Dict)
            assert name in {"__all__", "__version__"} or name.startswith("_"), name
        else:
            assert isinstance(node, ast.Import | ast.ImportFrom | ast.Expr), ast.unparse(node)
            assert not isinstance(node, ast.Expr) or isinstance(node.value, ast.Constant), ast.unparse(node)
    assert tables <= 1, "one table of names is enough"


def test_the_api_page_shows_every_public_name() -> None:
    check = [sys.executable, str(ROOT / "docs" / "api_page.py"), "--check"]
    answer = subprocess.run(check, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 0, answer.stderr
