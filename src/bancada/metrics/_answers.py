"""Metrics of predicted texts; where a row has several references, the best of them counts.

Texts are brought into Unicode's form NFC first, so that an accent that stands by itself is the letter with the accent.
A character is a code point of that form.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.metrics._averages import mean, ratio, total
from bancada.metrics._builtin import FOLD_MEAN, POOLED, BuiltIn, Way
from bancada.metrics._edits import common_length, edit_distance
from bancada.metrics._filled import filled
from bancada.metrics._influence import of_ratio
from bancada.metrics._options import choice
from bancada.metrics._readings import Need, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from bancada.samples import Influence, Sample

    Weights = npt.NDArray[np.float64] | None
    References = list[list[str]]

__all__ = ["METRICS"]

PLAIN, FOLD, SQUAD = "plain", "fold", "squad"
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
_WORD = re.compile(r"[^\W_]+")
_ORDERS = range(1, 7)
_BETA_SQUARED = 4.0


def _normal(text: str, form: str) -> str:
    """Return a text as it is compared."""
    text = unicodedata.normalize("NFC", text)
    if form == FOLD:
        return " ".join(unicodedata.normalize("NFC", text.casefold()).split())
    if form == SQUAD:
        # The order of SQuAD's own script (Rajpurkar et al. 2016): lower case, punctuation, articles, blanks.
        return " ".join(_ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split())
    return text


def _best(references: References, texts: list[str], of_pair: Callable[[str, str], float]) -> npt.NDArray[np.float64]:
    """Return the highest value among the references of each row, (n_rows,)."""
    return np.array([max(of_pair(known, text) for known in row) for row, text in zip(references, texts, strict=True)])


def _exact(references: References, texts: list[str], form: str) -> npt.NDArray[np.float64]:
    return _best(references, texts, lambda a, b: float(_normal(a, form) == _normal(b, form)))


def _exact_match(references: References, texts: list[str], weight: Weights, form: str) -> float:
    return mean(_exact(references, texts, form), weight)


def _f1(shared: int, n_known: int, n_found: int) -> float:
    """Return F1 of counts; without a token on one side, 1 where both have none, else 0."""
    if not n_known or not n_found:
        return float(n_known == n_found)
    return 2 * shared / (n_known + n_found)


def _token_f1s(references: References, texts: list[str], form: str) -> npt.NDArray[np.float64]:
    def of_pair(known: str, text: str) -> float:
        a, b = (Counter(_normal(one, form).split()) for one in (known, text))
        return _f1((a & b).total(), a.total(), b.total())

    return _best(references, texts, of_pair)


def _token_f1(references: References, texts: list[str], weight: Weights, form: str) -> float:
    return mean(_token_f1s(references, texts, form), weight)


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def _rouges(references: References, texts: list[str]) -> npt.NDArray[np.float64]:
    def of_pair(known: str, text: str) -> float:
        a, b = _words(known), _words(text)
        return _f1(common_length(a, b), len(a), len(b))

    return _best(references, texts, of_pair)


def _rouge_l(references: References, texts: list[str], weight: Weights) -> float:
    return mean(_rouges(references, texts), weight)


def _grams(text: str) -> list[Counter[str]]:
    kept = "".join(unicodedata.normalize("NFC", text).split())
    return [Counter(kept[i : i + n] for i in range(len(kept) - n + 1)) for n in _ORDERS]


def _chrf_of_pair(known: str, text: str) -> float:
    precisions, recalls = [], []
    for a, b in zip(_grams(known), _grams(text), strict=True):
        if a and b:
            shared = (a & b).total()
            precisions.append(shared / b.total())
            recalls.append(shared / a.total())
    if not precisions:
        return float("".join(known.split()) == "".join(text.split()))
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    if not precision + recall:
        return 0.0
    return (1 + _BETA_SQUARED) * precision * recall / (_BETA_SQUARED * precision + recall)


def _chrfs(references: References, texts: list[str]) -> npt.NDArray[np.float64]:
    return _best(references, texts, _chrf_of_pair)


def _chrf(references: References, texts: list[str], weight: Weights) -> float:
    return mean(_chrfs(references, texts), weight)


def _edits(
    references: References, texts: list[str], form: str, items: Callable[[str], Sequence[str]]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the edits of each row, and the size of the reference that they are told of, each (n_rows,)."""
    edits, sizes = np.zeros(len(texts)), np.zeros(len(texts))
    for row, (several, text) in enumerate(zip(references, texts, strict=True)):
        found = items(_normal(text, form))
        pairs = ((edit_distance(known, found), len(known)) for known in (items(_normal(one, form)) for one in several))
        edits[row], sizes[row] = min(pairs, key=lambda pair: (pair[0] / max(pair[1], 1), -pair[1]))
    return edits, sizes


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _error_rate(
    items: Callable[[str], Sequence[str]], references: References, texts: list[str], weight: Weights, form: str
) -> float:
    edits, sizes = _edits(references, texts, form, items)
    return ratio(total(edits, weight), total(sizes, weight))


