"""The journal as text."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from bancada.display import plain
from bancada.report.journal._sentences import body, foot, head, title, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.judgement.journal import Journal

__all__ = ["WIDTH", "journal_text"]

WIDTH = 100
_HANG = " " * 4


def journal_text(journal: Journal, width: int = WIDTH) -> str:
    """Return the journal as lines of at most so many characters, but for words that are longer.

    Args:
        journal: What was done.
        width: Characters of a line.
    """
    lines = [plain(title(journal)), ""]
    for entry in journal.entries:
        when = entry.when[:16].replace("T", " ")
        lines += _set(f"{when}  {who(entry)} {head(entry)}", width, "", _HANG)
        for sentence in body(entry):
            lines += _set(sentence, width, _HANG, _HANG * 2)
    if not journal.entries:
        lines.append("No entry: `bancada run` makes one, and without `--since` and `--candidate` all are told.")
    told = list(foot(journal))
    lines += ["", *told] if told else []
    return "".join(f"{line}\n" for line in lines)


def _set(text: str, width: int, first: str, hang: str) -> Iterator[str]:
    yield from textwrap.wrap(
        plain(text),
        max(width, 20),
        initial_indent=first,
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
