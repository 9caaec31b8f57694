"""A table as HTML that carries its own style and no script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bancada.display._plain import plain
from bancada.display._table import cell_text, kept_columns, padded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.display._table import Table

__all__ = ["page", "to_html"]

_FIGURE_SPACE = "\N{FIGURE SPACE}"
_POINT_SPACE = "\N{PUNCTUATION SPACE}"


def to_html(table: Table) -> Markup:
    """Set a table as a fragment for a notebook or a page, readable on a light and on a dark ground.

    Args:
        table: What to show.

    Returns:
        A fragment with a small style of its own, no script, every text escaped.

    Examples:
        >>> from bancada.display import Column, Table
        >>> "&lt;b&gt;" in to_html(Table((Column("candidate"),), (("<b>",),)))
        True
    """
    shown = kept_columns(table)
    grid = []
    for position in shown:
        texts = [cell_text(row[position]) for row in table.rows]
        decimal = table.columns[position].align == "decimal"
        grid.append(padded(texts, digit=_FIGURE_SPACE, point=_POINT_SPACE) if decimal else texts)
    columns = [
        {"name": plain(table.columns[position].name), "css": "l" if table.columns[position].align == "left" else "n"}
        for position in shown
    ]
    tones = table.tones or ("",) * len(table.rows)
    return Markup(  # noqa: S704 - the template escapes every value that it is given
        _environment()
        .get_template("table.html.jinja")
        .render(
            style=_style(),
            caption=[plain(line) for line in table.caption],
            notes=[plain(line) for line in table.notes],
            columns=columns,
            rows=[
                {"tone": tone, "cells": list(cells)} for tone, cells in zip(tones, zip(*grid, strict=True), strict=True)
            ],
        )
    )


def page(title: str, fragments: Iterable[str]) -> str:
    """Set fragments as a page that may load nothing and run nothing.

    Args:
        title: Title and first heading.
        fragments: What `to_html` returned; any other string is shown as text.

    Returns:
        An HTML document whose content security policy allows the styles of its own tables and nothing else.
    """
    styles = [_style(), _page_style()]
    sources = " ".join(f"'sha256-{_sha256(style)}'" for style in styles)
    policy = f"default-src 'none'; style-src {sources}; img-src data:; base-uri 'none'; form-action 'none'"
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(title=plain(title), policy=policy, style=_page_style(), fragments=list(fragments))
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("bancada.display"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> Markup:
    return _stylesheet("table.css")


@cache
def _page_style() -> Markup:
    return _stylesheet("page.css")


def _stylesheet(name: str) -> Markup:
    # Our own file, and quotes in it must stay quotes; the policy of a page knows it by its digest.
    return Markup(_environment().get_template(name).render().strip())  # noqa: S704 - a file of this package


def _sha256(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
