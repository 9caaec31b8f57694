"""Copy the examples of each English page into its Portuguese twin: `python docs/shared_examples.py`.

The examples are executed in the English pages only. A Portuguese page holds the same blocks in the same order, so a
block is found by its number; what stood in it before is replaced. A new page is written with empty blocks.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PORTUGUESE = ROOT / "docs" / "pt-BR"
# The contents of a block may be shared; so is its language, its title and the remark that says why it is not executed.
BLOCK = re.compile(r"^(?:<!-- skip:[^\n]*-->\n)?(?P<fence>`{3,})[^\n]*\n.*?^(?P=fence)$", re.MULTILINE | re.DOTALL)


def twins() -> list[tuple[Path, Path]]:
    """Return the English pages that have a Portuguese twin by rule, and where that one stands."""
    docs = ROOT / "docs"
    pages = [docs / "index.md", docs / "tutorial.md", *sorted((docs / "guide").glob("*.md"))]
    pairs = [(page, PORTUGUESE / page.relative_to(docs)) for page in pages]
    return [(ROOT / "README.md", ROOT / "README.pt-BR.md"), *pairs]


def blocks(text: str) -> list[str]:
    """Return the fenced blocks of a page, fences included."""
    return [match.group() for match in BLOCK.finditer(text)]


def shared(english: str, portuguese: str) -> str:
    """Return the Portuguese page with the examples of the English one.

    Raises:
        ValueError: They do not have the same number of blocks.
    """
    ours, theirs = blocks(english), blocks(portuguese)
    if len(ours) != len(theirs):
        raise ValueError(f"The English page has {len(ours)} blocks, the Portuguese one {len(theirs)}.")
    following = iter(ours)
    return BLOCK.sub(lambda _: next(following), portuguese)


def main() -> int:
    """Bring every Portuguese page up to date; returns 1 where one is missing or has other blocks."""
    failed = 0
    for english, portuguese in twins():
        name = portuguese.relative_to(ROOT)
        if not portuguese.exists():
            sys.stdout.write(f"{name}: missing\n")
            failed = 1
            continue
        before = portuguese.read_text(encoding="utf-8")
        try:
            after = shared(english.read_text(encoding="utf-8"), before)
        except ValueError as error:
            sys.stdout.write(f"{name}: {error}\n")
            failed = 1
            continue
        if after != before:
            portuguese.write_text(after, encoding="utf-8")
            sys.stdout.write(f"{name}: written\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
