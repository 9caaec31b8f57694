"""What DVC says of a file is read from its own files, as it writes them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from bancada.datasets import Dataset
from bancada.datasets._dvc import agrees, tracked
from bancada.exceptions import NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

FILE = """outs:
- md5: {md5}
  size: 14
  hash: md5
  path: data.csv
"""
LOCK = """schema: '2.0'
stages:
  fetch:
    cmd: python fetch.py
    deps:
    - path: fetch.py
      hash: md5
      md5: 11111111111111111111111111111111
      size: 3
    outs:
    - path: raw/data.csv
      hash: md5
      md5: {md5}
      size: 14
  train:
    cmd: python train.py
    outs:
    - path: model.bin
      md5: 22222222222222222222222222222222
"""
YAML = """stages:
  fetch:
    cmd: python fetch.py
    outs:
      - raw/data.csv:
          cache: false
      - raw/other.csv
    metrics:
      - m.json
"""
TEXT = b"k,x\n1,2\n3,4\n"


def md5(data: bytes = TEXT) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def test_a_file_beside_its_own_dvc_file(tmp_path: Path) -> None:
    (tmp_path / "data.csv.dvc").write_text(FILE.format(md5=md5()))
    said = tracked(tmp_path / "data.csv")
    assert said is not None
    assert (said.by, said.whole, said.md5, said.plain) == (tmp_path / "data.csv.dvc", True, md5(), True)
    (tmp_path / "data.csv").write_bytes(TEXT)
    assert agrees(tmp_path / "data.csv", said) is True
    (tmp_path / "data.csv").write_bytes(TEXT + b"5,6\n")
    assert agrees(tmp_path / "data.csv", said) is False
    assert tracked(tmp_path / "other.csv") is None


def test_texts_of_older_versions_of_dvc_had_the_line_ends_of_unix(tmp_path: Path) -> None:
    (tmp_path / "data.csv.dvc").write_text(FILE.format(md5=md5()).replace("  hash: md5\n", ""))
    (tmp_path / "data.csv").write_bytes(TEXT.replace(b"\n", b"\r\n"))
    said = tracked(tmp_path / "data.csv")
    assert said is not None
    assert agrees(tmp_path / "data.csv", said) is True
    (tmp_path / "data.csv.dvc").write_text(FILE.format(md5=md5()))
    said = tracked(tmp_path / "data.csv")
    assert said is not None
    assert agrees(tmp_path / "data.csv", said) is False


def test_a_file_in_a_folder_that_is_tracked(tmp_path: Path) -> None:
    told = f"outs:\n- md5: {md5()}.dir\n  size: 28\n  nfiles: 2\n  hash: md5\n  path: data\n"
    (tmp_path / "data.dvc").write_text(told)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_bytes(TEXT)
    said = tracked(tmp_path / "data" / "a.csv")
    assert said is not None
    assert (said.by.name, said.whole) == ("data.dvc", False)
    assert agrees(tmp_path / "data" / "a.csv", said) is None


@pytest.mark.parametrize(("name", "text"), [("dvc.lock", LOCK), ("dvc.yaml", YAML)])
def test_an_output_of_a_stage(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text.format(md5=md5()))
    said = tracked(tmp_path / "raw" / "data.csv")
    assert said is not None
    assert (said.by.name, said.whole) == (name, True)
    assert said.md5 == (md5() if name == "dvc.lock" else "")
    assert tracked(tmp_path / "fetch.py") is None
    assert tracked(tmp_path / "m.json") is None
    assert (tracked(tmp_path / "raw" / "other.csv") is not None) == (name == "dvc.yaml")


@pytest.mark.parametrize("text", ["", "outs:", "outs: 3\n", "outs:\n- \n", "\0\xff", "outs:\n- path:\n", "- - -\n"])
def test_what_says_nothing_does_no_harm(tmp_path: Path, text: str) -> None:
    (tmp_path / "data.csv.dvc").write_text(text, encoding="latin-1")
    assert tracked(tmp_path / "data.csv") is None


def test_nothing_above_the_repository_is_asked(tmp_path: Path) -> None:
    (tmp_path / "dvc.yaml").write_text("stages:\n  s:\n    outs:\n    - inner/data.csv\n")
    (tmp_path / "inner" / ".git").mkdir(parents=True)
    assert tracked(tmp_path / "inner" / "data.csv") is None


def test_a_missing_file_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "data.csv.dvc").write_text(FILE.format(md5=md5()))
    data = Dataset.from_file("data.csv", id="k").at(tmp_path, tmp_path / "cache")
    with pytest.raises(NotFoundError, match=r"which DVC tracks by `data\.csv\.dvc`\. Run `dvc pull data\.csv\.dvc`"):
        data.identity()
    (tmp_path / "raw.dvc").write_text("outs:\n- md5: 1.dir\n  path: raw\n")
    for place in ("raw/a.csv", "raw", "raw/*.csv"):
        data = Dataset.from_file(place, name="d", id="k").at(tmp_path, tmp_path / "cache")
        with pytest.raises(NotFoundError, match=r"which DVC tracks by `raw\.dvc`\. Run `dvc pull raw\.dvc`"):
            data.identity()
