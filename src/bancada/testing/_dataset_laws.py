"""The laws of `contracts.Dataset`."""

from __future__ import annotations

import math
import pickle
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import ConfigurationError, DataError, DefinitionError, NotFoundError
from bancada.testing._check import Found, Skip, checks_of, law

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from bancada.contracts import Dataset
    from bancada.testing._check import Check

__all__ = ["LAWS", "DatasetCase", "dataset_checks"]

_SOME = 50
_SEED = 2
_NO_MAKER = Skip("no way to make one of another table was given: `make=`")
_ABSENT = "a column that is not there"


@dataclass(frozen=True)
class DatasetCase:
    """A dataset that can be read.

    Attributes:
        dataset: The dataset.
        make: Makes a dataset of the same kind from another table; None where nothing does.
    """

    dataset: Dataset
    make: Callable[[pa.Table], Dataset] | None = None

    @property
    def names(self) -> list[str]:
        """All columns, in file order."""
        return list(self.dataset.schema().names)

    @property
    def n_rows(self) -> int:
        """Count of rows."""
        return len(self.dataset.ids())

    def some(self) -> npt.NDArray[np.int64]:
        """Return positions of some rows, in no order."""
        return np.random.default_rng(_SEED).permutation(self.n_rows)[:_SOME].astype(np.int64)

    def table(self) -> pa.Table:
        """Return all columns of all rows."""
        return self.dataset.rows(self.names)


def dataset_checks(
    dataset: Dataset,
    *,
    make: Callable[[pa.Table], Dataset] | None = None,
    waive: Mapping[str, str] | None = None,
) -> tuple[Check, ...]:
    """Return a check for each law of a dataset.

    Args:
        dataset: The dataset; relative paths must be bound by `at`.
        make: Makes a dataset of the same kind from another table, to see that its identity changes with the data.
        waive: Laws that the dataset breaks knowingly, each with its reason.
    """
    return checks_of(LAWS, DatasetCase(dataset, make), dataset.name or type(dataset).__name__, waive=waive)


def plain(value: Any) -> Any:
    """Return a value of any library as the plain value that it means, so that equal ones are equal; NaN is None."""
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value


def columns_of(
    frame: Any, names: Sequence[str], positions: npt.NDArray[np.int64] | None = None
) -> dict[str, list[Any]]:
    """Return the plain values of a frame of any library, by column; at positions, where they are given."""
    if positions is not None:
        return columns_of(_at(frame, positions), names)
    if isinstance(frame, pd.DataFrame):
        return {name: [plain(value) for value in frame[name].astype(object).tolist()] for name in names}
    if isinstance(frame, np.ndarray):
        return {name: [plain(value) for value in frame[:, index]] for index, name in enumerate(names)}
    table = frame if isinstance(frame, pa.Table) else frame.to_arrow()
    return {name: [plain(value) for value in table.column(name).to_pylist()] for name in names}


def _at(frame: Any, positions: npt.NDArray[np.int64]) -> Any:
    if isinstance(frame, pd.DataFrame):
        return frame.iloc[positions]
    return frame.take(pa.array(positions)) if isinstance(frame, pa.Table) else frame[positions]


