"""Packed wheels: equal files make equal bytes, and any installer takes them."""

from __future__ import annotations

import csv
import io
import sysconfig
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from packaging.tags import sys_tags
from packaging.utils import parse_wheel_filename
from tests.environments.wheels import encoded

from bancada.environments._packing import made_here, pack, wheel_name, wheel_tags

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.environments.wheels import Venv

names = st.text("abc_", min_size=1, max_size=5).map(lambda name: f"own/{name}.py")


@given(st.dictionaries(names, st.binary(max_size=20)), st.randoms())
def test_order_makes_no_difference_and_record_tells_the_truth(files: dict[str, bytes], random_: random.Random) -> None:
    files = {**files, "own-1.0.dist-info/METADATA": b"x", ":data/share/a, b.txt": b"y"}
    shuffled = dict(random_.sample(list(files.items()), len(files)))
    data = pack(files, "own-1.0.dist-info")
    assert pack(shuffled, "own-1.0.dist-info") == data
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        rows = list(csv.reader(wheel.read("own-1.0.dist-info/RECORD").decode().splitlines()))
        assert sorted(row[0] for row in rows) == sorted(wheel.namelist())
        assert wheel.namelist()[-1] == "own-1.0.dist-info/RECORD"
        assert "own-1.0.data/data/share/a, b.txt" in wheel.namelist()
        for name, digest, size in rows[:-1]:
            content = wheel.read(name)
            assert (digest, int(size)) == (f"sha256={encoded(content)}", len(content))


def test_a_wheel_is_the_same_bytes_for_ever() -> None:
    data = pack({"own.py": b"x = 1\n", "own-1.0.dist-info/WHEEL": made_here(compiled=False)}, "own-1.0.dist-info")
    assert sha256(data).hexdigest() == "cd9a443a6589ba56219fd435b6f77ee30aa5c775c8a41b4339a72de0df8883c7"


def test_its_name_is_one_that_installers_read() -> None:
    tag = wheel_tags(made_here(compiled=True))
    name, _, _, tags = parse_wheel_filename(wheel_name("own-1.0.dist-info", tag))
    assert name == "own"
    assert tags & {*sys_tags()} or not sysconfig.get_platform().startswith("linux")
    assert wheel_name("own-1.0.dist-info", []) == "own-1.0-py3-none-any.whl"
    many = ["cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux2014_x86_64"]
    assert wheel_name("own-1.0.dist-info", many) == "own-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"


def test_pip_and_uv_install_it(venv: Venv, tmp_path: Path) -> None:
    files = {
        "own.py": b"x = 1\n",
        "own-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: own\nVersion: 1.0\n",
        "own-1.0.dist-info/WHEEL": made_here(compiled=True),
    }
    path = tmp_path / wheel_name("own-1.0.dist-info", wheel_tags(files["own-1.0.dist-info/WHEEL"]))
    path.write_bytes(pack(files, "own-1.0.dist-info"))
    for add, again in ((venv.add, "--reinstall"), (venv.add_by_pip, "--force-reinstall")):
        add(again, path)
        assert (venv.site / "own.py").read_bytes() == b"x = 1\n"
        (venv.site / "own.py").unlink()
