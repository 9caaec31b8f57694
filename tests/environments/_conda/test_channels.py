"""Where a machine gets Conda's packages from, as Conda's own settings say."""

from __future__ import annotations

from pathlib import Path

import pytest

from bancada.environments._conda._channels import package_sources, settings_files

ALIAS = "https://alias.example/"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path)}


def channels(environ: dict[str, str], *preset: str) -> list[tuple[str, str]]:
    return [(channel.name, channel.address) for channel in package_sources(environ, ALIAS, preset).channels]


def said(environ: dict[str, str], text: str, name: str = ".condarc") -> None:
    path = Path(environ["HOME"], name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_machine_that_is_set_up_for_nothing_has_conda_forge(environ: dict[str, str]) -> None:
    assert channels(environ) == [("conda-forge", "https://alias.example/conda-forge")]


def test_other_programs_settings_count_where_condas_say_nothing(environ: dict[str, str]) -> None:
    assert channels(environ, "bioconda") == [("bioconda", "https://alias.example/bioconda")]
    said(environ, "channels: [team]")
    assert [name for name, _ in channels(environ, "bioconda")] == ["team"]


def test_the_variable_comes_before_the_files_and_the_nearer_file_first(environ: dict[str, str], tmp_path: Path) -> None:
    said(environ, "channels:\n  - home\n  - shared")
    said(environ, "channels: [shared, far]", "root/.condarc")
    environ |= {"CONDA_CHANNELS": "first, second", "CONDA_EXE": str(tmp_path / "root" / "bin" / "conda")}
    assert [name for name, _ in channels(environ)] == ["first", "second", "home", "shared", "far"]


def test_names_mean_what_the_settings_say(environ: dict[str, str]) -> None:
    said(
        environ,
        """
channels:
  - team
  - pytorch/label/dev
  - both
  - https://me:pw@host.example/t/tk/forge/
  - pkgs/msys2
channel_alias: https://mirror.example/conda/
custom_channels:
  team: https://internal.example/repo
custom_multichannels:
  both:
    - one
    - team
""",
    )
    assert channels(environ) == [
        ("team", "https://internal.example/repo/team"),
        ("pytorch/label/dev", "https://mirror.example/conda/pytorch/label/dev"),
        ("one", "https://mirror.example/conda/one"),
        ("forge", "https://me:pw@host.example/t/tk/forge"),
        ("pkgs/msys2", "https://repo.anaconda.com/pkgs/msys2"),
    ]


def test_defaults_are_a_group(environ: dict[str, str]) -> None:
    environ["CONDA_CHANNELS"] = "defaults"
    assert [name for name, _ in channels(environ)] == ["pkgs/main", "pkgs/r"]
    said(environ, "default_channels: [https://mirror.example/main]")
    assert channels(environ) == [("main", "https://mirror.example/main")]


def test_a_group_that_names_itself_is_no_loop(environ: dict[str, str]) -> None:
    said(environ, "channels: [a]\ncustom_multichannels:\n  a: [b, a]\n  b: [a]")
    assert {name for name, _ in channels(environ)} == {"a"}


def test_a_folder_is_a_channel(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "forge").mkdir()
    environ["CONDA_CHANNELS"] = f"{tmp_path}/forge,~/forge"
    assert channels(environ) == [("forge", (tmp_path / "forge").resolve().as_uri())]


def test_a_file_that_cannot_be_read_is_named_and_stops_nothing(environ: dict[str, str], tmp_path: Path) -> None:
    said(environ, "channels: &anchor [a]")
    found = package_sources(environ, ALIAS)
    assert found.unread == (f"`{tmp_path / '.condarc'}`: line 1 has '&', which is not read here",)
    assert [channel.name for channel in found.channels] == ["conda-forge"]


def test_caches_are_those_of_the_settings_and_of_conda_itself(environ: dict[str, str], tmp_path: Path) -> None:
    said(environ, "pkgs_dirs:\n  - ~/big/pkgs")
    environ |= {"MAMBA_ROOT_PREFIX": "/opt/mamba", "CONDA_PKGS_DIRS": "/data/pkgs"}
    assert package_sources(environ, ALIAS).caches == (
        Path("/data/pkgs"),
        tmp_path / "big" / "pkgs",
        Path("/opt/mamba/pkgs"),
        tmp_path / ".conda" / "pkgs",
    )


def test_the_recorded_channel_is_asked_first_and_the_others_after_it(environ: dict[str, str]) -> None:
    environ["CONDA_CHANNELS"] = "a,b,c"
    sources = package_sources(environ, ALIAS)
    assert [channel.name for channel in sources.ordered("b")] == ["b", "a", "c"]
    assert [channel.name for channel in sources.ordered("unknown")] == ["a", "b", "c"]


def test_a_file_that_a_variable_names_counts_most(environ: dict[str, str]) -> None:
    environ["CONDARC"] = "/somewhere/condarc"
    assert settings_files(environ)[0] == Path("/somewhere/condarc")
