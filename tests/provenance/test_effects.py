"""What importing the project's modules does beside defining belongs to the code of everything that imports them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from bancada.provenance import CodeClosure, ProjectCode, code_closure

if TYPE_CHECKING:
    from pathlib import Path


def close(root: Path, files: dict[str, str]) -> CodeClosure:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text))
    return code_closure("m", "f", ProjectCode(root, (root,)))


def edited(root: Path, files: dict[str, str]) -> tuple[CodeClosure, CodeClosure]:
    """Close over `f` before and after 111 becomes 222."""
    after = {name: text.replace("111", "222") for name, text in files.items()}
    return close(root / "before", files), close(root / "after", after)


CHANGE = {
    "a module imported for what it does": {
        "m.py": "import patches\ndef f(): return 1",
        "patches.py": "import c\nc.D.append(111)",
        "c.py": "D = []",
    },
    "one imported by a helper": {
        "m.py": "from h import g\ndef f(): return g()",
        "h.py": "import o\nfrom c import D\ndef g(): return D",
        "o.py": "import c\nc.D.append(111)",
        "c.py": "D = []",
    },
    "one imported by an unused module": {
        "m.py": "import a\ndef f(): return 1",
        "a.py": "import b",
        "b.py": "print(111)",
    },
    "a submodule imported from its package": {
        "m.py": "from pkg import a\ndef f(): return 1",
        "pkg/__init__.py": "",
        "pkg/a.py": "print(111)",
    },
    "the package around a folder without init": {
        "m.py": "import pkg.deep.a\ndef f(): return 1",
        "pkg/__init__.py": "print(111)",
        "pkg/deep/a.py": "",
    },
    "an import inside a block": {
        "m.py": "try:\n    import o\nexcept ImportError:\n    o = None\ndef f(): return 1",
        "o.py": "print(111)",
    },
    "a registry by decorator": {
        "m.py": "R = {}\ndef reg(g):\n    R[g.__name__] = g\n    return g\n@reg\ndef a(): return 111\n"
        "def f(): return R['a']()",
    },
    "a registry by decorator with a name": {
        "m.py": "from reg import R\nimport models\ndef f(): return R['a']()",
        "reg.py": "R = {}\ndef reg(name):\n    def deco(g):\n        R[name] = g\n        return g\n    return deco",
        "models.py": "from reg import reg\n@reg('a')\ndef a(): return 111",
    },
    "a local registry by decorator with a name": {
        "m.py": "R = {}\ndef reg(name):\n    def deco(g):\n        R[name] = g\n        return g\n    return deco\n"
        "@reg('a')\ndef a(): return 111\ndef f(): return R['a']()",
    },
    "a registry that is an object": {
        "m.py": "from lib import Registry\nR = Registry()\n@R.register\ndef a(): return 111\ndef f(): return R['a']()",
    },
    "single dispatch": {
        "m.py": "from functools import singledispatch\n@singledispatch\ndef build(x): raise TypeError\n"
        "@build.register\ndef _(x: int): return 111\ndef f(): return build(1)",
    },
    "a star after a definition": {
        "m.py": "def g(): return 1\nfrom o import *\ndef f(): return g()",
        "o.py": "def g(): return 111",
    },
    "a star of a star after a definition": {
        "m.py": "g = 1\nfrom o import *\ndef f(): return g",
        "o.py": "from p import *",
        "p.py": "g = 111",
    },
    "a guarded star": {
        "m.py": "try:\n    from o import *\nexcept ImportError:\n    pass\ndef f(): return g()",
        "o.py": "def g(): return 111",
    },
    "a guarded star after a definition": {
        "m.py": "g = None\ntry:\n    from o import *\nexcept ImportError:\n    pass\ndef f(): return g()",
        "o.py": "def g(): return 111",
    },
    "the library of a star": {"m.py": "from lib.v111 import *\ndef f(): return g()"},
    "a call thrown away": {"m.py": "D = {}\n_ = D.update(a=111)\ndef f(): return D"},
    "a library's call thrown away": {"m.py": "import lib\n_ = lib.configure(111)\ndef f(): return lib.get()"},
    "a call that is kept": {"m.py": "D = {}\ndef s(): D['a'] = 111\nok = s()\ndef f(): return D"},
    "a call in a call": {"m.py": "import lib\nD = {}\ndef s(): D['a'] = 111\nok = lib.keep(s())\ndef f(): return D"},
    "a method that changes": {"m.py": "D = []\nn = D.extend([111])\ndef f(): return D"},
    "a library's call that changes": {"m.py": "import random\nD = [1, 2]\nok = random.seed(111)\ndef f(): return D"},
    "a condition around a call": {
        "m.py": "D = []\nFLAG = 111\nn = D.append(1) if FLAG else None\ndef f(): return D",
    },
    "calls in a loop": {"m.py": "D = []\nns = [D.append(i) for i in range(111)]\ndef f(): return D"},
    "a function given to a library that calls it": {
        "m.py": "D = []\ndef g(x): D.append(111)\nns = list(map(g, [1]))\ndef f(): return D",
    },
    "the test of an if": {
        "m.py": "from c import D\ndef s():\n    D.append(111)\n    return True\nif s():\n    Z = 1\ndef f(): return D",
        "c.py": "D = []",
    },
    "a default": {"m.py": "D = []\ndef z(x=D.append(111)): pass\ndef f(): return D"},
    "a default of a lambda": {"m.py": "D = []\nz = lambda x=D.append(111): x\ndef f(): return D"},
    "the body of a class": {"m.py": "D = []\nclass Z:\n    D.append(111)\ndef f(): return D"},
    "a store in the body of a class": {"m.py": "D = {}\nclass Z:\n    D[1] = 111\ndef f(): return D"},
    "an addition to another module's list": {"m.py": "import c\nimport o\ndef f(): return c.D", "c.py": "D = []",
        "o.py": "from c import D\nD += [111]"},
    "an addition to a list with two names": {"m.py": "A = []\nB = A\nB += [111]\ndef f(): return A"},
    "a registry by base class": {
        "m.py": "R = {}\nclass B:\n    def __init_subclass__(cls): R[cls.__name__] = cls\nclass C(B): x = 111\n"
        "def f(): return R['C']",
    },
    "one in another module, two steps up": {
        "m.py": "import plug, base\ndef f(): return base.R",
        "base.py": "R = []\nclass B:\n    def __init_subclass__(cls): R.append(cls)\nclass Mid(B): pass",
        "plug.py": "import base\nclass C(base.Mid): x = 111",
    },
    "a registry by metaclass": {
        "m.py": "R = []\nclass M(type):\n    def __init__(cls, *a): R.append(cls)\nclass C(metaclass=M): x = 111\n"
        "def f(): return R",
    },
    "a global that a call writes": {"m.py": "K = 1\ndef s():\n    global K\n    K = 111\n_ = s()\ndef f(): return K"},
    "sys.modules": {"m.py": "import sys\ndef g(): return 111\ndef f(): return sys.modules[__name__].g()"},
    "sys.modules by name": {"m.py": "from sys import modules\ndef g(): return 111\ndef f(): return modules['m'].g()"},
    "the module's dictionary": {"m.py": "import o\ndef f(): return o.__dict__['g']", "o.py": "g = 111"},
    "globals": {"m.py": "def g(): return 111\ndef f(): return globals()['g']()"},
    "eval": {"m.py": "def g(): return 111\ndef f(): return eval('g()')"},
    "eval in a helper of what another loads": {
        "m.py": "import o, c\ndef f(): return o.h('sys.modules')",
        "o.py": "def h(x): return eval(x)",
        "c.py": "g = 111",
    },
    "vars at the top": {"m.py": "def g(): return 111\nD = vars()\ndef f(): return D['g']()"},
    "locals at the top": {"m.py": "def g(): return 111\nD = locals()\ndef f(): return D['g']()"},
    "getattr of a package": {
        "m.py": "import pkg, pkg.a\ndef f(n): return getattr(pkg, n)",
        "pkg/__init__.py": "",
        "pkg/a.py": "K = 111",
    },
    "a dynamic import": {
        "m.py": "import o\nfrom importlib import import_module\ndef f(n): return import_module(n)",
        "o.py": "g = 111",
    },
    "a compiled source": {"m.py": "import fast\ndef f(): return fast.k", "fast.pyx": "k = 111"},
    "a compiled module": {
        "m.py": "from pkg import fast\ndef f(): return fast.k",
        "pkg/__init__.py": "",
        "pkg/fast.so": "111",
    },
    "a compiled module before its source": {
        "m.py": "import fast\ndef f(): return 1",
        "fast.py": "",
        "fast.so": "111",
    },
}  # fmt: skip


@pytest.mark.parametrize("files", CHANGE.values(), ids=CHANGE)
def test_what_acts_on_import_changes_the_digest(tmp_path: Path, files: dict[str, str]) -> None:
    before, after = edited(tmp_path, files)
    assert before.digest != after.digest


KEEP = {
    "an unused pure module": {
        "m.py": "import o\nfrom p import q\ndef f(): return 1",
        "o.py": "K = 111",
        "p.py": "q = 111",
    },
    "an unused module for types": {
        "m.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import o\ndef f(): return 1",
        "o.py": "print(111)",
    },
    "what runs as a program": {
        "m.py": "def f(): return 1\nif __name__ == '__main__':\n    import o\n    o.go(111)",
        "o.py": "print(111)",
    },
    "what an unused function imports": {"m.py": "def g():\n    import o\ndef f(): return 1", "o.py": "print(111)"},
    "plain values": {
        "m.py": """
        import json, logging, re
        from pathlib import Path
        import numpy as np
        logger = logging.getLogger("x111")
        ROOT = Path(__file__).resolve().parent / "111"
        WORDS = "a 111".split()
        NAMES = ["111", *WORDS, ", ".join(WORDS)]
        TEXT = ROOT.joinpath("111").name
        GRID = np.linspace(0, 1, 111).reshape(-1, 1)
        SETTINGS = json.loads((ROOT / "a111.json").read_text())
        PATTERN = re.compile("111")
        TABLE = {name: len(name) + 111 for name in WORDS}
        BIG = max(1, 111) if WORDS else sorted(TABLE.items(), reverse=True)
        def f(): return 1
        """
    },
    "known decorators": {
        "m.py": """
        import contextlib, functools, typing
        from abc import abstractmethod, ABC
        from dataclasses import dataclass, field
        from functools import lru_cache
        import bancada as bc
        @dataclass(frozen=True)
        class A:
            x: int = 111
            y: list = field(default_factory=list)
        class B(ABC):
            @property
            def p(self): return 111
            @p.setter
            def p(self, value): ...
            @staticmethod
            def s(): ...
            @classmethod
            def c(cls): ...
            @functools.cached_property
            def cp(self): ...
            @abstractmethod
            def a(self): ...
        @lru_cache(maxsize=111)
        def g(): ...
        @contextlib.contextmanager
        def h(): yield 111
        @typing.overload
        def o(x: int): return 111
        def o(x): return 111
        @bc.candidate(frame="numpy")
        def other(): return 111
        SETTINGS = A(x=111)
        def f(): return 1
        """
    },
    "a decorator that only wraps": {
        "m.py": """
        import functools, time
        def timed(g):
            @functools.wraps(g)
            def inner(*args):
                print(111, time.time())
                return g(*args)
            return inner
        def retry(n):
            def decorate(g):
                @functools.wraps(g)
                def inner(*args): return g(*args)
                return inner
            return decorate
        @timed
        def a(): return 111
        @retry(111)
        def b(): return 111
        def f(): return 1
        """
    },
    "classes of a library": {
        "m.py": "from enum import Enum\nfrom typing import Generic, NamedTuple, TypeVar\nfrom lib import Base\n"
        "T = TypeVar('T')\nclass A(Enum):\n    x = 111\nclass B(Generic[T]): x = 111\nclass C(Base): x = 111\n"
        "class D(C): x = 111\nclass E(NamedTuple):\n    a: int = 111\ndef f(): return 1",
    },
    "functions that look inside what they are given": {
        "m.py": "import lib\ndef g(x, n): return getattr(x, n), x.__dict__, vars(x), locals(), getattr(lib, n)\n"
        "class A:\n    def s(self, n): return getattr(self.model, n), self.__dict__, g\n"
        "def unused(): return 111\ndef f(): return A",
    },
}  # fmt: skip


@pytest.mark.parametrize("files", KEEP.values(), ids=KEEP)
def test_what_only_defines_changes_nothing_that_does_not_use_it(tmp_path: Path, files: dict[str, str]) -> None:
    before, after = edited(tmp_path, files)
    assert before.digest == after.digest
    assert before.doubts == ()


EXPERIMENT = """
    '''A typical experiment.'''
    from __future__ import annotations
    import logging
    from pathlib import Path
    import numpy as np
    import pandas as pd
    from sklearn.datasets import load_breast_cancer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import make_scorer
    import bancada as bc
    import helpers
    from helpers import clean

    logger = logging.getLogger(__name__)
    ROOT = Path(__file__).parent
    COLUMNS = ["a", "b"]
    RATE = 0.1

    def table():
        return pd.DataFrame(np.random.default_rng(0).normal(size=(10, 2)), columns=COLUMNS)

    def profit(y_true, y_pred):
        return float((y_true * y_pred).sum())

    problem = bc.Problem(
        name="p",
        dataset=bc.Dataset.from_function(table, name="x", version="1", id="row"),
        other=bc.Dataset.from_frame(helpers.frame("x")),
        target="y",
        task=bc.tasks.Binary(),
        evaluation=bc.Evaluation(primary=make_scorer(profit), metrics=["log_loss"]),
    )

    @bc.candidate
    def f(C: float = RATE):
        logger.info("made")
        return LogisticRegression(C=C)

    @bc.candidate(frame="numpy")
    def other():
        return clean(LogisticRegression())

    if __name__ == "__main__":
        import matplotlib.pyplot as plt
        plt.plot([1])
    """
HELPERS = """
    import pandas as pd
    def frame(name): return pd.read_csv(name)
    def clean(x): return x
    """


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("clean(LogisticRegression())", "clean(None)"),
        ("y_true * y_pred", "y_true + y_pred"),
        ('metrics=["log_loss"]', 'metrics=["brier"]'),
        ("plt.plot([1])", "plt.plot([2])"),
        ("def clean(x): return x", "def clean(x): return 2"),
        ("size=(10, 2)", "size=(11, 2)"),
        ('["a", "b"]', '["a"]'),
    ],
)
def test_a_typical_experiment_does_not_count_whole(tmp_path: Path, old: str, new: str) -> None:
    files = {"m.py": EXPERIMENT, "helpers.py": HELPERS}
    before = close(tmp_path / "before", files)
    after = close(tmp_path / "after", {name: text.replace(old, new) for name, text in files.items()})
    assert {name: text.replace(old, new) for name, text in files.items()} != files
    assert "*" not in {item.qualname for item in before.items}
    assert before.digest == after.digest


def test_an_act_is_named_with_its_line_and_alone(tmp_path: Path) -> None:
    closure = close(tmp_path, {"m.py": EXPERIMENT, "helpers.py": HELPERS})
    found = {f"{item.module}:{item.qualname}": item.reason for item in closure.items}
    assert found["m:helpers.frame('x')"] == "its top level runs `helpers.frame('x')` in line 26"
    assert "helpers:frame" in found
    assert "m:problem" not in found


@pytest.mark.parametrize(
    "text",
    [
        "with open('x') as h:\n    K = 111\n",
        "for K in [111]:\n    pass\n",
        "match 1:\n    case K:\n        pass\n",
        "while (K := 0):\n    pass\n",
        "for i in [1]:\n    def K(): pass\n",
    ],
)
def test_a_name_that_a_block_binds_is_no_doubt(tmp_path: Path, text: str) -> None:
    assert close(tmp_path, {"m.py": f"{text}def f(): return K"}).doubts == ()


def test_a_doubt_takes_every_module_that_is_loaded_whole(tmp_path: Path) -> None:
    closure = close(tmp_path, {"m.py": "import a\ndef f(): return eval('a.b')", "a.py": "import b", "b.py": "K = 1"})
    assert {(item.module, item.qualname) for item in closure.items} == {("a", "*"), ("b", "*"), ("m", "*")}
    assert closure.doubts == ("`eval` in `m` can reach code that is not seen",)


def test_a_name_is_followed_with_all_its_attributes_whatever_was_seen_before(tmp_path: Path) -> None:
    files = {
        "m.py": "import importlib\ndef f(n):\n    importlib.import_module('a')\n    return importlib.import_module(n)",
        "a.py": "",
    }
    assert close(tmp_path, files).doubts == ("`importlib.import_module` can reach code that is not seen",)


def test_a_module_that_becomes_the_projects_is_seen_by_the_same_project(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("import lib\nK = lib.make(1)\ndef f(): return 1")
    project = ProjectCode(tmp_path, (tmp_path,))
    before = code_closure("m", "f", project)
    (tmp_path / "lib.py").write_text("def make(x): return x")
    after = code_closure("m", "f", project)
    assert "lib:make" not in {f"{item.module}:{item.qualname}" for item in before.items}
    assert "lib:make" in {f"{item.module}:{item.qualname}" for item in after.items}


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("A = [1]\nB = A\nA = [3]\n", "A = [1]\nA = [3]\nB = A\n", False),
        ("D = []\nn = D.append(1)\nB = list(D)\n", "D = []\nB = list(D)\nn = D.append(1)\n", False),
        ("A = [1]\nC = 1\nB = A\n", "C = 1\nA = [1]\nB = A\n", True),
        ("def g(): pass\nA = [1]\nB = A\n", "A = [1]\nB = A\ndef g(): pass\n", True),
    ],
)
def test_an_order_counts_where_names_are_bound_again(tmp_path: Path, one: str, other: str, equal: bool) -> None:
    tail = "def f(): return B"
    digests = {close(tmp_path / str(i), {"m.py": text + tail}).digest for i, text in enumerate((one, other))}
    assert (len(digests) == 1) == equal
