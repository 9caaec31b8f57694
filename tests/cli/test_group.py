"""Verbs are listed, completed and corrected from a table, and imported when they are used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
import pytest

from bancada.cli._group import VerbGroup
from bancada.cli._main import program
from bancada.cli._verbs import EVERY_DAY, EXAMPLES, MORE, VERBS, Verb
from bancada.exceptions import NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

_ABSENT = (
    Verb("run", "bancada_no_such_module_1", "Score.", EVERY_DAY),
    Verb("leaderboard", "bancada_no_such_module_2", "Show."),
    Verb("list", "bancada_no_such_module_3", "List."),
)


def _help(group: VerbGroup) -> str:
    with click.Context(group, info_name="bancada", terminal_width=100) as ctx:
        return group.get_help(ctx)


def test_help_needs_no_verb_to_exist() -> None:
    text = _help(VerbGroup(_ABSENT, examples=[("bancada run", "all of them")], help="What it is for."))
    places = [text.index(words) for words in ("What it is for.", "Every day:", "run", "More:", "list", "Examples:")]
    assert places == sorted(places)
    assert "all of them" in text


def test_the_everyday_verbs_come_first() -> None:
    text = _help(program())
    names = [verb.name for verb in VERBS]
    every_day = ["run", "try", "leaderboard", "compare", "reproduce"]
    assert [verb.name for verb in VERBS if verb.group == EVERY_DAY] == every_day
    assert text.index("Every day:") < text.index("More:") < text.index("Options:") < text.index("Examples:")
    assert [line.split()[0] for line in text.splitlines() if line[:3].strip() and line.split()[0] in names] == names


def test_every_group_is_one_that_help_shows_and_every_line_of_it_fits() -> None:
    assert {verb.group for verb in VERBS} <= {EVERY_DAY, MORE}
    assert max(map(len, _help(program()).splitlines())) <= 100
    assert all(example.split()[1] in {verb.name for verb in VERBS} for example, _ in EXAMPLES)


def test_a_verb_is_imported_when_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bancada_test_lazy.py").write_text("import click\n@click.command()\ndef command(): pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    group = VerbGroup([Verb("lazy", "bancada_test_lazy", "")])
    with click.Context(group) as ctx:
        assert "bancada_test_lazy" not in sys.modules
        assert isinstance(group.get_command(ctx, "lazy"), click.Command)
        assert "bancada_test_lazy" in sys.modules
        assert group.get_command(ctx, "other") is None


@pytest.mark.parametrize(("typed", "answer"), [("leadrboard", "Did you mean `leaderboard`?"), ("xyz", "Known are")])
def test_a_mistyped_verb_is_answered_with_the_nearest(typed: str, answer: str) -> None:
    with (
        pytest.raises(NotFoundError, match=f"There is no verb `{typed}`") as caught,
        click.Context(VerbGroup(_ABSENT)) as ctx,
    ):
        VerbGroup(_ABSENT).resolve_command(ctx, [typed])
    assert answer in caught.value.remedy


def test_completion_imports_no_verb() -> None:
    group = VerbGroup(_ABSENT)
    with click.Context(group) as ctx:
        assert [item.value for item in group.shell_complete(ctx, "l")] == ["leaderboard", "list"]
        assert "--help" in [item.value for item in group.shell_complete(ctx, "--")]
