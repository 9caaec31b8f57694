"""The part of YAML that is read, beside a library that reads all of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.environments._conda._plain_yaml import PlainYaml, read_plain_yaml

TEXT = st.text(alphabet="abcxyz019 .=<>,/-_#:'\"[]{}&*!|%@\\é", max_size=12)
NESTED: st.SearchStrategy[Any] = st.recursive(
    TEXT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)
SAMPLE = """
# made by hand
name: churn   # the project
channels:
- conda-forge
- "https://mirror.example/x"
dependencies:
  - python=3.11.*
  - numpy >=1.2,<2
  - 'quoted # text'
  - pip:
      - rich==13.0
      - -r requirements.txt
custom_channels:
  team: https://host.example:80/c
empty:
flow: [a, "b", c=1]
"""


def texts(value: Any) -> PlainYaml:
    if isinstance(value, dict):
        return {str(key): texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [texts(inner) for inner in value]
    return "" if value is None else str(value)


def test_a_usual_file_is_read_as_yaml_reads_it() -> None:
    yaml = pytest.importorskip("yaml")
    assert read_plain_yaml(SAMPLE) == texts(yaml.safe_load(SAMPLE))


@given(value=NESTED, flow=st.sampled_from([False, None]))
def test_what_is_read_is_what_yaml_reads(value: Any, flow: bool | None) -> None:
    yaml = pytest.importorskip("yaml")
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow, width=1000)
    try:
        read = read_plain_yaml(text)
    except ValueError:
        return  # What is beyond the part that is read is refused, never misread.
    assert read == texts(yaml.safe_load(text)) or value in ({}, "")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_plain_yaml(text)
    except ValueError as error:
        assert "not read here" in str(error)  # noqa: PT017 - most texts raise, and which do is not known


@pytest.mark.parametrize(
    "text",
    [
        "a: |\n  x",
        "a: &x 1",
        "- a\n b",
        "a: [1,\n 2]",
        "a: {b: 1}",
        "\ta: 1",
        "a: b: c",
        "a: 1\na: 2",
        'a: "\\t"',
        "a: !t b",
    ],
)
def test_what_says_more_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"line \d has .*, which is not read here"):
        read_plain_yaml(text)
