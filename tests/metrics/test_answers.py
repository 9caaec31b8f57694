"""Metrics of texts: worked by hand, published, and the laws of Unicode."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.metrics import from_function, get, names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bancada.samples import Sample

    Make = Callable[..., Sample]

NAMES = [name for name in names() if "text" in get(name).tasks]
words = st.text(alphabet=st.characters(codec="utf-8"), max_size=30)


@pytest.mark.parametrize(
    ("name", "truth", "found", "expected"),
    [
        ("exact_match", "Yes", "yes", 0.0),
        ("exact_match@fold", "Straße  1", "STRASSE 1", 1.0),
        ("exact_match@squad", "The cat.", "cat", 1.0),
        ("exact_match", "", "", 1.0),
        ("token_f1", "the black cat", "a black dog", 0.5),
        ("token_f1", "black cat sat", "black cat", 0.8),
        ("token_f1", "the", "a", 1.0),
        ("token_f1", "cat", "", 0.0),
        ("token_f1@plain", "the cat", "the dog", 0.5),
        ("char_error_rate", "kitten", "sitting", 0.5),
        ("char_error_rate", "ab", "", 1.0),
        ("word_error_rate", "the cat sat on the mat", "the cat sit on mat", 2 / 6),
        ("word_error_rate@fold", "The Cat", "the  cat", 0.0),
        # Lin 2004, §3.1: police killed the gunman, against two candidates.
        ("rouge_l", "police killed the gunman", "police kill the gunman", 0.75),
        ("rouge_l", "police killed the gunman", "the gunman kill police", 0.5),
        ("rouge_l", "Olá, mundo!", "olá mundo", 1.0),
        ("rouge_l", "", "", 1.0),
        ("chrf", "abc", "abc", 1.0),
        ("chrf", "abc", "xyz", 0.0),
        ("chrf", "", "", 1.0),
        ("chrf", "a", "", 0.0),
        # Orders 1 and 2: precision (3/4 + 2/3 + 1/2)/3 with order 3; recall 3/3, 2/2, 1/1.
        ("chrf", "abc", "abcd", 5 * (23 / 36) / (4 * (23 / 36) + 1)),
    ],
)
def test_what_is_worked_by_hand(name: str, truth: str, found: str, expected: float, text: Make) -> None:
    assert get(name).score(text([truth], [found])) == pytest.approx(expected)


@given(pairs=st.lists(st.tuples(words, words), min_size=1, max_size=4))
@pytest.mark.parametrize("name", NAMES)
def test_the_form_of_an_accent_changes_nothing(name: str, pairs: list[tuple[str, str]], text: Make) -> None:
    truth, found = zip(*pairs, strict=True)
    apart = [unicodedata.normalize("NFD", one) for one in found]
    whole = [unicodedata.normalize("NFC", one) for one in found]
    assert get(name).score(text(truth, apart)) == pytest.approx(get(name).score(text(truth, whole)), nan_ok=True)


@given(truth=st.lists(words.filter(bool), min_size=1, max_size=4))
@pytest.mark.parametrize("name", NAMES)
def test_the_right_text_has_the_best_score(name: str, truth: list[str], text: Make) -> None:
    metric = get(name)
    best = 1.0 if metric.greater_is_better else 0.0
    score = metric.score(text(truth, truth))
    # Blanks alone hold no word, and the rate of no words is undefined.
    assert score == best or (name == "word_error_rate" and math.isnan(score))


@given(truth=words, found=words, other=words)
@pytest.mark.parametrize("name", NAMES)
def test_another_reference_never_makes_it_worse(name: str, truth: str, found: str, other: str, text: Make) -> None:
    metric = get(name)
    one, two = (metric.score(text([known], [found])) for known in ([truth], [truth, other]))
    if math.isfinite(one) and math.isfinite(two):
        assert two >= one - 1e-12 if metric.greater_is_better else two <= one + 1e-12


def test_an_error_rate_is_a_ratio_of_sums(text: Make) -> None:
    sample = text(["a", "abcdefghi"], ["b", "abcdefghi"])
    assert get("char_error_rate").score(sample) == pytest.approx(0.1)
    assert get("char_error_rate").aggregate == "pooled"
    assert get("char_error_rate").score(text(["ab"], ["xyzuvw"])) == 3.0


def test_the_rate_of_no_reference_is_undefined(text: Make) -> None:
    assert math.isnan(get("char_error_rate").score(text(["", ""], ["", "x"])))


def test_letters_beyond_the_basic_plane_are_one_character(text: Make) -> None:
    assert get("char_error_rate").score(text(["😀b"], ["😀c"])) == 0.5


@pytest.mark.parametrize("name", NAMES)
def test_long_texts_are_read(name: str, text: Make) -> None:
    truth, found = "the quick brown fox " * 500, "a slow brown dog " * 500
    assert 0 <= get(name).score(text([truth], [found])) < 1


def test_a_function_gets_texts_and_references(text: Make) -> None:
    def starts(y_true: Sequence[str], y_pred: Sequence[str]) -> float:
        return sum(a[:1] == b[:1] for a, b in zip(y_true, y_pred, strict=True)) / len(y_pred)

    def listed(y_true: Sequence[Sequence[str]], y_pred: Sequence[str]) -> float:
        return sum(b in a for a, b in zip(y_true, y_pred, strict=True)) / len(y_pred)

    assert from_function(starts, greater_is_better=True).score(text(["ab", "cd"], ["ax", "x"])) == 0.5
    assert from_function(listed, greater_is_better=True).score(text([["ab", "a"], ["c"]], ["a", "x"])) == 0.5
