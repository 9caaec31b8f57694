"""Metrics of the order of each query's rows; rows of equal score stand in every order alike.

Each metric is the expected value over all orders of the rows that tie (McSherry & Najork 2008, "Computing information
retrieval performance measures efficiently in the presence of tied scores"), so that a constant score is worth exactly
what an order drawn by chance is expected to be worth. The query is the unit: it weighs as its rows do on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.metrics._averages import mean
from bancada.metrics._builtin import FOLD_MEAN, POOLED, BuiltIn, Way
from bancada.metrics._filled import filled
from bancada.metrics._influence import of_mean, undefined
from bancada.metrics._options import count
from bancada.metrics._readings import Need, Reading, floats, is_number
from bancada.samples import Influence, LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bancada.samples import Sample

    Floats = npt.NDArray[np.float64]
    Positions = npt.NDArray[np.intp]

__all__ = ["METRICS", "RANKED"]


@dataclass(frozen=True)
class _Ranked:
    """The rows of all queries that have a relevant one, by query and then by score, the highest first.

    Attributes:
        relevance: Of each row, (n_rows,).
        query: Number of its query, ascending from 0, (n_rows,).
        block: Number of its block of rows of one query and one score, ascending from 0, (n_rows,).
        weight: Of each query, (n_queries,).
        n_queries: Queries with and without a relevant row.
        row: Position of each row in the sample, (n_rows,).
        n_rows: Rows of the sample, those of other queries included.
    """

    relevance: Floats
    query: Positions
    block: Positions
    weight: Floats
    n_queries: int
    row: Positions
    n_rows: int

    @cached_property
    def rank(self) -> Positions:
        """Place of each row in its query, from 1; within a block in any order."""
        starts = np.flatnonzero(np.diff(self.query, prepend=-1))
        return np.arange(self.query.size) - starts[self.query] + 1

    def of_queries(self, values: Floats) -> Floats:
        """Sum values of the rows over each query, (n_queries,)."""
        return np.asarray(np.bincount(self.query, values, minlength=len(self.weight)), dtype=np.float64)

    def spread(self, values: Floats) -> Floats:
        """Return the mean of a value over each row's block, (n_rows,)."""
        return np.asarray(np.bincount(self.block, values) / np.bincount(self.block), dtype=np.float64)[self.block]

    def mean(self, values: Floats) -> float:
        """Average a value over the queries; NaN without any."""
        return mean(values, self.weight)

    def influence(self, values: Floats) -> Influence:
        """Return the influence on that average: the query is the unit, and its rows share what it moves alike."""
        if not np.isfinite(self.mean(values)):
            return undefined(self.n_rows)
        of_query = of_mean(values, self.weight)
        size = np.bincount(self.query)
        units, moved = np.full(self.n_rows, -1, dtype=np.int64), np.zeros(self.n_rows)
        units[self.row] = self.query
        moved[self.row] = (of_query.values / size)[self.query] * (self.n_rows / len(size))
        return Influence(of_query.value, moved, scale="logit", kind="units", units=units)


def _ranked(sample: Sample) -> tuple[_Ranked]:
    query = _codes(sample.truth.column("query"))
    relevance, score = floats(sample.truth, "relevance"), floats(sample.predictions, "score")
    weight = np.ones(query.size) if sample.weight is None else sample.weight
    weighs = np.bincount(query, weight) > 0
    best = np.zeros(len(weighs))
    np.maximum.at(best, query, relevance)
    counts = weighs & (best > 0)
    rows = np.flatnonzero(counts[query])
    rows = rows[np.lexsort((-score[rows], query[rows]))]
    number = np.cumsum(counts) - 1
    of_rows = number[query[rows]]
    changes = (np.diff(of_rows, prepend=-1) != 0) | (np.diff(score[rows], prepend=np.nan) != 0)
    weights = np.bincount(query, weight)[counts] / np.bincount(query)[counts]
    # A score that is NaN has no place in the order, and its query no value.
    weights[(np.bincount(query, np.isnan(score)) > 0)[counts]] = np.nan
    return (_Ranked(relevance[rows], of_rows, np.cumsum(changes) - 1, weights, int(weighs.sum()), rows, query.size),)


def _codes(column: pa.ChunkedArray) -> Positions:
    """Return the number of each row's query, (n_rows,)."""
    encoded = pc.dictionary_encode(column.combine_chunks())
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    return np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.intp)


def _discounts(rank: Positions, k: int | None) -> Floats:
    discounts = 1.0 / np.log2(rank + 1.0)
    return discounts if k is None else np.where(rank <= k, discounts, 0.0)


def _within(rank: Positions, k: int | None) -> Floats:
    return np.ones(rank.size) if k is None else (rank <= k).astype(np.float64)


def _ndcg(ranked: _Ranked, k: int | None) -> Floats:
    discounts = _discounts(ranked.rank, k)
    gained = ranked.of_queries(ranked.spread(ranked.relevance) * discounts)
    best = ranked.relevance[np.lexsort((-ranked.relevance, ranked.query))]
    # Rounding may lift an order that is as good as the best a little above it.
    return np.minimum(gained / ranked.of_queries(best * discounts), 1.0)


