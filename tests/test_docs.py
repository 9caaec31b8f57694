"""Documentation that runs: the blocks of README.md, CONTRIBUTING.md and docs/ are executed and compared.

The convention stands in CONTRIBUTING.md, the choice of Sybil in docs/decisions/003-documentation.md.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sybil import Document, Example, Region, Sybil
from sybil.evaluators.doctest import DocTestEvaluator
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.abstract.doctest import DocTestStringParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PORTUGUESE = ROOT / "docs" / "pt-BR"  # its examples are those of the English pages: tests/test_portuguese.py
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if PORTUGUESE not in page.parents),
]

# Pages with many commands, each of which starts Python anew.
LONG = {
    "any-model.md",
    "diff.md",
    "errors.md",
    "evaluation.md",
    "holdout.md",
    "journal.md",
    "kpi.md",
    "reproduce.md",
    "security.md",
    "store.md",
}

LEXER = RawFencedCodeBlockLexer(re.compile(r"(?P<language>[\w-]*)(?P<words>[^\n]*)\n"))
SKIPPED = re.compile(r"<!--\s*skip:\s*\S[^\n]*?-->\s*$")
# A block in one of these would look executed and would not be.
UNCHECKED = {"bash", "pycon", "py", "python3", "sh", "shell", "zsh"}
ANYTHING = re.compile(r"(\.\.\.|…)")
TOKENS = re.compile(r"(?P<anything>\.\.\.|…)|(?P<number>\d+\.\d+)|(?P<space>\s+)")
TIMEOUT_S = 300


@dataclass(frozen=True)
class Command:
    """One `$` line of a console block with the lines that are shown below it."""

    line: str
    shown: tuple[str, ...]


def commands(source: str) -> list[Command]:
    """Split a console block at its `$` lines; a line that ends in a backslash goes on in the next."""
    found: list[tuple[str, list[str]]] = []
    for line in source.replace("\\\n", " ").splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            assert found, f"a console block must start with a `$ command` line; this one starts with {line!r}"
            found[-1][1].append(line.rstrip())
    return [Command(line, tuple("\n".join(shown).strip("\n").splitlines())) for line, shown in found]


def line_matches(shown: str, printed: str) -> bool:
    """Compare two lines: `…` is any text, spaces are any spaces, a decimal number is right to its last place."""
    pattern, numbers, at = "", [], 0
    for token in TOKENS.finditer(shown.strip()):
        pattern += re.escape(shown.strip()[at : token.start()])
        at = token.end()
        if token["number"]:
            numbers.append(token["number"])
            pattern += r"(\d+(?:\.\d+)?)"
        else:
            pattern += ".*?" if token["anything"] else r"\s+"
    found = re.fullmatch(pattern + re.escape(shown.strip()[at:]), printed.strip())
    return found is not None and all(
        abs(float(want) - float(got)) <= 10.0 ** -len(want.partition(".")[2])
        for want, got in zip(numbers, found.groups(), strict=True)
    )


def output_matches(shown: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Compare line by line; a line with nothing but `…` stands for any number of lines."""
    if not shown:
        return not printed
    if ANYTHING.fullmatch(shown[0].strip()):
        return any(output_matches(shown[1:], printed[skipped:]) for skipped in range(len(printed) + 1))
    return bool(printed) and line_matches(shown[0], printed[0]) and output_matches(shown[1:], printed[1:])


