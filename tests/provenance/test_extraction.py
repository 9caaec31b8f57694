"""What a session holds becomes a module that says the same; what could say something else is refused by name."""

from __future__ import annotations

import itertools
import linecache
import math
import re
import sys
import textwrap
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.provenance import ProjectCode, code_closure, extract

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bancada.provenance._extraction import Extraction

_numbers = itertools.count()


class Session:
    """Cells that share one namespace, as in a notebook."""

    def __init__(self, root: Path) -> None:
        self.project = ProjectCode(root, (root,))
        self.names: dict[str, Any] = {"__name__": "__main__"}

    def cell(self, text: str) -> Session:
        """Run a cell whose text is known, and return the session."""
        text = textwrap.dedent(text)
        name = f"<ipython-input-{next(_numbers)}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec", dont_inherit=True), self.names)  # noqa: S102 - as a notebook does
        return self

    def extract(self, *names: str) -> Extraction:
        """Extract what these names mean."""
        return extract([self.names[name] for name in names], self.project)

    def digest(self, name: str) -> str:
        """Return the identity of what a name means."""
        found = self.extract(name)
        assert found.closure is not None, found.reason
        return found.closure.digest


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open a session; what it registered is forgotten afterwards."""
    before = set(linecache.cache)
    yield Session(tmp_path)
    for name in set(linecache.cache) - before:
        del linecache.cache[name]


def made_of(found: Extraction) -> Any:
    """Import the text and return what was asked for, first."""
    assert found.closure is not None, found.reason
    name = f"extracted_{next(_numbers)}"
    module = sys.modules[name] = ModuleType(name)
    try:
        exec(compile(found.text, name, "exec", dont_inherit=True), vars(module))  # noqa: S102 - as a notebook does
        return getattr(module, found.named[0][1])
    finally:
        del sys.modules[name]


CELLS = {
    "a helper, a constant, an import": """
        import math
        RATE = 0.5
        def helper(x):
            return x * RATE + math.pi
        def make(x=2):
            return helper(x)
        """,
    "mutual recursion": """
        def even(n):
            return True if n == 0 else odd(n - 1)
        def odd(n):
            return False if n == 0 else even(n - 1)
        def make():
            return even(10), odd(10)
        """,
    "imports under other names": """
        import os.path
        import xml.dom.minidom as dom
        from math import sqrt as root
        from functools import *
        def make():
            return root(9), os.path.join("a", "b"), dom.minidom if False else dom.Node.ELEMENT_NODE, reduce
        """,
    "a name that shadows a builtin": """
        def sum(values):
            return 42
        def make():
            return sum([1])
        """,
    "a decorator with arguments": """
        import functools
        def times(k):
            def around(f):
                @functools.wraps(f)
                def inner():
                    return f() * k
                return inner
            return around
        @times(3)
        def three():
            return 1
        @functools.lru_cache(maxsize=None)
        def kept():
            return 2
        def make():
            return three() + kept()
        """,
    "a closure": """
        def adder(by, then):
            def add(x):
                return then(x + by)
            return add
        plus = adder(3, abs)
        def make():
            return plus(-10)
        """,
    "partials, lambdas and tables of functions": """
        from functools import partial
        half = partial(pow, 4)
        key = lambda x, by=[1, 2]: x + by[0]
        TABLE = {"a": key, "b": (abs, half)}
        def make():
            return TABLE["a"](1), TABLE["b"][1](2), {**{}}, {1, 2}
        """,
    "classes": """
        from dataclasses import dataclass, field
        class Base:
            scale = 2
            def told(self):
                return self.scale
        class Child(Base):
            def told(self):
                return super().told() + 1
            @property
            def twice(self):
                return self.told() * 2
            @classmethod
            def new(cls):
                return cls()
        @dataclass
        class Settings:
            depth: int = 3
            names: list = field(default_factory=list)
        def make():
            return Child.new().twice, Settings().depth, Settings().names
        """,
    "annotations that cannot be evaluated": """
        import decimal
        def make(x: "Unknown" = 1, y: decimal.Decimal | None = None) -> list:
            return [x, y]
        """,
    "defaults computed when it was defined": """
        N = 3
        def make(x=N * 2, *, y=len("four")):
            return x, y
        N = 100
        """,
    "numbers without a literal": """
        LIMITS = (float("inf"), -float("inf"), -0.0, 1 + 2j, 10**30, b"bytes", ...)
        def make():
            return LIMITS
        """,
}


@pytest.mark.parametrize("text", CELLS.values(), ids=CELLS)
def test_the_module_does_what_the_session_does(session: Session, text: str) -> None:
    found = session.cell(text).extract("make")
    assert repr(made_of(found)()) == repr(session.names["make"]())


REFUSED = {
    "a frame": ("class Frame: pass\ndf = Frame()\ndef make(): return df", "global `df` is a `Frame`"),
    "behind a helper": ("rows = iter([])\ndef helper(): return rows\ndef make(): return helper()", "global `rows`"),
    "a default": ("def make(x=object()): return x", "a default of `make` is a `object`"),
    "a closure over an object": (
        "def outer():\n    state = object()\n    def inner(): return state\n    return inner\nmake = outer()",
        "variable `state` around `inner` is a `object`",
    ),
    "a closure that counts": (
        "def outer():\n    n = 0\n    def inner():\n        nonlocal n; n = 1\n    return inner\nmake = outer()",
        "`inner` changes variables around it",
    ),
    "a global statement": ("n = 0\ndef make():\n    global n\n    n += 1", "`make` changes the global `n`"),
    "eval": ("def make(): return eval('1')", "`make` uses `eval`"),
    "the file": ("def make(): return __file__", "`make` uses `__file__`"),
    "a decorator without wraps": (
        "def deco(f):\n    def inner(): return f()\n    return inner\n@deco\ndef one(): return 1\nmake = lambda: one()",
        "is what its|`inner`|global `one`|variable `f`|`one`",
    ),
    "a computed argument": (
        "import functools\nK = 3\n@functools.lru_cache(maxsize=K)\ndef one(): return 1\ndef make(): return one()",
        "computes its arguments",
    ),
    "attributes": ("def make(): return make.k\nmake.k = 1", "`make` carries attributes"),
    "a method set later": (
        "class A:\n    def f(self): return 1\ndef g(self): return 2\nA.f = g\ndef make(): return A().f()",
        r"`A\.f`|class `A`",
    ),
    "an attribute set later": (
        "class A:\n    def f(self): return 1\nA.k = 2\ndef make(): return A()",
        r"`A\.k` was set after the class was defined",
    ),
    "a base defined anew": (
        "class A:\n    f = 1\nclass B(A):\n    def g(self): return 1\nclass A:\n    f = 2\ndef make(): return B()",
        "a base of class `B` was defined anew",
    ),
    "a shared list": ("A = [1]\nB = {'a': A}\ndef make(): return A, B", "a `list` that is held in two places"),
    "a class that does more": (
        "class A:\n    for k in range(3): pass\n    def f(self): return 1\ndef make(): return A()",
        "class `A` does more than define",
    ),
    "too much data": ("BIG = list(range(20_000))\ndef make(): return BIG", "global `BIG` is more than 10,000 values"),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_could_say_something_else_is_refused_by_name(session: Session, text: str, reason: str) -> None:
    found = session.cell(text).extract("make")
    assert found.closure is None
    assert re.search(reason, found.reason), found.reason


def test_code_without_a_text_is_refused(session: Session) -> None:
    exec("def make(): return 1", session.names)  # noqa: S102 - as a notebook does
    assert session.extract("make").reason == "the source of `make` is not known"


def test_a_file_that_was_edited_after_it_ran_is_refused(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text("def make(): return 1\n")
    exec(compile(file.read_text(), str(file), "exec"), session.names)  # noqa: S102 - as a script does
    assert session.extract("make").closure is not None
    file.write_text("def make(): return 2222\n")
    assert session.extract("make").reason == "the source of `make` was changed after it was run"


def test_a_decorator_that_was_defined_anew_is_refused(session: Session) -> None:
    deco = (
        "import functools\ndef deco(f):\n    @functools.wraps(f)\n    def inner(): return f() + {}\n    return inner\n"
    )
    session.cell(deco.format(1)).cell("@deco\ndef make(): return 1")
    assert session.extract("make").closure is not None
    session.cell(deco.format(2))
    assert "was defined anew" in session.extract("make").reason


HELPER = "def helper(x):\n    return x + 1\n"
MAKE = "def make(x=1):\n    return helper(x) * RATE\n"


def test_layout_comments_order_and_other_cells_leave_no_trace(tmp_path: Path) -> None:
    plain = Session(tmp_path).cell("RATE = 2").cell(HELPER).cell(MAKE).digest("make")
    other = Session(tmp_path)
    other.cell("import json\nunrelated = object()").cell(
        "# why\ndef make( x = 1 ):\n  'Doc.'\n  return (helper(x)*RATE)"
    )
    other.cell(f"# a comment\n{HELPER}\ndef more(): pass").cell("RATE = 1 + 1")
    assert other.digest("make") == plain


@pytest.mark.parametrize(
    "edit", ["def helper(x):\n    return x + 2", "RATE = 3", "RATE = 2.0", MAKE.replace("x=1", "x=2")]
)
def test_an_edit_of_what_is_used_changes_the_identity(tmp_path: Path, edit: str) -> None:
    session = Session(tmp_path).cell("RATE = 2").cell(HELPER).cell(MAKE)
    before = session.digest("make")
    assert session.cell(edit).digest("make") != before


def test_the_newest_definition_counts(session: Session) -> None:
    session.cell("RATE = 2").cell(HELPER).cell(MAKE).cell(HELPER.replace("1", "5"))
    assert made_of(session.extract("make"))() == session.names["make"]() == 12


def test_the_name_of_the_function_is_a_label(session: Session) -> None:
    session.cell("def one(x=1):\n    return x\ndef two(x=1):\n    return x")
    assert session.digest("one") == session.digest("two")


def test_a_function_without_helpers_has_the_digest_that_it_has_in_a_module(session: Session, tmp_path: Path) -> None:
    (tmp_path / "moved.py").write_text("def make(x=1):\n    return x * 2\n")
    session.cell("def make(x=1):\n    return x * 2\n")
    assert session.digest("make") == code_closure("moved", "make", session.project).digest


def test_code_of_the_project_is_imported_and_counts(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    name = f"features_{next(_numbers)}"
    (tmp_path / f"{name}.py").write_text("def scaled(x):\n    return x * 2\n")
    session.cell(f"from {name} import scaled\ndef make():\n    return scaled(4)")
    found = session.extract("make")
    assert f"from {name} import scaled" in found.text
    before = session.digest("make")
    (tmp_path / f"{name}.py").write_text("def scaled(x):\n    return x * 3333\n")
    assert session.digest("make") != before
    del sys.modules[name]


def test_a_module_that_is_nowhere_is_refused(session: Session) -> None:
    sys.modules["nowhere_at_all"] = ModuleType("nowhere_at_all")
    try:
        session.cell("import nowhere_at_all\ndef make():\n    return nowhere_at_all.x")
        assert session.extract("make").reason == "module `nowhere_at_all` is neither installed nor of the project"
    finally:
        del sys.modules["nowhere_at_all"]


def test_a_query_takes_its_names_along(session: Session) -> None:
    session.cell("LIMIT = 3\ndef make(frame):\n    return frame.query('a > @LIMIT')")
    assert "LIMIT = 3" in session.extract("make").text


def test_several_classes_share_one_module(session: Session) -> None:
    session.cell("class A:\n    def f(self): return 1\nclass B(A):\n    def g(self): return self.f()")
    found = session.extract("B", "A")
    assert made_of(found)().g() == 1
    assert [name for _, name in found.named] == ["B", "A"]
    assert session.digest("A") != session.digest("B")


_plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(value=_plain)
def test_a_plain_value_is_written_so_that_it_reads_the_same(
    value: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    session = Session(tmp_path_factory.getbasetemp())
    session.cell("def make():\n    return VALUE")
    session.names["VALUE"] = value
    assert repr(made_of(session.extract("make"))()) == repr(value)


def test_a_class_that_was_imported_takes_its_names_from_its_own_module(tmp_path: Path) -> None:
    home = ModuleType("extraction_home")
    text = "import numpy as np\n\nclass Curve:\n    def cut(self):\n        return np.pi\n"
    (tmp_path / "extraction_home.py").write_text(text)
    home.__file__ = str(tmp_path / "extraction_home.py")
    exec(compile(text, home.__file__, "exec", dont_inherit=True), vars(home))  # noqa: S102 - as an import does
    sys.modules["extraction_home"] = home
    try:
        session = Session(tmp_path / "project")
        session.names["Curve"] = vars(home)["Curve"]
        session.cell("def make():\n    return Curve()\n")
        assert "import numpy as np" in session.extract("make").text
        assert made_of(session.extract("make"))().cut() == math.pi
    finally:
        del sys.modules["extraction_home"]
