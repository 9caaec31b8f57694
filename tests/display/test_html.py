"""HTML shows text as text."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from bancada.display import Column, Table, page, to_html


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


def _table(text: str) -> Table:
    return Table((Column(text), Column("n", "decimal")), ((text, "0.5"),), caption=(text,), notes=(text,))


@given(st.text(max_size=40))
def test_no_text_becomes_a_tag_or_an_attribute(text: str) -> None:
    reader = _read(to_html(_table(text)))
    plain = _read(to_html(_table("x")))
    assert reader.tags == plain.tags
    assert reader.attributes == plain.attributes


def test_markup_is_shown_as_text() -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    html = to_html(_table(nasty))
    assert _read(html).texts.count(nasty) == 4
    assert "<script" not in html


def test_a_fragment_loads_and_runs_nothing() -> None:
    html = to_html(_table("x"))
    assert not re.search(r"<script|javascript:|url\(|@import|https?:|\son\w+=|\sstyle=", html)


def test_every_rule_of_the_style_is_scoped() -> None:
    style = re.search(r"<style>(.*?)</style>", to_html(_table("x")), re.DOTALL)
    assert style
    selectors = [part for rule in re.findall(r"([^{}]+)\{", style[1]) for part in rule.split(",")]
    assert selectors
    assert all(selector.strip().startswith(".bancada") for selector in selectors)


def test_numbers_are_set_point_under_point() -> None:
    html = to_html(Table((Column("n", "decimal"),), (("0.125",), ("3",))))
    assert '<td class="n">3\N{PUNCTUATION SPACE}\N{FIGURE SPACE}\N{FIGURE SPACE}\N{FIGURE SPACE}</td>' in html


def test_the_policy_of_a_page_names_exactly_its_styles() -> None:
    html = page("churn", [to_html(_table("x")), to_html(_table("y"))])
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    allowed = set(re.findall(r"sha256-([A-Za-z0-9+/=]+)", policy[1].replace("&#39;", "'").replace("&#43;", "+")))
    used = {
        base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        for style in re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    }
    assert used == allowed
    assert policy[1].startswith("default-src &#39;none&#39;")
    assert "unsafe" not in policy[1]


def test_a_page_takes_only_our_fragments_as_html() -> None:
    html = page("<title>", ["<script>alert(1)</script>"])
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<title>&lt;title&gt;</title>" in html
