"""Columns that name whom a row is about, whose values stand on both sides of a fold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.engine.checking._encoding import CATEGORY, codes_of, encode
from bancada.engine.checking._finding import NOTE, SERIOUS, Finding, Looked
from bancada.engine.checking._id_like import ID_NAME
from bancada.engine.checking._ranks import ranks

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.engine.checking._rows import CheckedRows

__all__ = ["find_entities"]

NAME = "entities"
LEAST_VALUES = 20
MOST_ROWS_A_VALUE = 50
LEAST_REPEATED = 0.1
LEAST_CROSSING = 0.05
MOST_PAIRS = 20_000
MOST_LAYERS = 5
# How much nearer rows of one value are than rows of different values, as a share of the distance by chance.
LEAST_LIKENESS = 0.3
SERIOUS_TARGET = 0.1
LEAST_Z = 5.0
# Of the target there is one for each column, and not one for each pair of columns.
LEAST_Z_TARGET = 3.0
NAMED_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Two rows of one value, one of the next value, and one of any: positions, (n_pairs,) each."""

    one: npt.NDArray[np.int64]
    same: npt.NDArray[np.int64]
    near: npt.NDArray[np.int64]
    other: npt.NDArray[np.int64]


def find_entities(rows: CheckedRows) -> Looked:
    """Look for texts and whole numbers, in X or outside of it, that repeat and whose rows are alike in other columns.

    Such a column has at least 20 values on at most 50 rows each, and stands on both sides of a fold. Of each value up
    to five pairs of rows are drawn; in every other column, the target among them, their distance (of ranks, or equal or
    not) is held against that of two rows of neighbouring values (of whole numbers: an amount has neighbours that are
    alike, the number of a customer has not). A column is told where rows of one value are nearer by 30 % of the
    distance of any two rows, with z ≥ 5, or where its name says that it is an id; it is serious where they are in the
    target, by 10 % with z ≥ 3, for then whoever knows a value's training rows knows something about its test rows.
    """
    if rows.kind == "time":
        return Looked(skipped="folds are cut by time: later rows of the same are what is asked")
    findings = []
    for table, inside in ((rows.features, True), (rows.others, False)):
        for name in table.column_names:
            if name != rows.time_column and _may_name(table.column(name).type):
                found = _look(rows, name, table.column(name), inside=inside)
                findings += [] if found is None else [found]
    return Looked(tuple(findings))


