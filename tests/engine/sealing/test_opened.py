"""A file of the data is known under whatever path a candidate opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.engine.sealing import opened_data

if TYPE_CHECKING:
    from pathlib import Path


def test_a_data_file_is_known_by_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("data/a.csv", "data/b.csv", "notes.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "link.csv").symlink_to(tmp_path / "data" / "a.csv")
    files = ("data/a.csv", "data/b.csv")
    assert opened_data(tmp_path, files, ["notes.txt"]) == ()
    assert opened_data(tmp_path, files, ["data/../data/a.csv"]) == ("data/a.csv",)
    assert opened_data(tmp_path, files, [str(tmp_path / "data" / "b.csv"), "link.csv"]) == files
