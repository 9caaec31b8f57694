"""Laws of decoded tables on disk."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from bancada.datasets._mapped import MappedTable, kept, mappable
from bancada.identity import table_digest

if TYPE_CHECKING:
    from pathlib import Path

TABLE = pa.table({"x": [1, 2], "kind": pa.array(["a", "b"]).dictionary_encode()})


def refuse() -> Any:
    pytest.fail("the table was decoded again")


def test_a_kept_table_is_not_decoded_again(tmp_path: Path) -> None:
    first = kept(tmp_path, "key", lambda: TABLE)
    second = kept(tmp_path, "key", refuse)
    assert first.table.equals(TABLE)
    assert second.table.equals(TABLE)
    assert second.digest == table_digest(TABLE)
    assert second.table.schema.metadata is None


@pytest.mark.parametrize("damage", [b"", b"ARROW1\0\0 and no more"])
def test_a_damaged_file_is_written_again_and_nothing_is_left_aside(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "key.arrow").write_bytes(damage)
    assert kept(tmp_path, "key", lambda: TABLE).table.equals(TABLE)
    assert [item.name for item in tmp_path.iterdir()] == ["key.arrow"]


def test_a_file_that_is_none_of_ours_is_written_again(tmp_path: Path) -> None:
    with pa.OSFile(str(tmp_path / "key.arrow"), "wb") as sink, pa.ipc.new_file(sink, TABLE.schema) as writer:
        writer.write_table(TABLE.slice(0, 1))
    assert kept(tmp_path, "key", lambda: TABLE).n_rows == 2


def test_a_failed_decode_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> Any:
        message = "broken source"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="broken source"):
        kept(tmp_path / "tables", "key", fail)
    assert not (tmp_path / "tables").exists()


def test_the_values_are_mapped_and_not_read(tmp_path: Path) -> None:
    before = pa.total_allocated_bytes()
    kept(tmp_path, "key", lambda: pa.table({"x": pa.array(range(100_000))}))
    table = kept(tmp_path, "key", refuse).table
    assert table.num_rows == 100_000
    assert pa.total_allocated_bytes() - before < 100_000


def test_a_pickle_is_the_path(tmp_path: Path) -> None:
    mapped = kept(tmp_path, "key", lambda: TABLE)
    copy = pickle.loads(pickle.dumps(mapped))  # noqa: S301 - bytes that this very line has pickled
    assert isinstance(copy, MappedTable)
    assert copy.path == mapped.path
    assert copy.table.equals(TABLE)


def test_chunks_views_and_metadata_are_gone() -> None:
    view = pa.array(["a", "b"]).cast(pa.string_view())
    chunked = pa.chunked_array([pa.array(["x"]).dictionary_encode(), pa.array(["y"]).dictionary_encode()])
    table = pa.table({"view": view, "kind": chunked}).replace_schema_metadata({"pandas": "{}"})
    got = mappable(table, "d")
    assert got.schema.metadata is None
    assert got.schema.field("view").type == pa.large_string()
    assert all(column.num_chunks == 1 for column in got.columns)
    assert got["kind"].to_pylist() == ["x", "y"]
