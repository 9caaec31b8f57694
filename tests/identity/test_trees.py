"""The digest of code: what it says counts, how it is written does not, on every Python version."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bancada.identity
from bancada.identity import TREE_VERSION, tree_digest

HERE = Path(bancada.identity.__file__).parent
OTHERS = [
    *os.environ.get("BANCADA_OTHER_PYTHONS", "").split(os.pathsep),
    *(shutil.which(f"python3.{minor}") or "" for minor in range(11, 20)),
]

SOURCES = {
    "function": """
@wraps(g)
async def f(a, /, b: int = -1, *c, d=None, **e) -> 'list[int]':
    'Doc.'
    return [a, *c, {**e, 'k': ...}]
""",
    "class": """
class A(B, metaclass=M):
    x: int = 0xFF
    'Of x.'
    (y) = 1_000.5e3, 2j, b'\\x00', None, True
    def g(self):
        global z
        return self.x[1:2, ::3]
""",
    "strings": "s = 'a' \"b\" u'c' r'\\d' + '\\N{BULLET}\\ud800\\n'",
    "f-strings": """
t = (f'a{{b}}{x}c' f'' 'd' f'{y!r:>{w}.{p}}' f'{z=}' f'{u:}' f'e' f'{a["k"]:%Y-%m}' rf'\\d{n}'
     f'{v = !s}{f"{q}"}' f'' 'tail')
w = f'', f'', f'plain', 'a' f'' 'b', f'{k:{{}}<5}'
""",
    "flow": """
try:
    with open(p) as f, g() as (h, i): pass
except* (A, B) as e:
    raise X from e
else:
    del a[0]
for i, *j in k:
    if (n := i) < 1 <= 2: continue
else: assert x, 'm'
""",
    "match": """
match x:
    case {'a': 1, **r} | [_, *_, 2.0] | P(q, s=None) | -1 as t if t: y += 1
""",
    "expression": "z = {k: v for k, v in a if b for c in d if e} or (lambda *a, b=1: -a) and not {*f} @ g ** -h // ~i",
    "imports": "import a.b as c, d\nfrom . import e\nfrom ..f import (g as h, i)\nfrom j import *",
    "long": "n = 0x" + "f" * 4_000,
}
GOLDEN = {
    "function": "31daea7fcc039020c6bf936017507c4e345ba01911ca816e6572f2d7888ba0d1",
    "class": "596eff8e2c92d26607d44694d2b40a49f66c976977942ff45d820375777506c7",
    "strings": "8ea9b1c921af80b61eb05920a6491ab7d7d7e2a0087134cfd6b00dd5d7bcc3bf",
    "f-strings": "6df6d68ccf6126834b8604c74c1d6b2f8cfeca7ced1f184fc1b5b6dc1925158c",
    "flow": "faed013d2e547d806a03f911fcdc441ae8b848629b471df0cfb5be4b8cb0d446",
    "match": "f3ebe263b2470e67fc71f323866ffbd2f6bdae9ea2f024f75b629e057e7e2e39",
    "expression": "58c9bc2f5c44fb55f98289cd98a73af525bc0e2e14553ff9f55274319ed311d5",
    "imports": "0e1ee862ac20b387e6cf70c15fddfcb8c928fbd45d1f91ff5e9d3c6773a22c62",
    "long": "3f997e61dd5596786095d9e2d91674888f730a57ab52cff165a66596d9a2fa26",
}

PROGRAM = """
import ast, importlib.util, json, sys
spec = importlib.util.spec_from_file_location("trees", sys.argv[1])
trees = importlib.util.module_from_spec(spec)
spec.loader.exec_module(trees)
print(json.dumps({name: trees.tree_digest(ast.parse(text)) for name, text in json.load(sys.stdin).items()}))
"""


def of(source: str) -> str:
    return tree_digest(ast.parse(source))


def test_digests_of_this_version_never_change() -> None:
    assert TREE_VERSION == 1
    assert {name: of(source) for name, source in SOURCES.items()} == GOLDEN


@pytest.mark.parametrize("python", sorted({path for path in OTHERS if path}) or [""])
def test_every_other_python_gives_the_same_digests(python: str) -> None:
    probe = "import sys; print(sys.version_info >= (3, 11), sys.version_info[:2])"
    found = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False) if python else None
    if found is None or not found.stdout.startswith("True"):
        pytest.skip(f"{python or 'no other python3.X'} does not start, or is older than 3.11")
    done = subprocess.run(
        [python, "-I", "-c", PROGRAM, str(HERE / "_trees.py")],
        input=json.dumps(SOURCES),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == GOLDEN


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("x = 1", "x   =  1  # one"),
        ("def f():\n    'Doc.'\n    return 1", "def f():\n    return 1"),
        ("class A:\n    'Doc.'\n    x = 1\n    'Of x.'", "class A:\n    x = 1"),
        ("'Module.'\nx = 1", "x = 1"),
        ("x = 'a' 'b'", 'x = "ab"'),
        ("x = u'a'", "x = 'a'"),
        ("x = 1_000", "x = 0x3e8"),
        ("x = f'a' 'b' f'{c}'", "x = f'ab{c}'"),
        ("x = f'{c:}'", "x = f'{c}'"),
        ("if (a and b): pass", "if a and b: pass"),
        ("f(a,\n  b,\n)", "f(a, b)"),
        ("x: int = 1  # type: ignore", "x: int = 1"),
    ],
)
def test_how_code_is_written_counts_for_nothing(left: str, right: str) -> None:
    assert of(left) == of(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = True"),
        ("x = 'a'", "x = b'a'"),
        ("x = 'None'", "x = None"),
        ("x = {**a}", "x = {a: a}"),
        ("x = a[b:]", "x = a[:b]"),
        ("def f(a, b): pass", "def f(a, *, b): pass"),
        ("def f(a, b=1): pass", "def f(a=1, b=None): pass"),
        ("async def f(): pass", "def f(): pass"),
        ("from a import b", "from .a import b"),
        ("x = 'a', 'b'", "x = 'ab',"),
        ("x = f'{a}{b}'", "x = f'{a} {b}'"),
        ("x = f'{a!r}'", "x = f'{a}'"),
        ("x = 0.0", "x = -0.0"),
        ("x = f('a')", "x = f()"),
        ("return_ = ['a']", "return_ = []"),
    ],
)
def test_what_code_says_counts(left: str, right: str) -> None:
    assert of(left) != of(right)


def test_text_cannot_pretend_to_be_structure() -> None:
    assert of("x = 'a)] (Constant 1:b'") != of("x = 'a', 'b'")


@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), max_size=3, unique=True))
def test_different_texts_have_different_digests(texts: list[str]) -> None:
    assert len({of(f"x = {text!r}") for text in texts}) == len(texts)
