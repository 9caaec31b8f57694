"""Everything that a function uses is part of what it is known by."""

from __future__ import annotations

import functools
import linecache
import subprocess
import sys
import textwrap
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from bancada.exceptions import DefinitionError
from bancada.metrics._forms import form_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ERROR = "def error(y_true, y_pred):\n    return "


class Notebook:
    """A module whose cells are executed one after the other, and can be read."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self._cells = 0

    def cell(self, source: str) -> Notebook:
        self._cells += 1
        name = f"<cell {id(self)} {self._cells}>"
        text = textwrap.dedent(source)
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), self.names)  # noqa: S102 - what a notebook does with its cells
        return self

    def digest(self, name: str = "error") -> str:
        return form_digest(self.names[name])


def digest_of(*cells: str) -> str:
    notebook = Notebook()
    for source in cells:
        notebook.cell(source)
    return notebook.digest()


HELPER = "def scale(value):\n    return {}\n"
DECORATED = "@twice\ndef error(y_true, y_pred):\n    return 1.0\n"
DECORATOR = """
import functools
def twice(function):
    @functools.wraps(function)
    def wrapper(*args):
        return {} * function(*args)
    return wrapper
"""
CHANGES = {
    "helper": ([HELPER, ERROR + "scale(1)"], "value", "value * 2"),
    "helper of a helper": (
        [HELPER, "def outer(value):\n    return scale(value)\n", ERROR + "outer(1)"],
        "value",
        "value * 2",
    ),
    "constant": (["FACTOR = {}\n", ERROR + "FACTOR"], "1.0", "2.0"),
    "nested constant": (["COSTS = {{(0, 1): {}, 'x': [None, {{3}}]}}\n", ERROR + "COSTS"], "1.0", "2.0"),
    "missing number": (["FACTOR = {}\n", ERROR + "FACTOR"], "1.0", "float('nan')"),
    "array": (["import numpy as np\nCOSTS = np.array([0.0, {}])\n", ERROR + "COSTS"], "1.0", "2.0"),
    "shape": (["import numpy as np\nCOSTS = np.ones({})\n", ERROR + "COSTS"], "(2, 3)", "(3, 2)"),
    "frame": (["import pandas as pd\nCOSTS = pd.DataFrame({{'a': ['{}']}})\n", ERROR + "COSTS"], "x", "y"),
    "default": (["FACTOR = {}\n", "def error(y_true, y_pred, by=FACTOR):\n    return by\n"], "1.0", "2.0"),
    "keyword default": (["FACTOR = {}\n", "def error(y_true, y_pred, *, by=FACTOR):\n    return by\n"], "1.0", "2.0"),
    "name in a lambda": ([HELPER, ERROR + "max(y_true, key=lambda item: scale(item))"], "value", "-value"),
    "name in a comprehension": ([HELPER, ERROR + "sum(scale(item) for item in y_true)"], "value", "-value"),
    "lambda": (["scale = lambda value: {}\n", ERROR + "scale(1)"], "value", "value * 2"),
    "lambda's constant": (["scale = lambda value: value in {}\n", ERROR + "scale(1)"], "{1, 2}", "{1, 3}"),
    "partial": (
        ["import functools\n", HELPER.format("value"), "part = functools.partial(scale, {})\n", ERROR + "part()"],
        "1",
        "2",
    ),
    "method": (["class Cost:\n    def of(self):\n        return {}\n", ERROR + "Cost().of()"], "1", "2"),
    "attribute of a class": (["class Cost:\n    rate = {}\n", ERROR + "Cost.rate"], "1", "2"),
    "base class": (
        ["class Base:\n    rate = {}\n", "class Cost(Base):\n    pass\n", ERROR + "Cost().rate"],
        "1",
        "2",
    ),
    "property": (
        ["class Cost:\n    @property\n    def rate(self):\n        return {}\n", ERROR + "Cost().rate"],
        "1",
        "2",
    ),
    "static method": (
        ["class Cost:\n    @staticmethod\n    def rate():\n        return {}\n", ERROR + "Cost.rate()"],
        "1",
        "2",
    ),
    "instance": (
        [
            "class Cost:\n    def __init__(self, rate):\n        self.rate = rate\n",
            "cost = Cost({})\n",
            ERROR + "cost.rate",
        ],
        "1",
        "2",
    ),
    "dataclass": (
        ["import dataclasses\n@dataclasses.dataclass\nclass Cost:\n    rate: float = {}\n", ERROR + "Cost().rate"],
        "1",
        "2",
    ),
    "enum": (["import enum\nclass Cost(enum.Enum):\n    LOW = {}\n", ERROR + "Cost.LOW.value"], "1", "2"),
    "decorator": ([DECORATOR, DECORATED], "2", "3"),
    "decorated function": ([DECORATOR.format(2), DECORATED.replace("1.0", "{}")], "1.0", "2.0"),
    "cached helper": (["import functools\n@functools.cache\n" + HELPER, ERROR + "scale(1)"], "value", "value * 2"),
    "helper under a library's decorator": (
        ["import contextlib\n@contextlib.contextmanager\ndef scale():\n    yield {}\n", ERROR + "scale()"],
        "1",
        "2",
    ),
    "function it calls itself with": (
        [
            "def even(n):\n    return n == 0 or odd(n - 1)\ndef odd(n):\n    return n != {} and even(n - 1)\n",
            ERROR + "even(4)",
        ],
        "0",
        "1",
    ),
    "attribute of a function": (["def scale():\n    pass\nscale.rate = {}\n", ERROR + "scale.rate"], "1", "2"),
    "name that is bound later": (["{}\n", ERROR + "rate"], "", "rate = 1"),
}


@pytest.mark.parametrize("case", sorted(CHANGES))
def test_a_change_of_what_a_function_uses_is_seen(case: str) -> None:
    cells, before, after = CHANGES[case]
    first, again, changed = (
        digest_of(*(cell.format(text) if "{" in cell else cell for cell in cells)) for text in (before, before, after)
    )
    assert first == again
    assert first != changed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def unrelated():\n    return 1\n", "def unrelated():\n    return 2\n"),
        ("def scale(v):\n    return v\n", "def scale(v):\n    'Says what it does.'\n    return v  # as it came\n"),
        ("mean = 1\n", "mean = 2\n"),
    ],
    ids=["another function", "a comment", "a name that is an attribute"],
)
def test_what_changes_no_score_changes_no_digest(before: str, after: str) -> None:
    helper = "def scale(v):\n    return v\n"
    metric = ERROR + "scale(y_true.mean())"
    assert digest_of(helper, before, metric) == digest_of(helper, after, metric)


def test_the_digest_is_the_same_in_every_process() -> None:
    script = """
