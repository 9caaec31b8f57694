"""A package of Conda's: no credentials in what is told of it, and nothing but names in what a record tells."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.environments._conda._package import CondaPackage, channel_name, recorded_packages, without_credentials
from bancada.exceptions import EnvironmentNotRebuilt

PACKAGE = CondaPackage(
    name="numpy", version="1.26.4", build="py311_0", subdir="linux-64", url="https://a.example/c/x", md5="0" * 32
)
PUBLIC = "https://conda.anaconda.example"
WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)


def details(**changed: Any) -> dict[str, Any]:
    return {"packages": [msgspec.to_builtins(PACKAGE) | changed]}


@given(user=WORD, password=WORD, token=WORD, channel=WORD.filter(lambda word: word != "t"))
def test_no_credential_is_left_in_an_address(user: str, password: str, token: str, channel: str) -> None:
    address = f"https://{user}:{password}@repo.example/t/{token}/{channel}/noarch/a-1-0.conda?token={token}#{token}"
    assert without_credentials(address) == f"https://repo.example/{channel}/noarch/a-1-0.conda"


@pytest.mark.parametrize(
    ("told", "url", "name"),
    [
        ("conda-forge", "", "conda-forge"),
        (f"{PUBLIC}/conda-forge", "", "conda-forge"),
        (f"{PUBLIC}/conda-forge/linux-64", "", "conda-forge"),
        (f"{PUBLIC}/t/tk/conda-forge/", "", "conda-forge"),
        ("", f"{PUBLIC}/pytorch/label/dev/linux-64/a-1-0.conda", "pytorch/label/dev"),
        ("", "https://repo.anaconda.com/pkgs/main/linux-64/a-1-0.conda", "pkgs/main"),
        ("", "https://me:x@mirror.example/repository/forge/linux-64/a-1-0.tar.bz2", "forge"),
        ("", "file:///srv/channels/tiny/linux-64/a-1-0.tar.bz2", "tiny"),
    ],
)
def test_a_channel_has_the_name_that_its_users_know(told: str, url: str, name: str) -> None:
    assert channel_name(told, url, "linux-64") == name


def test_the_explicit_line_is_an_address_with_its_digest() -> None:
    assert PACKAGE.explicit == "https://a.example/c/x#" + "0" * 32
    assert msgspec.structs.replace(PACKAGE, url="").explicit == ""


def test_what_is_recorded_is_read_again() -> None:
    assert recorded_packages(details()) == (PACKAGE,)
    assert recorded_packages(details(later=1)) == (PACKAGE,)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "../evil"},
        {"version": "1/2"},
        {"build": ""},
        {"subdir": "https://evil.example"},
        {"subdir": ".."},
        {"archive": ".exe"},
        {"name": "-option"},
        {"name": 3},
        {"sha256": "../../x"},
        {"sha256": "a" * 63},
        {"md5": "z" * 32},
        {"content": "/"},
        {"noarch": "evil"},
        {"build_number": -1},
        {"build_number": 1 << 64},
        {"site_packages": "../../outside"},
        {"site_packages": "/outside"},
        {"site_packages": "lib/.."},
        {"depends": "python"},
    ],
)
def test_what_is_no_name_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(EnvironmentNotRebuilt, match="names packages, each with version, build and platform"):
        recorded_packages(details(**changed))


@pytest.mark.parametrize("told", [{}, {"packages": 3}, None, {"packages": [msgspec.to_builtins(PACKAGE)] * 2}])
def test_what_are_no_packages_is_refused(told: Any) -> None:
    with pytest.raises(EnvironmentNotRebuilt, match="Do not use this record"):
        recorded_packages(told)
