"""Portuguese pages stand beside the English ones, and share their executed examples."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]


def loaded() -> ModuleType:
    """Return the script that copies the examples."""
    spec = importlib.util.spec_from_file_location("shared_examples", ROOT / "docs" / "shared_examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = loaded()
TWINS: list[tuple[Path, Path]] = SCRIPT.twins()


def headings(text: str) -> list[str]:
    """Return the levels of a page's headings, in order."""
    prose = SCRIPT.BLOCK.sub("", text)
    return [match[1] for match in re.finditer(r"^(#+) ", prose, re.MULTILINE)]


def rows(text: str) -> int:
    """Return how many rows a page's tables have together."""
    return len(re.findall(r"^\|", SCRIPT.BLOCK.sub("", text), re.MULTILINE))


@pytest.mark.parametrize(("english", "portuguese"), TWINS, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_portuguese_page_holds_the_examples_of_the_english_one(english: Path, portuguese: Path) -> None:
    ours, theirs = english.read_text(encoding="utf-8"), portuguese.read_text(encoding="utf-8")
    # `python docs/shared_examples.py` copies examples that changed.
    assert SCRIPT.blocks(theirs) == SCRIPT.blocks(ours)


@pytest.mark.parametrize(("english", "portuguese"), TWINS, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_portuguese_page_is_built_like_the_english_one(english: Path, portuguese: Path) -> None:
    ours, theirs = english.read_text(encoding="utf-8"), portuguese.read_text(encoding="utf-8")
    assert headings(theirs) == headings(ours)
    assert rows(theirs) == rows(ours)


def test_no_portuguese_page_is_left_over() -> None:
    expected = {portuguese for _, portuguese in TWINS}
    assert {*(ROOT / "docs" / "pt-BR").rglob("*.md"), ROOT / "README.pt-BR.md"} == expected


def test_an_example_that_changed_is_copied_with_its_fence_and_the_remark_above_it() -> None:
    english = "One.\n\n```python\na = 2\n```\n\n<!-- skip: slow -->\n```console\n$ true\n```\n\nEnd.\n"
    portuguese = "Um.\n\n```python\na = 1\n```\n\n```\n```\n\nFim.\n"
    assert SCRIPT.shared(english, portuguese) == english.replace("One", "Um").replace("End", "Fim")


def test_a_fence_inside_a_longer_fence_is_no_block_of_its_own() -> None:
    page = "````markdown\n```python\na = 1\n```\n````\n"
    assert SCRIPT.blocks(page) == [page.strip()]


def test_pages_with_another_number_of_examples_are_refused() -> None:
    with pytest.raises(ValueError, match="has 1 blocks, the Portuguese one 0"):
        SCRIPT.shared("```\na\n```\n", "Nada.\n")