def _of_error_rate(
    items: Callable[[str], Sequence[str]], references: References, texts: list[str], weight: Weights, form: str
) -> Influence:
    return of_ratio(*_edits(references, texts, form, items), weight)


def _single(sample: Sample) -> tuple[References, list[str], Weights]:
    known = [[text] for text in sample.truth.column("text").to_pylist()]
    return known, sample.predictions.column("text").to_pylist(), sample.weight


def _several(sample: Sample) -> tuple[References, list[str], Weights]:
    known = sample.truth.column("references").to_pylist()
    return known, sample.predictions.column("text").to_pylist(), sample.weight


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_texts(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) and _is_text(kind.value_type))


_TEXT = Need("text", _is_text)
_ONE = Reading(("text",), _TEXT, _TEXT, _single)
# A second reading of one task, so that the task is listed once.
_REFERENCES = Reading((), Need("references", _is_texts), _TEXT, _several)


def _metric(
    name: str,
    kernel: Callable[..., float],
    formula: str,
    unset: str | None = None,
    *,
    is_rate: bool = False,
    each: Callable[..., npt.NDArray[np.float64]] | None = None,
    influence: Callable[..., Influence] | None = None,
) -> BuiltIn:
    readings = (_ONE, _REFERENCES)
    option = None if unset is None else choice("normalise", (PLAIN, FOLD, SQUAD), unset)
    return BuiltIn(
        name,
        greater_is_better=not is_rate,
        ways=tuple(
            Way(
                reading,
                kernel,
                has_option=option is not None,
                each=each,
                is_share=each is _exact,
                influence=influence,
            )
            for reading in readings
        ),
        formula=formula,
        bounds=(0.0, None if is_rate else 1.0),
        aggregate=POOLED if is_rate else FOLD_MEAN,
        option=option,
        setting=unset,
    )


METRICS = (
    _metric(
        "exact_match",
        _exact_match,
        "share of rows that are right in full: all labels, the whole text",
        PLAIN,
        each=_exact,
    ),
    _metric(
        "token_f1",
        _token_f1,
        "mean over rows of the F1 of words, normalised as in SQuAD: lower case, without punctuation, a, an and the",
        SQUAD,
        each=_token_f1s,
    ),
    _metric(
        "char_error_rate",
        filled(_error_rate, str),
        "edits of characters over characters of the references, each summed over all rows",
        PLAIN,
        is_rate=True,
        influence=filled(_of_error_rate, str),
    ),
    _metric(
        "word_error_rate",
        filled(_error_rate, _words_of),
        "edits of words over words of the references, each summed over all rows",
        PLAIN,
        is_rate=True,
        influence=filled(_of_error_rate, _words_of),
    ),
    _metric(
        "rouge_l",
        _rouge_l,
        "mean over rows of the F1 of the longest common subsequence of words, lower case (Lin 2004)",
        each=_rouges,
    ),
    _metric(
        "chrf",
        _chrf,
        "mean over rows of F2 of the mean precision and recall of 1 to 6 characters, without blanks (Popović 2015)",
        each=_chrfs,
    ),
)
