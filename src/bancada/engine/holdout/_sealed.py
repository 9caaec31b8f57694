"""The sealed rows with their truth: nobody but a look asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.contracts import PlacedTask
from bancada.definitions import Slice
from bancada.engine._binding import all_rows, weights_of
from bancada.engine._places import slices_of, with_places
from bancada.engine.sealing import sealed_positions
from bancada.identity import digest
from bancada.samples import FoldPart, Sample, Timeline
from bancada.splits import time_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.engine._binding import Binding
    from bancada.samples import SplitRows

__all__ = ["Sealed", "open_sealed"]

BLOCKS = 10


@dataclass(frozen=True, slots=True)
class Sealed:
    """The sealed rows, in id order, (n_sealed,).

    Attributes:
        positions: Positions in the dataset.
        truth: What the task reads from their target.
        rows: Columns that slices and metrics read.
        weight: Weights; None where all weigh the same.
        places: Where in time they stand; None where the task has no places.
        slices: A truth value per row for each slice, by its name.
        slice_ids: Digest of which rows each slice means.
        units: Number of the group, or of the stretch of time, that each row belongs to; None where rows are
            independent.
    """

    positions: npt.NDArray[np.int64]
    truth: pa.Table
    rows: pa.Table
    weight: npt.NDArray[np.float64] | None
    places: pa.Table | None
    slices: Mapping[str, npt.NDArray[np.bool_]]
    slice_ids: Mapping[str, str]
    units: npt.NDArray[np.int64] | None

    def sample(self, predictions: pa.Table) -> Sample:
        """Return the rows with predictions for them."""
        told = predictions if self.places is None else with_places(predictions, self.places)
        return Sample(self.truth, told, self.rows, self.weight)


def open_sealed(binding: Binding) -> Sealed:
    """Read the sealed rows with their truth.

    Args:
        binding: The problem with its data.

    Raises:
        DataError: They break a rule of the task.
        DefinitionError: A slice cannot read the values of its columns.
    """
    positions = sealed_positions(binding.positions, binding.data.n_rows)
    taken = pa.array(positions)
    roles, dataset, judged = binding.roles, binding.dataset, binding.problem.judged
    everything = all_rows(binding)
    truth = binding.task.truth(dataset.rows(roles.read_by_task).take(taken))
    rows = dataset.rows(roles.row_columns).take(taken)
    places = _places(binding, everything, positions)
    slices = slices_of(judged, rows, places)
    expressions = {item.name: item.canonical for item in judged.slices if isinstance(item, Slice)}
    return Sealed(
        positions=positions,
        truth=truth,
        rows=rows,
        weight=weights_of(dataset, roles, positions),
        places=places,
        slices=slices,
        slice_ids={name: digest([name, expressions.get(name)]) for name in slices},
        units=_units(binding, everything, positions),
    )


def _places(binding: Binding, everything: SplitRows, positions: npt.NDArray[np.int64]) -> pa.Table | None:
    """Return the places of the sealed rows, tested by one fold that trains on all others."""
    if not isinstance(binding.task, PlacedTask):
        return None
    order = time_codes(everything)
    codes = np.zeros(len(order), dtype=np.int64)
    series = pa.array(np.zeros(len(order), dtype=np.int8))
    if everything.groups is not None:
        series = pa.array(everything.groups)
        codes = np.unique(everything.groups, return_inverse=True)[1].astype(np.int64)
    timeline = Timeline(series, everything.time.column(0).combine_chunks(), codes, order)
    truth = binding.task.truth(binding.dataset.rows(binding.roles.read_by_task))
    return binding.task.places(timeline, truth, (FoldPart(binding.positions, positions),)).take(pa.array(positions))


def _units(binding: Binding, everything: SplitRows, positions: npt.NDArray[np.int64]) -> npt.NDArray[np.int64] | None:
    """Return what rows near each other share: a stretch of time where the split follows time, else their group."""
    if binding.split.kind == "time":
        order = np.unique(time_codes(everything)[positions], return_inverse=True)[1].astype(np.int64)
        # Ten stretches of equally many times; of fewer times each is one, which are too few for an interval.
        n_times = int(order.max()) + 1
        return order if n_times < BLOCKS else order * BLOCKS // n_times
    if everything.groups is None:
        return None
    return np.unique(everything.groups[positions], return_inverse=True)[1].astype(np.int64)
