"""The split as lines of text, for those who train elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from bancada.engine._splits import split_table
from bancada.engine.outside._lossless import plain_array
from bancada.engine.outside._placing import guarded

if TYPE_CHECKING:
    from typing import BinaryIO

    from bancada.engine._binding import Binding

__all__ = ["write_split"]

HEADER = b"id,repeat,fold,part\n"


def write_split(binding: Binding, stream: BinaryIO) -> None:
    """Write `id,repeat,fold,part`, a line per row of each part of each fold; sealed rows are in none.

    Fields are quoted only where one of them must be, so that tools without a CSV reader can split the lines. An id that
    a spreadsheet would compute as a formula begins with `'`; a submission may keep it or leave it out.

    Args:
        binding: The problem with its data.
        stream: Where to.
    """
    ids = guarded(plain_array(binding.ids))
    quoted = pa.types.is_string(ids.type) and pc.any(pc.match_substring_regex(ids, '[",\r\n]')).as_py()
    options = csv.WriteOptions(include_header=False, quoting_style="needed" if quoted else "none")
    stream.write(HEADER)
    for repeat in binding.repeats:
        csv.write_csv(split_table(ids, repeat.number, repeat.parts), stream, options)