def _may_name(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _look(rows: CheckedRows, name: str, column: Any, *, inside: bool) -> Finding | None:
    codes = codes_of(column)
    counts = np.bincount(codes[codes >= 0])
    repeated = counts > 1
    if repeated.sum() < LEAST_VALUES or len(codes) > MOST_ROWS_A_VALUE * len(counts):
        return None
    if counts[repeated].sum() < LEAST_REPEATED * len(codes):
        return None
    crossing = _crossing(rows, codes, len(counts))
    if crossing < LEAST_CROSSING:
        return None
    alike = dict(_alike(rows, name, _pairs(column, codes)))
    size, z = alike.pop(rows.target.name, (0.0, 0.0)) if rows.target is not None else (0.0, 0.0)
    target = size if z >= LEAST_Z_TARGET else 0.0
    strong = tuple(other for other, (size, z) in alike.items() if size >= LEAST_LIKENESS and z >= LEAST_Z)
    is_named = ID_NAME.search(name) is not None and len(counts) >= NAMED_SHARE * len(codes)
    if not strong and target < SERIOUS_TARGET and not is_named:
        return None
    evidence = {
        "values": len(counts),
        "rows_a_value": len(codes) / len(counts),
        "share_crossing": crossing,
        "target_likeness": target,
        "alike_in": list(strong),
    }
    return _finding(rows, name, evidence, inside=inside)


def _crossing(rows: CheckedRows, codes: npt.NDArray[np.int64], n_values: int) -> float:
    """Return the share of tested rows whose value stands among the training rows, too."""
    met = total = 0
    for part in rows.folds:
        known = np.zeros(n_values + 1, dtype=bool)
        known[codes[part.train]] = True
        known[-1] = False
        met += int(known[codes[part.test]].sum())
        total += len(part.test)
    return met / max(total, 1)


def _pairs(column: Any, codes: npt.NDArray[np.int64]) -> _Pairs:
    """Return pairs of rows of one value, no row in two of them, and rows of its neighbours beside each."""
    draw = np.random.default_rng(0)
    shuffled = draw.permutation(len(codes))
    shuffled = shuffled[codes[shuffled] >= 0]
    order = shuffled[np.argsort(_places(column, codes, draw)[codes[shuffled]], kind="stable")]
    ordered = codes[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    counts = np.append(starts[1:], len(ordered)) - starts
    if len(starts) > MOST_PAIRS:
        # Neighbours must stay neighbours: a stretch of values is drawn, not single ones.
        begin = int(draw.integers(len(starts) - MOST_PAIRS))
        starts, counts = starts[begin : begin + MOST_PAIRS], counts[begin : begin + MOST_PAIRS]
    layers = []
    for layer in range(MOST_LAYERS):
        several = starts[counts >= 2 * layer + 2] + 2 * layer
        if len(several) >= LEAST_VALUES:
            one, same = order[several], order[several + 1]
            layers.append(np.stack([one, same, np.roll(same, -1), np.roll(same, len(same) // 2)]))
    return _Pairs(*np.concatenate(layers, axis=1))


def _places(column: Any, codes: npt.NDArray[np.int64], draw: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return where each value stands among the values: whole numbers in their order, texts in a drawn one."""
    n_values = int(codes.max()) + 1
    places = np.empty(n_values, dtype=np.int64)
    if pa.types.is_integer(column.type):
        present = codes >= 0
        first = np.flatnonzero(present)[np.unique(codes[present], return_index=True)[1]]
        by_value = np.argsort(np.asarray(column.take(pa.array(first)).to_numpy()), kind="stable")
    else:
        by_value = draw.permutation(n_values)
    places[by_value] = np.arange(n_values)
    return places


def _alike(rows: CheckedRows, name: str, pairs: _Pairs) -> list[tuple[str, tuple[float, float]]]:
    """Return for each other column how much nearer rows of one value are, and z."""
    positions = np.concatenate([pairs.one, pairs.same, pairs.near, pairs.other])
    places = pa.array(positions)
    found = []
    for other in rows.features.column_names:
        encoded = None if other == name else encode(other, rows.features.column(other).take(places))
        if encoded is not None:
            values = np.where(encoded.missing, -np.inf, encoded.values)
            found.append((other, _nearer(values, is_level=encoded.kind == CATEGORY)))
    if rows.target is not None:
        values = rows.target.encoded[positions]
        found.append((rows.target.name, _nearer(values, is_level=rows.target.kind == "classes")))
    return found


def _nearer(values: npt.NDArray[np.float64], *, is_level: bool) -> tuple[float, float]:
    """Return (d_near − d_same)/d_any, d mean distances, and the z of its numerator.

    Args:
        values: Values of one row of each pair, of the other, of one of a neighbour and of any, (4 · n_pairs,).
        is_level: True where values are equal or not; else their ranks are near or far.
    """
    one, *others = np.split(values if is_level else ranks(values), 4)
    same, near, other = ((one != item).astype(np.float64) if is_level else np.abs(one - item) for item in others)
    gain = near - same
    any_two, spread = float(other.mean()), float(gain.std(ddof=1))
    if not any_two or not spread:
        return 0.0, 0.0
    return float(gain.mean()) / any_two, float(gain.mean()) / (spread / np.sqrt(len(gain)))


def _finding(rows: CheckedRows, name: str, evidence: dict[str, Any], *, inside: bool) -> Finding:
    serious = evidence["target_likeness"] >= SERIOUS_TARGET
    told = (
        f"`{name}` names whom a row is about ({evidence['values']:,} values on {evidence['rows_a_value']:.1f} rows "
        f"each), and {evidence['share_crossing']:.0%} of the tested rows have theirs among the training rows"
    )
    if serious and rows.target is not None:
        told += f"; rows of one value agree in `{rows.target.name}` more than others do"
    drop = "" if inside else ", which is not in X,"
    return Finding(
        check=NAME,
        severity=SERIOUS if serious else NOTE,
        columns=(name,),
        found=told,
        evidence=evidence,
        remedy=f"Where the model shall serve new ones, say `groups={name!r}`{drop} and folds keep their rows together."
        if rows.groups is None
        else f"Where the model shall serve new values of `{name}`, it must not cross folds: `groups=` names another "
        "column now; take one that holds both together.",
    )