def _precision(ranked: _Ranked, k: int) -> Floats:
    hits = ranked.spread((ranked.relevance > 0).astype(np.float64)) * _within(ranked.rank, k)
    return ranked.of_queries(hits) / k


def _recall(ranked: _Ranked, k: int) -> Floats:
    relevant = (ranked.relevance > 0).astype(np.float64)
    hits = ranked.spread(relevant) * _within(ranked.rank, k)
    return ranked.of_queries(hits) / ranked.of_queries(relevant)


@dataclass(frozen=True)
class _Blocks:
    """What stands before and in the block of each row, each (n_rows,).

    Attributes:
        size: Rows in the block.
        relevant: Relevant ones of these.
        place: Place of the row in the block, from 1.
        before: Relevant rows of the query that stand above the block.
    """

    size: Floats
    relevant: Floats
    place: Floats
    before: Floats


def _blocks(ranked: _Ranked) -> _Blocks:
    relevant = (ranked.relevance > 0).astype(np.float64)
    size: Floats = np.asarray(np.bincount(ranked.block), dtype=np.float64)
    hits: Floats = np.asarray(np.bincount(ranked.block, relevant), dtype=np.float64)
    first = np.flatnonzero(np.diff(ranked.block, prepend=-1))
    above = np.cumsum(hits) - hits
    of_query = ranked.query[first]
    before = above - above[np.flatnonzero(np.diff(of_query, prepend=-1))][of_query]
    block = ranked.block
    place = (np.arange(block.size) - first[block] + 1).astype(np.float64)
    return _Blocks(size[block], hits[block], place, before[block])


def _map(ranked: _Ranked, k: int | None) -> Floats:
    blocks = _blocks(ranked)
    # Given that a place of the block holds a relevant row, the others are spread over the rest of the block.
    others = (blocks.place - 1) * (blocks.relevant - 1) / np.maximum(blocks.size - 1, 1)
    precision = (blocks.before + 1 + others) / ranked.rank
    gained = ranked.of_queries(blocks.relevant / blocks.size * precision * _within(ranked.rank, k))
    n_relevant = ranked.of_queries((ranked.relevance > 0).astype(np.float64))
    return gained / (n_relevant if k is None else np.minimum(n_relevant, k))


def _mrr(ranked: _Ranked, k: int | None) -> Floats:
    blocks = _blocks(ranked)
    # Only in the first block with a relevant row can the first relevant row stand. Its place is j where the j − 1
    # places before it hold none: P = r/(g − j + 1) · Π over i < j of (1 − r/(g − i + 1)), of g rows r being relevant.
    leads = (blocks.before == 0) & (blocks.relevant > 0)
    left = np.where(leads, blocks.size - blocks.place + 1, 1.0)
    share = np.where(leads, np.minimum(blocks.relevant / left, 1.0), 0.0)
    chance = np.zeros(share.size)
    starts = np.flatnonzero(leads & (blocks.place == 1))
    for start in starts:
        stop = start + int(blocks.size[start])
        none_yet = np.cumprod(1.0 - share[start:stop])
        chance[start:stop] = share[start:stop] * np.append(1.0, none_yet[:-1])
    return ranked.of_queries(chance / ranked.rank * _within(ranked.rank, k))


def _irrelevant(ranked: _Ranked) -> LeftOut:
    return LeftOut(ranked.n_queries - len(ranked.weight), ranked.n_queries, "queries", "no row of them is relevant")


RANKED = Reading(("ranking",), Need("relevance", is_number), Need("score", is_number), _ranked)


def _mean(of_each: Callable[[_Ranked, Any], Floats], ranked: _Ranked, k: int | None) -> float:
    return ranked.mean(of_each(ranked, k))


def _influence(of_each: Callable[[_Ranked, Any], Floats], ranked: _Ranked, k: int | None) -> Influence:
    return ranked.influence(of_each(ranked, k))


def _metric(name: str, of_each: Callable[[_Ranked, Any], Floats], formula: str, setting: Any = None) -> BuiltIn:
    return BuiltIn(
        name,
        greater_is_better=True,
        ways=(
            Way(
                RANKED,
                filled(_mean, of_each),
                left_out=_irrelevant,
                has_option=True,
                influence=filled(_influence, of_each),
            ),
        ),
        formula=f"mean over the queries with a relevant row of {formula}",
        aggregates=(FOLD_MEAN, POOLED),
        option=count("k", required=setting is not None),
        setting=setting,
    )


METRICS = (
    _metric(
        "ndcg",
        _ndcg,
        "Σ relevance / log2(rank + 1) over that of the best order, of the first k ranks (Järvelin & Kekäläinen 2002)",
    ),
    _metric("map", _map, "the mean over its relevant rows (at most k) of the precision at their rank, 0 beyond k"),
    _metric("mrr", _mrr, "1 / rank of the first relevant row, 0 beyond k"),
    _metric("precision@10", _precision, "relevant rows among the first k, over k", 10),
    _metric("recall@10", _recall, "relevant rows among the first k, over all relevant rows", 10),
)