def in_a_shell(line: str, note: Path) -> subprocess.CompletedProcess[str]:
    """Run one command in the current folder, and go where it went."""
    environment = os.environ | {
        "COLUMNS": "120",
        "NO_COLOR": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    answer = subprocess.run(
        ["sh", "-c", f"trap 'pwd > {shlex.quote(str(note))}' EXIT\n{line}"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    os.chdir(note.read_text(encoding="utf-8").strip())
    return answer


def run_console(example: Example) -> None:
    """Run the commands of a console block in the page's folder, or where the page's last `cd` led."""
    exit_code, source = example.parsed
    listed = commands(source)
    for command in listed:
        answer = in_a_shell(command.line, example.namespace["__note__"])
        place = f"{example.path}:{example.line}: `{command.line}`"
        expected_code = exit_code if command is listed[-1] else 0
        assert answer.returncode == expected_code, f"{place} ended with {answer.returncode}:\n{answer.stdout}"
        printed = tuple(line.rstrip() for line in answer.stdout.strip("\n").splitlines())
        if command.shown:
            assert output_matches(command.shown, printed), f"{place} printed:\n" + "\n".join(printed)


def write_file(example: Example) -> None:
    """Write a titled block to the file that its title names, below the page's folder."""
    title, source = example.parsed
    path = Path(title)
    assert not path.is_absolute(), f"{example.path}:{example.line}: {title!r} must be a path below the page's folder"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")


def parse_blocks(document: Document) -> Iterator[Region]:
    """Turn each fenced block that is not skipped into what must be done with it."""
    for region in LEXER(document):
        language, words = region.lexemes["language"], region.lexemes["words"]
        source = region.lexemes["source"]
        if SKIPPED.search(document.text[: region.start]):
            continue
        assert language not in UNCHECKED, f"a `{language}` block is not executed: write `console` or `python`"
        title = re.search(r'title="([^"]+)"', words)
        if title:
            yield Region(region.start, region.end, (title[1], source), write_file)
        elif language == "console":
            code = re.search(r"exit=(\d+)", words)
            yield Region(region.start, region.end, (int(code[1]) if code else 0, source), run_console)
        elif language == "python" and source.startswith(">>>"):
            parser = DocTestStringParser(DocTestEvaluator(doctest.ELLIPSIS))
            for statement in parser(source, document.path):
                statement.adjust(region, source)
                yield statement
        elif language == "python":
            yield Region(region.start, region.end, source, PythonEvaluator())


def execute(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Execute a page in an empty folder; returns how many blocks there were."""
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(folder))
    loaded = set(sys.modules)
    document = Sybil(parsers=[parse_blocks]).parse(page)
    document.namespace.update({"__name__": "__page__", "__note__": folder.with_name(f"{folder.name}-left-at")})
    count = 0
    try:
        for example in document.examples():
            example.evaluate()
            count += 1
    finally:
        for name in set(sys.modules) - loaded:
            origin = getattr(sys.modules[name], "__file__", None)
            if origin and folder in Path(origin).parents:
                del sys.modules[name]
    return count


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=pytest.mark.slow) if page.name in LONG else page for page in PAGES],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_page_does_what_it_says(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    execute(page, tmp_path, monkeypatch)


GOOD = """
Write a file, use it, and look at it:

```python title="shop/prices.py"
VAT = 0.21
```

```python
from shop.prices import VAT

total = 100 * (1 + VAT)
```

```python
>>> round(total)
121
```

```console
$ cd shop
$ cat prices.py
VAT = 0.2
$ pwd; echo "took 3 s"
…/shop
took … s
$ printf 'a\\nb\\nc\\n'
...
c
```

```console exit=3
$ exit 3
```

<!-- skip: needs the network -->
```console
$ false
```
"""


def written(tmp_path: Path, text: str) -> tuple[Path, Path]:
    page, folder = tmp_path / "page.md", tmp_path / "folder"
    page.write_text(text, encoding="utf-8")
    folder.mkdir()
    return page, folder


def test_a_page_that_says_the_truth_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, folder = written(tmp_path, GOOD)
    assert execute(page, folder, monkeypatch) == 5
    assert [path.name for path in folder.iterdir()] == ["shop"]


@pytest.mark.parametrize(
    ("true", "false", "complaint"),
    [
        ("VAT = 0.2\n$", "VAT = 0.4\n$", r"printed:\s+VAT = 0\.21"),
        ("took … s", "took … min", "printed:"),
        ("...\nc", "...\nb", r"printed:\s+a\s+b\s+c"),
        ("exit=3", "exit=2", "ended with 3"),
        ("121", "122", r"Expected:\s+122\s+Got:\s+121"),
        ("total = 100", "total = 1 / 0", "division by zero"),
        ("<!-- skip: needs the network -->", "<!-- needs the network -->", "ended with 1"),
        ("<!-- skip: needs the network -->", "<!-- skip: -->", "ended with 1"),
        ('title="shop/prices.py"', 'title="shop/costs.py"', r"No module named 'shop\.prices'"),
        ("$ cd shop\n", "cd shop\n$ true\n", "must start with a `\\$ command` line"),
        ("console exit", "bash exit", "write `console` or `python`"),
    ],
)
def test_a_page_that_says_something_false_fails(
    true: str, false: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert true in GOOD
    page, folder = written(tmp_path, GOOD.replace(true, false))
    with pytest.raises(Exception, match=complaint):
        execute(page, folder, monkeypatch)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("auc 0.84  rows 569", "auc 0.838   rows 569", True),
        ("auc 0.84  rows 569", "auc 0.82    rows 569", False),
        ("auc 0.84  rows 569", "auc 0.84    rows 570", False),
        ("ran in …", "ran in 3.1 s", True),
        ("  logistic C=0.1", "logistic  C=0.1", True),
        ("(0.5)", "[0.5]", False),
    ],
)
def test_a_number_matches_to_the_places_shown(shown: str, printed: str, *, same: bool) -> None:
    assert line_matches(shown, printed) is same
