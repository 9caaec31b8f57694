"""The house rules that no linter knows, read from the syntax trees of the files."""

from __future__ import annotations

import ast
import functools
import io
import re
import shutil
import subprocess
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "src" / "bancada"
CODE = sorted(path for folder in ("src", "tests", "benchmarks", "docs") for path in (ROOT / folder).rglob("*.py"))
SOURCES = [path for path in CODE if HOUSE in path.parents]
TESTS = [path for path in CODE if ROOT / "tests" in path.parents]

MOST_LINES = 500
MOST_FUNCTION_LINES = 50
LONG_FUNCTIONS_SHARE = 0.005
NAMES_THAT_SAY_NOTHING = {"base", "common", "core", "helper", "helpers", "misc", "util", "utils"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, node: ast.stmt | ast.expr) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def functions(paths: list[Path]) -> Iterator[tuple[Path, Function]]:
    for path in paths:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, Function):
                yield path, node


def lines_without_docstring(function: Function) -> int:
    first = function.body[0]
    docstring = 0
    if ast.get_docstring(function, clean=False) is not None:
        docstring = (first.end_lineno or first.lineno) - first.lineno + 1
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def own_targets(node: ast.AST) -> list[str]:
    """List the modules of this package that an import statement names."""
    if isinstance(node, ast.Import):
        named = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        named = [node.module or ""]
    else:
        named = []
    return [name for name in named if name == "bancada" or name.startswith("bancada.")]


def tracked_files() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("git knows which files belong to the repository, and this is no clone of it")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    return [path for name in answer.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_is_longer_than_500_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_hardly_any_function_is_longer_than_50_lines() -> None:
    lengths = {f"{place(path, node)} {node.name}": lines_without_docstring(node) for path, node in functions(SOURCES)}
    longer = {name: lines for name, lines in lengths.items() if lines > MOST_FUNCTION_LINES}
    assert len(longer) <= LONG_FUNCTIONS_SHARE * len(lengths), longer


def test_every_function_says_what_it_returns() -> None:
    silent = [f"{place(path, node)} {node.name}" for path, node in functions(CODE) if node.returns is None]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    modules = [path.relative_to(ROOT) for path in CODE if path.stem.strip("_") in NAMES_THAT_SAY_NOTHING]
    folders = {path.parent for path in CODE if path.parent.name.strip("_") in NAMES_THAT_SAY_NOTHING}
    assert [*modules, *folders] == []


def test_own_modules_are_imported_at_the_top_except_by_lazy_doors() -> None:
    inside = [
        place(path, node)
        for path, function in functions(SOURCES)
        if not (path.name == "__init__.py" and function.name == "__getattr__")
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and own_targets(node)
    ]
    assert inside == []


def test_only_the_command_line_imports_the_root() -> None:
    rooms = {path.stem for path in HOUSE.glob("*.py")} | {path.name for path in HOUSE.iterdir() if path.is_dir()}
    wrong = []
    for path in SOURCES:
        # A folder without a door is no package: it holds the files of a user's project, such as the demo's.
        users_own = not (path.parent / "__init__.py").exists()
        if path == HOUSE / "__init__.py" or HOUSE / "cli" in path.parents or users_own:
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Import) and any(alias.name == "bancada" for alias in node.names):
                wrong.append(place(path, node))
            if isinstance(node, ast.ImportFrom) and node.module == "bancada":
                wrong += [f"{place(path, node)} {alias.name}" for alias in node.names if alias.name not in rooms]
    assert wrong == []


def test_nobody_imports_the_testing_room() -> None:
    wrong = [
        place(path, node)
        for path in SOURCES
        if HOUSE / "testing" not in path.parents
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(name.startswith("bancada.testing") for name in own_targets(node))
    ]
    assert wrong == []


def test_tests_of_a_package_mirror_its_files() -> None:
    strays = []
    for path in TESTS:
        package = HOUSE / path.relative_to(ROOT / "tests").parent
        if package == HOUSE or not package.is_dir() or not path.name.startswith("test_"):
            continue
        stem = path.stem.removeprefix("test_")
        mirrored = (package / f"{name}.py" for name in (stem, f"_{stem}", f"__{stem}__"))
        if not any(file.exists() for file in mirrored) and not (package / f"_{stem}").is_dir():
            strays.append(str(path.relative_to(ROOT)))
    assert strays == []


def test_every_raises_and_warns_matches_the_text() -> None:
    loose = [
        place(path, node)
        for path in TESTS
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"raises", "warns"}
        and not any(keyword.arg == "match" for keyword in node.keywords)
    ]
    assert loose == []


def test_every_ignored_finding_has_its_code_and_its_reason() -> None:
    marker = re.compile(
        r"#\s*(?:noqa|type:\s*ignore)"
        r"(?P<codes>:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[a-z-]+(?:,\s*[a-z-]+)*\])?"
        r"[\s#:;,.—–-]*(?P<reason>.*)"
    )
    bare = []
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        before = [""] + [line.strip() for line in text.splitlines()]
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            found = marker.match(token.string) if token.type == tokenize.COMMENT else None
            if found is None:
                continue
            explained = bool(found["reason"]) or before[token.start[0] - 1].startswith("#")
            if not (found["codes"] and explained):
                bare.append(f"{path.relative_to(ROOT)}:{token.start[0]}")
    assert bare == []


def test_examples_stand_under_the_heading_that_the_reference_reads() -> None:
    # Under `Example:` the API page would show a doctest as flowing text.
    heading = re.compile(r"^ *Example:$", re.MULTILINE)
    wrong = [str(path.relative_to(ROOT)) for path in SOURCES if heading.search(path.read_text(encoding="utf-8"))]
    assert wrong == []


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    registries = [f"{name}.{end}" for name, end in (("pypi", "org"), ("pythonhosted", "org"), ("anaconda", "org"))]
    hosts = "|".join(re.escape(host) for host in registries)
    told = re.compile(rf"{hosts}|(?<![\w.~-])/(?:home|root|Users|work)/\w")
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines = enumerate(text.splitlines(), start=1)
        found += [f"{path.relative_to(ROOT)}:{number}: {line.strip()}" for number, line in lines if told.search(line)]
    assert found == []


def test_requirement_files_pin_every_line_by_hash() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        entries = re.split(r"\n(?=\S)", "\n".join(lines))
        loose = [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
        assert loose == [], path.name


def test_each_decision_record_is_numbered_complete_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    records = sorted(folder.glob("[0-9]*.md"))
    index = (folder / "index.md").read_text(encoding="utf-8")
    # Numbers are given out before records land, so that one may be missing for a while; none is given twice.
    numbers = [int(path.name[:3]) for path in records]
    assert numbers == sorted(set(numbers))
    for path in records:
        text = path.read_text(encoding="utf-8")
        headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
        assert headings == ["Context", "Choice", "What would change it"], path.name
        assert f"({path.name})" in index, f"`docs/decisions/index.md` does not list `{path.name}`"


def test_each_changelog_fragment_is_named_by_issue_and_kind() -> None:
    kinds = "added|changed|removed|fixed"
    names = [path.name for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]
    assert [name for name in names if not re.fullmatch(rf"(?:\d+|\+[a-z-]+)\.(?:{kinds})\.md", name)] == []
