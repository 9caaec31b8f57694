"""Metadata folders, well formed and not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bancada.environments._installed import MetadataFolder
from bancada.environments._reading import Distribution, Row, read_distribution


def read(folder: Path, texts: dict[str, str]) -> Distribution:
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text)
    return read_distribution(MetadataFolder("own", "1", str(folder), str(folder.parent)), Path("/prefix"))


def test_what_is_there_is_read(tmp_path: Path) -> None:
    found = read(
        tmp_path / "lib/python3.11/site-packages/own-1.dist-info",
        {
            "METADATA": "Name: own\nVersion: 1+local\n\nVersion: 9\n",
            "INSTALLER": "UV\n",
            "RECORD": 'own.py,sha256=abc,3\n"a, b.txt",,\n\n',
            "direct_url.json": '{"url": "file:///a%20b", "dir_info": {"editable": true}}',
            "entry_points.txt": "[console_scripts]\nTool=own:main\n[gui_scripts]\nWin = own:win\n[other]\nx = y\n",
        },
    )
    assert (found.version, found.installer, found.prefix) == ("1+local", "uv", tmp_path)
    assert found.rows == (Row("own.py", "sha256", "abc"), Row("a, b.txt", "", ""))
    assert found.link == Path("/a b")
    assert found.scripts == {"Tool", "Win"}


@pytest.mark.parametrize("direct", ["", "[]", "{", '{"url": 3}', '{"dir_info": {"editable": true}}'])
def test_what_is_not_well_formed_is_empty(tmp_path: Path, direct: str) -> None:
    found = read(tmp_path / "own-1.dist-info", {"direct_url.json": direct, "entry_points.txt": "no section\n"})
    assert (found.rows, found.direct, found.link, found.scripts) == (None, {}, None, frozenset())
    assert (found.version, found.installer, found.prefix) == ("1", "", Path("/prefix"))
