"""Tables as Markdown, for a repository or a page of a team."""

from __future__ import annotations

from bancada.display.markdown._markdown import to_markdown

__all__ = ["to_markdown"]
