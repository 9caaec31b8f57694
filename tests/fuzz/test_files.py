"""Project files, data files and definitions that are made up: an error of three sentences, or it is right."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.fuzz.conftest import HOSTILE, count

from bancada import datasets, definitions
from bancada.exceptions import BancadaError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from tests.acceptance.conftest import Typed

MANIFESTS = (
    'modules = ["experiment"]\nstore = "records"\ncores = 2\ntimeout_s = 10\nmemory_mb = 500\n',
    '[tool.bancada]\nmodules = ["experiment", "features.made"]\nteam = "churn"\n[tool.bancada.tracking]\nuri = "x"\n',
)
TABLES = (
    "person,a,b,ill\n1,0.5,x,0\n2,1.5,y,1\n3,,x,1\n4,2.0,z,0\n",
    'id;texto;valor\n1;"São Paulo, SP";1,5\n2;"""quoted""";2,5\n3;;3\n',
    "person\tday\n7\t2024-01-31\n8\t2024-02-30\n",
)
PIECES = ("\n", ",", '"', "'", "\x00", "\ufeff", "=", "[", "]", "{", "#", ";", "\t", "\r", "1e400", "nan", "\u2028")
DEFINITION = """
import bancada as bc

problem = bc.Problem(
    name="risk",
    dataset=bc.Dataset.from_file("data.csv", name="people", version="1", id="person"),
    target="ill",
    task=bc.tasks.Binary(),
    split=bc.splits.KFold(3, seed=1),
    evaluation=bc.Evaluation(primary="roc_auc", metrics=["accuracy"], margin=0.01, slices=["region"]),
)


@bc.candidate
def first(cut: float = 0.0, deep: bool = False, words: list[str] = ["a"]):
    return None
"""
VALUES = (
    "None",
    "...",
    "object()",
    "bc",
    "problem",
    "float('nan')",
    "-1",
    "10**30",
    "''",
    "'\\x00'",
    "'a' * 10_000",
    "[]",
    "[[]]",
    "{}",
    "{1: 2}",
    "set()",
    "b'bytes'",
    "lambda: 1",
    "int",
    "True",
    "1j",
    "range(3)",
    "'../x'",
    "('a', 'a')",
    "bc.ROW",
    "bc.tasks.Binary",
    "bc.splits.KFold(2)",
    "__import__('numpy').float32(3)",
)


def mangled(draw: random.Random, text: str) -> str:
    """Return a text with a few pieces cut, doubled, moved or put in."""
    for _ in range(draw.randint(1, 4)):
        at, end = sorted((draw.randint(0, len(text)), draw.randint(0, len(text))))
        end = min(end, at + 20)
        kind = draw.randrange(4)
        if kind == 0:
            text = text[:at] + text[end:]
        elif kind == 1:
            text = text[:at] + text[at:end] * draw.randint(2, 5) + text[end:]
        elif kind == 2:
            text = text[:at] + draw.choice([*PIECES, *HOSTILE]) + text[at:]
        else:
            text = text[:at] + draw.choice(PIECES) * draw.randint(1, 40) + text[end:]
    return text


def told(error: BancadaError) -> None:
    """Hold an error to its three sentences."""
    assert all((error.rule.strip(), error.found.strip(), error.remedy.strip())), error


def test_a_made_up_project_file_is_read_or_refused(tmp_path: Path, drawn: Callable[[str], random.Random]) -> None:
    draw = drawn("manifests")
    refused = 0
    for number in range(count(500, 10_000)):
        which = number % 2
        path = tmp_path / ("bancada.toml", "pyproject.toml")[which]
        path.write_text(mangled(draw, MANIFESTS[which]), encoding="utf-8", errors="surrogateescape")
        try:
            definitions.find_project(tmp_path, {"HOME": str(tmp_path)}, home=tmp_path, flags={})
        except BancadaError as error:
            told(error)
            refused += 1
        path.unlink()
    assert refused > number / 4


def test_a_made_up_data_file_is_read_or_refused(tmp_path: Path, drawn: Callable[[str], random.Random]) -> None:
    draw = drawn("tables")
    read = refused = 0
    for number in range(count(200, 10_000)):
        path = tmp_path / f"data-{number}.csv"
        path.write_text(mangled(draw, TABLES[number % 3]), encoding="utf-8", errors="surrogateescape")
        name = draw.choice(["person", "id", "a"])
        try:
            found = datasets.Dataset.from_file(path.name, id=name if draw.random() < 0.5 else datasets.ROW)
            opened = found.at(tmp_path, tmp_path / "cache")
            names = [field.name for field in opened.schema()]
            assert len(opened.ids()) == opened.rows(names).num_rows
            opened.identity()
            read += 1
        except BancadaError as error:
            told(error)
            refused += 1
        path.unlink()
    assert min(read, refused) > number / 20


def test_made_up_definitions_are_loaded_or_refused(typed: Typed, drawn: Callable[[str], random.Random]) -> None:
    draw = drawn("definitions")
    project = typed.types("list").code
    assert project == 2  # there is nothing yet
    refused = 0
    for _ in range(count(100, 10_000)):
        typed.write_text(_defined(draw))
        typed.forget()
        found = definitions.find_project(typed.root, os.environ, home=typed.root, flags={})
        try:
            loaded = definitions.load(found)
            loaded.snapshot()
        except BancadaError as error:
            told(error)
            refused += 1
        else:
            refused += bool(loaded.failures)
            assert all(failure.error for failure in loaded.failures)
    assert refused


@pytest.mark.parametrize("words", [("run", "--in-process"), ("run", "--plan"), ("show", "--split"), ("list",)])
def test_a_made_up_project_is_never_a_mistake_in_bancada(
    words: tuple[str, ...], typed: Typed, drawn: Callable[[str], random.Random]
) -> None:
    draw = drawn(f"project {words}")
    for _ in range(count(25, 500)):
        typed.write_text("")
        module = _defined(draw) if draw.random() < 0.7 else mangled(draw, DEFINITION)
        (typed.root / f"{typed.module}.py").write_text(module, encoding="utf-8", errors="surrogateescape")
        if draw.random() < 0.5:
            text = mangled(draw, "person,a,b,ill,region\n" + "1,0.1,0.2,1,n\n2,0.3,0.4,0,s\n" * 3)
            (typed.root / "data.csv").write_text(text, encoding="utf-8", errors="surrogateescape")
        answer = typed.types(*words)
        assert answer.code in {0, 1, 2}, answer
        assert "mistake in bancada" not in answer.err, answer.err
        assert "Traceback" not in answer.out


def _defined(draw: random.Random) -> str:
    """Return the definitions with one or two values that are something else."""
    text = DEFINITION
    for _ in range(draw.randint(1, 2)):
        lines = text.splitlines()
        places = [number for number, line in enumerate(lines) if "=" in line and line.startswith("    ")]
        number = draw.choice(places)
        before, sign, after = lines[number].partition("=")
        inner = after.rstrip(",")
        if "(" in inner and draw.random() < 0.7:
            head, bracket, rest = inner.partition("(")
            parts = rest[:-1].split(", ")
            at = draw.randrange(len(parts))
            key, equals, _ = parts[at].partition("=")
            parts[at] = f"{key}={draw.choice(VALUES)}" if equals else draw.choice(VALUES)
            inner = head + bracket + ", ".join(parts) + ")"
        else:
            inner = draw.choice(VALUES)
        lines[number] = f"{before}{sign}{inner},"
        text = "\n".join(lines) + "\n"
    return text
