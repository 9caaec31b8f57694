"""The journal as Markdown, for a page that others read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bancada.display import plain
from bancada.report.journal._sentences import body, foot, head, title, who

if TYPE_CHECKING:
    from bancada.judgement.journal import Journal

__all__ = ["escaped", "journal_markdown"]

# What begins emphasis, code, links, images, tables, entities, mentions or HTML.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&$@])")


def journal_markdown(journal: Journal) -> str:
    """Return the journal as Markdown: a heading for each day, an item for each entry.

    Args:
        journal: What was done.
    """
    lines = [f"# {escaped(title(journal))}"]
    day = ""
    for entry in journal.entries:
        if entry.when[:10] != day:
            day = entry.when[:10]
            lines += ["", f"## {escaped(day)}", ""]
        lines.append(f"- {escaped(entry.when[11:16])} **{escaped(who(entry))}** {escaped(head(entry))}")
        lines += [f"    - {escaped(sentence)}" for sentence in body(entry)]
    for sentence in foot(journal):
        lines += ["", escaped(sentence)]
    return "".join(f"{line}\n" for line in lines)


def escaped(text: str) -> str:
    r"""Return text that Markdown shows as it is, on one line.

    Examples:
        >>> print(escaped("roc_auc <b>"))
        roc\_auc \<b\>
    """
    return _SPECIAL.sub(r"\\\1", plain(text))
