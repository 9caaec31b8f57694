"""Whatever is typed wrong is told in three sentences, with exit code 2, and leaves the store as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
import pytest
from tests.fuzz.conftest import HOSTILE, count, slip

from bancada.cli._main import program
from bancada.cli._verbs import VERBS

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.acceptance.conftest import Told, Typed

# A line that is right for each verb; slips are made in it.
RIGHT: dict[str, tuple[str, ...]] = {
    "run": ("--in-process", "first", "cut=0.5", "--seed", "3", "--because", "text", "--expect", "> 0.1"),
    "try": ("first", "cut=0.5", "--seed", "3"),
    "leaderboard": ("--metric", "accuracy", "--top", "3"),
    "compare": ("first", "baseline", "--metric", "accuracy"),
    "across": ("first", "baseline"),
    "errors": ("first", "--metric", "accuracy"),
    "kpi": (),
    "rescore": (),
    "evaluation": ("show",),
    "holdout": ("show",),
    "show": ("first", "--code"),
    "list": ("--runs", "3"),
    "fit": ("first",),
    "submit": ("predictions.csv", "--as", "mine"),
    "exec": ("--as", "script", "--", "true"),
    "journal": ("--candidate", "first", "--since", "7d"),
    "note": ("first", "text"),
    "rm": ("first", "--because", "text"),
    "gc": ("--dry-run", "--days", "3"),
    "forget": ("--ids", "ids.txt", "--dry-run"),
    "demo": (),
    "reproduce": ("first", "--with-current-environment"),
    "diff": ("first", "baseline"),
    "data": ("check", "--ignore", "rows"),
    "sign": ("first",),
    "store": ("verify",),
    "completion": ("bash",),
}
# What a slip in a positional word must not do: these take any text there.
FREE = {"note", "exec", "submit"}
# Verbs whose work would be done where a slip happens to be right.
COSTLY = {"demo", "exec", "reproduce", "try"}


@dataclass(frozen=True)
class Form:
    """A verb with its options, as the program knows them.

    Attributes:
        name: What is typed.
        options: Every option.
    """

    name: str
    options: tuple[click.Option, ...]

    @property
    def flags(self) -> set[str]:
        """All that may be typed for an option."""
        return {flag for option in self.options for flag in option.opts}


def forms() -> dict[str, Form]:
    group = program()
    ctx = click.Context(group)
    found = {}
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        options = tuple(item for item in command.params if isinstance(item, click.Option))
        found[name] = Form(name, options)
    return found


FORMS = forms()


def wrong(draw: random.Random, form: Form) -> list[str]:
    """Return a line that is wrong for certain."""
    right = list(RIGHT[form.name])
    kinds: list[Callable[[], list[str] | None]] = [
        lambda: _verb(draw, form, right),
        lambda: _option(draw, form, right),
        lambda: _value(draw, form, right),
        lambda: _cut(draw, form, right),
        lambda: (
            [form.name, *right, "--" + draw.choice(["jsno", "no-such", "json=1", "help=", "x" * 300])]
            if form.name != "exec"
            else None
        ),
        lambda: (
            [form.name, "-C", draw.choice(["no/such/folder", "\x1b[2J", "predictions.csv"]), *right]
            if "-C" in form.flags
            else None
        ),
        lambda: [form.name, "-p", slip(draw, "risk") + "?", *right] if "-p" in form.flags else None,
    ]
    while True:
        line = draw.choice(kinds)()
        if line is not None:
            return line


def _verb(draw: random.Random, form: Form, right: list[str]) -> list[str] | None:
    name = slip(draw, form.name)
    return None if name in FORMS or not name or name.startswith("-") else [name, *right]


def _option(draw: random.Random, form: Form, right: list[str]) -> list[str] | None:
    flags = sorted(flag for flag in form.flags if flag.startswith("--"))
    if not flags:
        return None
    flag = slip(draw, draw.choice(flags))
    known = any(flag.split("=")[0] == other for other in (*form.flags, "--help", "-h", "--"))
    if known or not flag.startswith("--") or len(flag) < 4:
        return None
    return [form.name, flag, *right]


def _value(draw: random.Random, form: Form, right: list[str]) -> list[str] | None:
    typed = [item for item in form.options if isinstance(item.type, click.IntRange | click.FloatRange | click.Choice)]
    if not typed:
        return None
    option = draw.choice(typed)
    value = draw.choice(HOSTILE)
    try:
        option.type.convert(value, option, None)
    except click.BadParameter:
        return [form.name, *right, max(option.opts, key=len), value] if form.name != "exec" else None
    return None


def _cut(draw: random.Random, form: Form, right: list[str]) -> list[str] | None:
    options = [item for item in form.options if not item.is_flag]
    return [form.name, *right, max(draw.choice(options).opts, key=len)] if options and form.name != "exec" else None


@pytest.fixture
def project(typed: Typed) -> Typed:
    assert typed.runs().code == 0
    (typed.root / "ids.txt").write_text("3\n", encoding="utf-8")
    (typed.root / "predictions.csv").write_text("id,score\n1,0.5\n", encoding="utf-8")
    return typed


def test_every_verb_has_a_right_line() -> None:
    assert {verb.name for verb in VERBS} <= {*RIGHT}


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_a_mistyped_line_is_refused_and_changes_nothing(
    verb: str, project: Typed, drawn: Callable[[str], random.Random]
) -> None:
    draw = drawn(verb)
    before = project.stored()
    for _ in range(count(40, 1_000)):
        line = wrong(draw, FORMS[verb])
        told = project.types(*line)
        _holds(told, line, {2})
        assert told.out == "", line
    assert project.stored() == before


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS if verb.name not in COSTLY])
def test_a_hostile_word_is_never_a_mistake_in_bancada(
    verb: str, project: Typed, drawn: Callable[[str], random.Random]
) -> None:
    draw = drawn(f"hostile {verb}")
    for _ in range(count(15, 300)):
        words = list(RIGHT[verb])
        for _ in range(draw.randint(1, 2)):
            words.insert(draw.randint(0, len(words)), draw.choice(HOSTILE))
        _holds(project.types(verb, *words), [verb, *words], {0, 1, 2})


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS if verb.name not in FREE | COSTLY | {"completion"}])
def test_a_name_that_nobody_has_is_refused(verb: str, project: Typed, drawn: Callable[[str], random.Random]) -> None:
    draw = drawn(f"names {verb}")
    words = RIGHT[verb]
    places = [
        number for number, word in enumerate(words) if word in {"first", "baseline", "accuracy", "verify", "status"}
    ]
    if not places:
        pytest.skip("this verb takes no name")
    before = project.stored()
    known = {
        "first",
        "second",
        "baseline",
        "best",
        "accuracy",
        "roc_auc",
        "verify",
        "rebuild",
        "status",
        "lock",
        "diff",
    }
    for _ in range(count(15, 300)):
        line = list(words)
        place = draw.choice(places)
        line[place] = draw.choice([slip(draw, line[place]), draw.choice(HOSTILE)])
        if line[place] in known or line[place].startswith("-") or "=" in line[place]:
            continue
        told = project.types(verb, *line)
        _holds(told, [verb, *line], {2})
    assert project.stored() == before


def _holds(told: Told, line: list[str], codes: set[int]) -> None:
    """Hold an answer to what every answer must be."""
    assert told.code in codes, (line, told)
    assert "Traceback" not in told.err, (line, told.err)
    assert "mistake in bancada" not in told.err, (line, told.err)
    for text in (told.out, told.err):
        assert "\x1b" not in text, line
        assert "\u202e" not in text, line
    if told.code == 2:
        assert told.err.startswith("error: "), (line, told.err)
        assert len(told.err.splitlines()) >= 3, (line, told.err)