import enum, functools, random
import numpy as np
class Cost(enum.Enum):
    LOW = "low"
NAMES = {"a", "b", "c", "d"}
SHARES = {name: np.float64(0.5) for name in ("x", "y")}
helper = lambda value: value in {"p", "q", "r", "s"}
def error(y_true, y_pred, kept=frozenset({"k", "l", "m"})):
    return NAMES, SHARES, helper, Cost.LOW, np.mean
from bancada.metrics._forms import form_digest
print(form_digest(error))
"""
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_of_a_users_module_what_is_used_counts_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def told(metric: str, text: str) -> str:
        (tmp_path / "notebook_helpers.py").write_text(text)
        sys.modules.pop("notebook_helpers", None)
        linecache.checkcache()
        try:
            return digest_of(metric)
        finally:
            sys.modules.pop("notebook_helpers", None)

    text = "def scale():\n    return 1\ndef other():\n    return 1\n"
    for metric in (
        "import notebook_helpers as h\n" + ERROR + "h.scale()",
        "from notebook_helpers import scale\n" + ERROR + "scale()",
        "def error(y_true, y_pred):\n    from notebook_helpers import scale\n    return scale()",
        "def error(y_true, y_pred):\n    import notebook_helpers\n    return notebook_helpers.scale()",
    ):
        assert told(metric, text) == told(metric, text.replace("other():\n    return 1", "other():\n    return 20"))
        assert told(metric, text) != told(metric, text.replace("scale():\n    return 1", "scale():\n    return 20"))


def test_what_is_installed_is_known_by_its_name() -> None:
    source = "import numpy as np\nfrom sklearn.metrics import log_loss\n" + ERROR + "{}"
    names = ("np.mean(y_true)", "np.median(y_true)", "log_loss(y_true, y_pred)")
    assert len({digest_of(source.format(name)) for name in names}) == 3


def test_a_wrapper_counts_with_what_it_was_made_with() -> None:
    def scaled(factor: float) -> Callable[[Any], Any]:
        def decorate(function: Any) -> Any:
            @functools.wraps(function)
            def wrapper(*args: Any) -> Any:
                return factor * function(*args)

            return wrapper

        return decorate

    def error(y_true: Any, y_pred: Any) -> float:
        return 1.0

    assert form_digest(scaled(2.0)(error)) == form_digest(scaled(2.0)(error))
    assert form_digest(scaled(2.0)(error)) != form_digest(scaled(3.0)(error))


def test_values_of_any_kind_have_a_form() -> None:
    looped: list[Any] = [1]
    looped.append(looped)
    values = [
        *(None, True, 1, 1.0, -0.0, 0.0, 10**30, 1j, "a", "ä", b"a", ...),
        *([1], (1,), {1}, frozenset({1}), {1: 1}, looped),
        *(np.float32(1), np.array([1]), np.array([1.0]), np.array([1, "x"], dtype=object), pd.Series([1])),
        *(pd.Timestamp("2024-01-01"), slice(1), range(3), np.random.default_rng(0), functools.partial(sorted, [1])),
    ]
    digests = [form_digest(value) for value in values]
    assert len(set(digests)) == len(values)
    assert [form_digest(value) for value in values] == digests


@pytest.mark.parametrize("value", [threading.Lock(), (item for item in "ab"), sys.stdout, {"deep": [threading.Lock()]}])
def test_what_has_no_form_is_refused_by_its_name(value: Any) -> None:
    notebook = Notebook().cell("def helper():\n    return STATE\n" + ERROR + "helper()")
    notebook.names["STATE"] = value
    with pytest.raises(
        DefinitionError, match=r"must be known.*`error` uses `STATE`, which holds a .*`\.with_code\(…\)`"
    ):
        notebook.digest()
