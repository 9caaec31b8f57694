"""Shared options lead to the project."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bancada.cli._context import Common, common_options, json_option


def _asked(words: list[str], *, problem: bool = True) -> Common:
    seen: list[Common] = []

    @click.command()
    @click.argument("name")
    @common_options(problem=problem)
    def verb(common: Common, name: str) -> None:
        assert name == "x"
        seen.append(common)

    result = CliRunner().invoke(verb, ["x", *words], catch_exceptions=False, standalone_mode=False)
    if result.exception:
        raise result.exception
    return seen[0]


def test_nothing_said_is_nothing_set() -> None:
    assert _asked([]) == Common()


def test_each_option_arrives(tmp_path: Path) -> None:
    words = ["-p", "churn", "--json", "-C", str(tmp_path), "--store", "records"]
    assert _asked(words) == Common("churn", as_json=True, directory=tmp_path, store=Path("records"))


def test_a_verb_about_no_single_problem_has_no_such_option() -> None:
    with pytest.raises(click.NoSuchOption, match="--problem"):
        _asked(["--problem", "churn"], problem=False)


def test_a_folder_that_does_not_exist_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(click.BadParameter, match="does not exist"):
        _asked(["-C", str(tmp_path / "none")])


def test_json_can_stand_alone() -> None:
    @click.command()
    @json_option
    def verb(*, as_json: bool) -> None:
        click.echo(str(as_json))

    assert CliRunner().invoke(verb, ["--json"]).output == "True\n"


def test_the_project_is_found_from_the_folder_that_was_named(tmp_path: Path) -> None:
    (tmp_path / "bancada.toml").write_text("")
    (tmp_path / "deep").mkdir()
    project = Common(directory=tmp_path / "deep").open_project()
    assert project.root == tmp_path
    assert project.store == tmp_path / ".bancada"


def test_a_store_that_is_named_goes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bancada.toml").write_text("")
    monkeypatch.setenv("BANCADA_STORE", str(tmp_path / "other"))
    monkeypatch.chdir(tmp_path)
    assert Common(directory=tmp_path).open_project().store == tmp_path / "other"
    assert Common(directory=tmp_path, store=Path("records")).open_project().store == tmp_path / "records"