def _difference(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> str | None:
    for name, values in one.items():
        if len(values) != len(other[name]):
            return f"`{name}` has {len(values)} rows and {len(other[name])}"
        for left, right in zip(values, other[name], strict=True):
            if left != right:
                return f"in one row `{name}` is {left!r} and {right!r}"
    return None


def _raises(kind: type[Exception], ask: Callable[[], Any]) -> bool:
    try:
        ask()
    except kind:
        return True
    return False


@law("Ids are ascending, each once, and not null.", "Sort the rows by id when they are read.")
def ids_ascend(case: DatasetCase) -> Found:
    ids = case.dataset.ids()
    if ids.null_count:
        return f"{ids.null_count} ids are null."
    values = ids.dictionary_decode() if pa.types.is_dictionary(ids.type) else ids
    ascending = pc.less(values.slice(0, max(len(values) - 1, 0)), values.slice(1))
    wrong = pc.index(ascending, value=False).as_py()
    return None if wrong < 0 else f"Id {values[wrong + 1].as_py()!r} comes after {values[wrong].as_py()!r}."


@law("The ids are the id column in the order of the rows; without one they number the rows.", "Look at `ids`.")
def ids_belong_to_rows(case: DatasetCase) -> Found:
    ids, name = case.dataset.ids(), case.dataset.id
    if name is None:
        numbered = np.array_equal(np.asarray(ids), np.arange(len(ids)))
        return None if numbered else f"They begin with {ids[:3].to_pylist()}."
    column = case.dataset.rows([name]).column(0).combine_chunks()
    first = f"They begin with {ids[:3].to_pylist()}, and `{name}` with {column[:3].to_pylist()}."
    return None if ids.equals(column) else first


@law("Name, schema, identity, ids and rows agree on columns and counts.", "Look at `schema` and `identity`.")
def descriptions_agree(case: DatasetCase) -> Found:
    dataset, table, identity = case.dataset, case.table(), case.dataset.identity()
    if (identity.name, identity.version, identity.id) != (dataset.name, dataset.version, dataset.id):
        return f"The identity tells {(identity.name, identity.version, identity.id)}."
    if len(set(case.names)) < len(case.names):
        return f"A column is there twice: {case.names}."
    if [column.name for column in identity.columns] != case.names or table.column_names != case.names:
        return f"`schema` has {case.names}, the identity {[column.name for column in identity.columns]}."
    if not table.schema.equals(dataset.schema()):
        return "`rows` gives other types than `schema`."
    counts = {len(dataset.ids()), table.num_rows, identity.n_rows}
    return f"There are {counts} rows." if len(counts) > 1 else None


@law("`rows` and `take` give the columns in the order asked for.", "Select columns by the list that was given.")
def columns_come_as_asked(case: DatasetCase) -> Found:
    asked = case.names[::-1]
    for frame, names in (
        ("rows", case.dataset.rows(asked).column_names),
        ("pandas", list(case.dataset.take(None, asked, "pandas").columns)),
    ):
        if list(names) != asked:
            return f"`{frame}` gave {names} for {asked}."
    return None


@law("`rows` and `take` give the same values.", "Let both read the same table in the same order.")
def rows_and_take_agree(case: DatasetCase) -> Found:
    taken, some = case.dataset.take(None, case.names, "arrow"), case.some()
    if taken.num_rows != case.n_rows:
        return f"`take` gave {taken.num_rows} rows, and there are {case.n_rows} ids."
    found = _difference(columns_of(case.table(), case.names, some), columns_of(taken, case.names, some))
    return None if found is None else f"{found}."


@law("`take` of all positions is `take` of None.", "Let None mean every row.")
def none_is_every_row(case: DatasetCase) -> Found:
    every = case.dataset.take(np.arange(case.n_rows, dtype=np.int64), case.names, "pandas")
    none, some = case.dataset.take(None, case.names, "pandas"), case.some()
    if len(none) != len(every):
        return f"None gave {len(none)} rows, all positions {len(every)}."
    found = _difference(columns_of(none, case.names, some), columns_of(every, case.names, some))
    return None if found is None else f"{found}."


@law("`take` gives the rows at the positions: in their order, repeated, one, or none.", "Look at `take`.")
def positions_are_followed(case: DatasetCase) -> Found:
    some = case.some()
    for positions in (some, np.repeat(some[:3], 2), some[:1], some[:0]):
        wanted = columns_of(case.table(), case.names, positions)
        for frame in ("pandas", "arrow"):
            found = _difference(wanted, columns_of(case.dataset.take(positions, case.names, frame), case.names))
            if found is not None:
                return f"At positions {positions.tolist()[:5]} as `{frame}`: {found}."
    return None


@law("All kinds of frame hold the same values.", "Compare the conversions.")
def frames_agree(case: DatasetCase) -> Found:
    some = case.some()
    wanted = columns_of(case.dataset.take(some, case.names, "arrow"), case.names)
    for frame in ("pandas", "numpy", "polars"):
        try:
            taken = case.dataset.take(some, case.names, frame)
        except (ConfigurationError, DefinitionError):
            if frame == "polars":
                continue
            raise
        found = _difference(wanted, columns_of(taken, case.names))
        if found is not None:
            return f"As `arrow` and as `{frame}` {found}."
    return None


@law("A column keeps its pandas type whichever rows are taken.", "Decide types by the whole column.")
def types_do_not_depend_on_rows(case: DatasetCase) -> Found:
    whole = case.dataset.take(None, case.names, "pandas").dtypes
    for positions in (case.some()[:1], case.some()[:0]):
        part = case.dataset.take(positions, case.names, "pandas").dtypes
        for name in case.names:
            if whole[name] != part[name]:
                return f"`{name}` is {whole[name]}, and of {len(positions)} rows {part[name]}."
    return None


@law("What was taken can be written to, and the dataset stays as it was.", "Copy what you keep.")
def taken_rows_are_ones_own(case: DatasetCase) -> Found:
    some = case.some()
    before = columns_of(case.dataset.take(None, case.names, "pandas"), case.names, some)
    frame = case.dataset.take(None, case.names, "pandas")
    for name in case.names:
        values = frame[name].to_numpy()
        if values.flags.writeable and values.dtype.kind in "iufbO":
            values[:] = values[::-1].copy()
        frame[name] = 0
    found = _difference(before, columns_of(case.dataset.take(None, case.names, "pandas"), case.names, some))
    return None if found is None else f"After a write {found}."


@law("The identity is the same at every call, and of every copy.", "Look at `identity` and at pickling.")
def identity_is_stable(case: DatasetCase) -> Found:
    first = case.dataset.identity()
    if case.dataset.identity() != first:
        return "A second call gave another."
    copy: Dataset = pickle.loads(pickle.dumps(case.dataset))  # noqa: S301 - bytes of the line itself
    return None if copy.identity() == first else "A pickled copy has another."


@law("A pickled copy takes the same rows.", "Let the copy carry the decoded table, or where it lies.")
def copies_take_the_same(case: DatasetCase) -> Found:
    copy: Dataset = pickle.loads(pickle.dumps(case.dataset))  # noqa: S301 - bytes of the line itself
    some = case.some()
    wanted, taken = (columns_of(each.take(some, case.names, "pandas"), case.names) for each in (case.dataset, copy))
    found = _difference(wanted, taken)
    return None if found is None else f"In the dataset and its copy {found}."


@law(
    "One changed value is another identity; another order of the rows is not, where they have ids.", "Look at `table`."
)
def identity_tells_the_data(case: DatasetCase) -> Found:
    if case.make is None:
        return _NO_MAKER
    table, first = case.table(), case.dataset.identity().table
    if case.make(table).identity().table != first:
        return "A dataset of the same table has another digest."
    if case.make(table.slice(0, table.num_rows - 1)).identity().table == first:
        return "One row less has the same digest."
    values = [name for name in case.names if name != case.dataset.id]
    for name in values:
        moved = table.column(name).take(pa.array([*range(1, table.num_rows), 0]))
        if moved.equals(table.column(name)):
            continue
        changed = table.set_column(case.names.index(name), name, moved)
        if case.make(changed).identity().table == first:
            return f"With other values in `{name}` it has the same digest."
    if case.dataset.id is None:
        return None
    reverse = case.make(table.take(pa.array(np.arange(table.num_rows)[::-1].copy()))).identity().table
    return None if reverse == first else "With its rows in reverse it has another digest."


@law("A column that is not there raises `NotFoundError`.", "Look at `rows` and `take`.")
def unknown_columns_are_refused(case: DatasetCase) -> Found:
    asked = {
        "rows": lambda: case.dataset.rows([_ABSENT]),
        "take": lambda: case.dataset.take(None, [_ABSENT], "pandas"),
    }
    taken = [name for name, ask in asked.items() if not _raises(NotFoundError, ask)]
    return f"`{taken[0]}` did not." if taken else None


@law("A position that is not there raises `DataError`, and an unknown frame `DefinitionError`.", "Look at `take`.")
def unknown_rows_and_frames_are_refused(case: DatasetCase) -> Found:
    for position in (case.n_rows, -1):
        if not _raises(DataError, lambda at=position: case.dataset.take(np.array([at]), case.names, "pandas")):  # type: ignore[misc] # mypy does not see the default
            return f"It took position {position} of {case.n_rows} rows."
    if not _raises(DefinitionError, lambda: case.dataset.take(None, case.names, "xarray")):
        return "It made a frame of 'xarray'."
    return None


@law("A dataset held to its own schema is the same.", "Look at `with_schema`.")
def own_schema_changes_nothing(case: DatasetCase) -> Found:
    own = {field.name: str(field.type) for field in case.dataset.schema()}
    held = case.dataset.with_schema(own)
    return None if held.identity().table == case.dataset.identity().table else "It has another digest."


LAWS = (
    ids_ascend,
    ids_belong_to_rows,
    descriptions_agree,
    columns_come_as_asked,
    rows_and_take_agree,
    none_is_every_row,
    positions_are_followed,
    frames_agree,
    types_do_not_depend_on_rows,
    taken_rows_are_ones_own,
    identity_is_stable,
    copies_take_the_same,
    identity_tells_the_data,
    unknown_columns_are_refused,
    unknown_rows_and_frames_are_refused,
    own_schema_changes_nothing,
)
