"""The code that a definition consists of: what changes its identity, and what does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from bancada.exceptions import DefinitionError, NotFoundError
from bancada.provenance import CodeClosure, ProjectCode, code_closure

CANDIDATES = """
    '''Candidates for churn.'''
    from __future__ import annotations
    import os
    from typing import TYPE_CHECKING
    import numpy as np
    from sklearn.ensemble import HistGradientBoostingClassifier
    from churn import features
    from churn.features import scale, LEVELS as KNOWN
    if TYPE_CHECKING:
        from pandas import DataFrame

    RATE: float = 0.1
    LOW, HIGH = 1, 2
    STEPS = [1]
    STEPS += [2]

    def boosting(learning_rate: float = RATE, frame: DataFrame | None = None):
        '''Boosted trees.'''
        return build(HistGradientBoostingClassifier(learning_rate=learning_rate), LOW)

    def build(model, low):
        return features.Wrapper(model, scale, low)

    def logistic(c=1.0):
        return np.log(c) * HIGH * len(KNOWN) * len(STEPS)

    if __name__ == "__main__":
        print(boosting())
"""
FEATURES = """
    import math
    import scipy.stats
    LEVELS = ("a", "b")
    EDGE = math.pi

    class Base:
        def fit(self, X, y):
            return self

    class Wrapper(Base):
        edge = EDGE
        def __init__(self, model, scale, low):
            self.model = model

    def scale(x):
        return x / 2

    def unused(x):
        return scipy.stats.norm.pdf(x)
"""


class Workspace:
    """A project on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.code = ProjectCode(root, (root, root / "src"))
        self.write("src/churn/__init__.py", "")
        self.write("src/churn/candidates.py", CANDIDATES)
        self.write("src/churn/features.py", FEATURES)

    def write(self, path: str, source: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(source))

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.root / path
        source = file.read_text()
        assert dedent(old) in source
        file.write_text(source.replace(dedent(old), dedent(new)))

    def close(self, name: str = "boosting", module: str = "churn.candidates") -> CodeClosure:
        return code_closure(module, name, ProjectCode(self.root, (self.root, self.root / "src")))


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def names(closure: CodeClosure) -> set[str]:
    return {f"{item.module}:{item.qualname}" for item in closure.items}


def test_a_candidate_consists_of_what_its_names_resolve_to(work: Workspace) -> None:
    closure = work.close()
    assert names(closure) == {
        "churn.candidates:boosting",
        "churn.candidates:build",
        "churn.candidates:RATE",
        "churn.candidates:LOW",
        "churn.candidates:DataFrame",
        "churn.candidates:HistGradientBoostingClassifier",
        "churn.candidates:features",
        "churn.candidates:scale",
        "churn.features:Base",
        "churn.features:Wrapper",
        "churn.features:EDGE",
        "churn.features:math",
        "churn.features:scale",
    }
    assert closure.imports == ("pandas", "sklearn")
    assert set(closure.sources) == {"src/churn/__init__.py", "src/churn/candidates.py", "src/churn/features.py"}
    assert closure.doubts == ()
    assert names(work.close("logistic")) >= {"churn.features:LEVELS", "churn.candidates:STEPS", "churn.candidates:HIGH"}


CANDIDATES_FILE, FEATURES_FILE = "src/churn/candidates.py", "src/churn/features.py"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        pytest.param(CANDIDATES_FILE, "'''Boosted trees.'''", "'''Other words.'''", id="docstring"),
        pytest.param(CANDIDATES_FILE, "'''Candidates for churn.'''", "'Of the module.'", id="docstring of the module"),
        pytest.param(CANDIDATES_FILE, "RATE: float = 0.1", "RATE: float   =  0.10  # a rate", id="comment and format"),
        pytest.param(CANDIDATES_FILE, "import os\n", "import os\nimport torch\n", id="unused import"),
        pytest.param(CANDIDATES_FILE, "import os\n", "", id="unused import away"),
        pytest.param(
            CANDIDATES_FILE, "scale, LEVELS as KNOWN", "scale, EDGE, LEVELS as K", id="unused name of an import"
        ),
        pytest.param(CANDIDATES_FILE, "def logistic", "def forest(): return RATE\ndef logistic", id="new candidate"),
        pytest.param(CANDIDATES_FILE, "np.log(c)", "np.exp(c)", id="another candidate"),
        pytest.param(CANDIDATES_FILE, "HIGH = 1, 2", "HIGH = 1, 2\nmetric = max(1, HIGH)", id="a new metric"),
        pytest.param(CANDIDATES_FILE, "print(boosting())", "print(1)", id="under the main guard"),
        pytest.param(FEATURES_FILE, "scipy.stats.norm", "scipy.stats.t", id="a helper that is not used"),
        pytest.param(FEATURES_FILE, 'LEVELS = ("a", "b")', 'LEVELS = ("a",)', id="a constant that is not used"),
        pytest.param("src/churn/other.py", "", "import churn\nprint(1)\n", id="a new module"),
    ],
)
def test_what_the_candidate_does_not_use_changes_nothing(work: Workspace, path: str, old: str, new: str) -> None:
    before = work.close()
    if old:
        work.edit(path, old, new)
    else:
        work.write(path, new)
    assert work.close().digest == before.digest


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        pytest.param(CANDIDATES_FILE, "learning_rate=learning_rate", "learning_rate=1.0", id="its body"),
        pytest.param(CANDIDATES_FILE, "learning_rate: float", "learning_rate: int", id="annotation"),
        pytest.param(CANDIDATES_FILE, "RATE: float = 0.1", "RATE: float = 0.2", id="default"),
        pytest.param(CANDIDATES_FILE, "LOW, HIGH = 1, 2", "LOW, HIGH = 3, 2", id="constant in a tuple"),
        pytest.param(CANDIDATES_FILE, "scale, low)", "scale, low + 1)", id="helper"),
        pytest.param(CANDIDATES_FILE, "STEPS += [2]", "STEPS += [2]\nRATE *= 2", id="a second assignment"),
        pytest.param(CANDIDATES_FILE, "sklearn.ensemble", "sklearn.experimental", id="import"),
        pytest.param(CANDIDATES_FILE, "def boosting", "@np.vectorize\ndef boosting", id="decorator"),
        pytest.param(CANDIDATES_FILE, "import os\n", "import os\nos.umask(0)\n", id="an effect of its module"),
        pytest.param(FEATURES_FILE, "x / 2", "x / 3", id="helper in another module"),
        pytest.param(FEATURES_FILE, "return self", "return None", id="base class"),
        pytest.param(FEATURES_FILE, "EDGE = math.pi", "EDGE = math.e", id="constant of a class"),
        pytest.param(FEATURES_FILE, "import math\n", "import math\nprint(math.pi)\n", id="an effect of another module"),
        pytest.param("src/churn/__init__.py", "", "print('imported')\n", id="an effect of the package"),
    ],
)
def test_what_the_candidate_uses_changes_its_digest(work: Workspace, path: str, old: str, new: str) -> None:
    before = work.close()
    if old:
        work.edit(path, old, new)
    else:
        work.write(path, new)
    assert work.close().digest != before.digest


def test_the_name_of_the_candidate_is_a_label(work: Workspace) -> None:
    before = work.close()
    work.edit(CANDIDATES_FILE, "def boosting", "def boosted_trees")
    assert work.close("boosted_trees").digest == before.digest
    assert work.close("logistic").digest != before.digest


def test_a_module_with_effects_counts_whole_and_says_why(work: Workspace) -> None:
    work.edit(FEATURES_FILE, "import math\n", "import sys\nimport math\nsys.path.append('x')\n")
    closure = work.close()
    whole = [item for item in closure.items if item.module == "churn.features"]
    assert [(item.qualname, item.reason) for item in whole] == [
        ("*", "its top level calls `sys.path.append` in line 4")
    ]
    assert "scipy" in closure.imports
    work.edit(FEATURES_FILE, "scipy.stats.norm", "scipy.stats.t")
    assert work.close().digest != closure.digest


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("for i in range(3):\n    pass", "runs `for i in range(3):`"),
        ("with open('x') as f:\n    pass", "runs `with open('x') as f:`"),
        ("import os\nos.x = 1", "changes `os.x`"),
        ("D = {}\nD['a'] = 1", "changes `D['a']`"),
        ("if True:\n    print(1)", "runs `if True:`"),
        ("try:\n    import a\nexcept ImportError:\n    print(1)", "runs `try:`"),
        ("del EDGE", "runs `del EDGE`"),
        ("assert EDGE", "runs `assert EDGE`"),
    ],
)
def test_each_kind_of_effect_is_seen(work: Workspace, statement: str, said: str) -> None:
    work.write(FEATURES_FILE, dedent(FEATURES) + statement + "\n")
    reasons = [item.reason for item in work.close().items if item.qualname == "*"]
    assert len(reasons) == 1
    assert said in reasons[0]


def test_a_candidate_in_a_whole_module_is_told_from_its_neighbours(work: Workspace) -> None:
    work.edit(CANDIDATES_FILE, "import os\n", "import os\nprint('effect')\n")
    assert names(work.close()) == names(work.close("logistic"))
    assert work.close().digest != work.close("logistic").digest


@pytest.mark.parametrize("block", ["TYPE_CHECKING", "typing.TYPE_CHECKING"])
def test_imports_for_types_count_one_by_one(work: Workspace, block: str) -> None:
    work.write(
        "m.py",
        f"import typing\nfrom typing import TYPE_CHECKING\nif {block}:\n    import a\n    import b\n"
        "def f(x: 'a.T'): pass\n",
    )
    closure = work.close("f", "m")
    assert names(closure) == {"m:f", "m:a"}
    assert closure.imports == ("a",)


def test_a_guarded_import_counts_as_one_block(work: Workspace) -> None:
    source = """
        try:
            import fast as impl
            FAST = True
        except ImportError:
            import churn.features as impl
            FAST = False
        def f(x):
            return impl.scale(x)
    """
    work.write("m.py", source)
    before = work.close("f", "m")
    assert names(before) == {"m:f", "m:impl", "churn.features:scale"}
    assert before.imports == ("fast",)
    work.edit("m.py", "FAST = False", "FAST = None")
    assert work.close("f", "m").digest != before.digest


@pytest.mark.parametrize(
    "source",
    [
        "from churn.features import scale\ndef f(x): return scale(x)",
        "from churn.features import scale as s\ndef f(x): return s(x)",
        "import churn.features\ndef f(x): return churn.features.scale(x)",
        "import churn.features as c\ndef f(x): return c.scale(x)",
        "from churn import features\ndef f(x): return features.scale(x)",
        "def f(x):\n    from churn import features\n    return features.scale(x)",
        "def f(x):\n    import churn.features as c\n    return c.scale(x)",
        "def f(x):\n    import churn.features\n    return [churn.features.scale(y) for y in x]",
        "import churn.features as c\ndef f(x): return getattr(c, 'scale')(x)",
        "from churn import features as c\nclass f:\n    scale = c.scale\n    def g(self): return scale",
    ],
)
def test_every_way_to_import_finds_the_helper_and_nothing_else(work: Workspace, source: str) -> None:
    work.write("m.py", source)
    found = {item.qualname for item in work.close("f", "m").items if item.module == "churn.features"}
    assert found == {"scale"}


def test_relative_imports_and_re_exports_are_followed(work: Workspace) -> None:
    work.write("src/churn/__init__.py", "from .deep import thing\nfrom .deep.er import unused\n")
    work.write("src/churn/deep/__init__.py", "from .er import inner as thing\n")
    work.write(
        "src/churn/deep/er.py", "from ..features import scale\ndef inner(x): return scale(x)\ndef unused(): pass\n"
    )
    work.write("m.py", "import churn\ndef f(x): return churn.thing(x)\n")
    closure = work.close("f", "m")
    assert names(closure) == {
        "m:f",
        "m:churn",
        "churn:thing",
        "churn.deep:thing",
        "churn.deep.er:inner",
        "churn.deep.er:scale",
        "churn.features:scale",
    }


def test_a_folder_without_init_is_a_package_too(work: Workspace) -> None:
    work.write("jobs/steps.py", "def step(x): return x\n")
    work.write(
        "m.py",
        "import jobs.steps\nfrom jobs import steps as s\n"
        "def f(x): return jobs.steps.step(x)\ndef g(x): return s.step(x)\n",
    )
    assert "jobs.steps:step" in names(work.close("f", "m")) & names(work.close("g", "m"))
    assert work.close("f", "m").imports == ()


def test_a_folder_of_data_does_not_hide_a_library(work: Workspace) -> None:
    work.write("mlflow/run.txt", "a run")
    work.write("m.py", "import mlflow\nimport mlflow.sklearn as ms\ndef f(): return mlflow.log(1), ms.save(2)")
    assert work.close("f", "m").imports == ("mlflow",)


def test_modules_that_import_each_other_are_followed_once(work: Workspace) -> None:
    work.write("a.py", "import b\nfrom b import lost\ndef f(n): return b.g(n)\n")
    work.write("b.py", "import a\nfrom a import lost\ndef g(n): return n and a.f(n - 1) and lost\n")
    closure = work.close("f", "a")
    assert {"a:f", "b:g"} <= names(closure)


def test_a_module_that_is_passed_around_counts_whole(work: Workspace) -> None:
    work.write("m.py", "from churn import features\ndef f(name): return getattr(features, name)\n")
    closure = work.close("f", "m")
    assert "churn.features:*" in names(closure)
    assert closure.doubts == ("`getattr` in `m` can reach code that is not seen",)


def test_a_star_import_takes_the_whole_module(work: Workspace) -> None:
    work.write("m.py", "from churn.features import *\ndef f(x): return scale(x)\n")
    closure = work.close("f", "m")
    assert names(closure) == {"m:f", "m:from churn.features import *", "churn.features:*"}
    assert closure.doubts == ("`m` takes every name of `churn.features`",)


def test_local_names_hide_those_of_the_module(work: Workspace) -> None:
    work.write(
        "m.py",
        """
        def forest(): pass
        def logistic(): pass
        def f(forest, *, x=(lambda logistic: logistic)):
            def inner(logistic):
                return [forest for forest in logistic if (logistic := 1)]
            with open("x") as forest:
                return inner
        """,
    )
    assert names(work.close("f", "m")) == {"m:f"}


@pytest.mark.parametrize(
    ("body", "doubt"),
    [
        ("return eval('x')", "`eval` in `m` can reach code that is not seen"),
        ("exec('x')", "`exec` in `m` can reach code that is not seen"),
        ("return globals()['g']", "`globals` in `m` can reach code that is not seen"),
        ("return importlib.import_module('m' + n)", "`importlib.import_module` can reach code that is not seen"),
        ("return nowhere(n)", "`nowhere` is bound nowhere in `m`"),
    ],
)
def test_what_cannot_be_resolved_is_a_doubt(work: Workspace, body: str, doubt: str) -> None:
    work.write("m.py", f"import importlib\ndef f(n):\n    {body}\n")
    assert work.close("f", "m").doubts == (doubt,)


def test_an_import_by_a_constant_name_is_no_doubt(work: Workspace) -> None:
    work.write(
        "m.py",
        "from importlib import import_module\n"
        "def f(): return import_module('churn.features'), import_module('xgboost')\n",
    )
    closure = work.close("f", "m")
    assert closure.doubts == ()
    assert "churn.features:*" in names(closure)
    assert closure.imports == ("scipy", "xgboost")


def test_names_that_a_module_computes_take_it_whole(work: Workspace) -> None:
    work.write("src/churn/__init__.py", "def __getattr__(name): return 1\n")
    work.write("m.py", "import churn\ndef f(): return churn.lazy\n")
    closure = work.close("f", "m")
    assert "churn:*" in names(closure)
    assert closure.doubts == ("`lazy` of `churn` comes from its `__getattr__`",)


def test_nothing_of_the_project_is_run(work: Workspace) -> None:
    work.write("m.py", "raise SystemExit(3)\nopen('made', 'w')\ndef f(): pass\n")
    work.close("f", "m")
    assert not (work.root / "made").exists()
    assert "m" not in sys.modules


def test_a_changed_file_is_read_anew_by_the_same_project(work: Workspace) -> None:
    before = code_closure("churn.candidates", "boosting", work.code)
    assert code_closure("churn.candidates", "boosting", work.code) == before
    work.edit(FEATURES_FILE, "x / 2", "x / 200")
    assert code_closure("churn.candidates", "boosting", work.code).digest != before.digest


def test_two_processes_agree(work: Workspace) -> None:
    program = (
        "import sys; from pathlib import Path; from bancada.provenance import *; r = Path(sys.argv[1]); "
        "c = code_closure('churn.candidates', 'boosting', ProjectCode(r, (r, r / 'src'))); print(c.digest, c.items)"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program, str(work.root)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1
    assert work.close().digest in answers.pop()


def test_a_missing_module_a_missing_name_and_a_broken_file_are_named(work: Workspace) -> None:
    with pytest.raises(NotFoundError, match=r"Found no module `churn\.absent`"):
        work.close("f", "churn.absent")
    with pytest.raises(NotFoundError, match=r"Found no `bosting` in `churn.candidates`\. Did you mean `boosting`\?"):
        work.close("bosting")
    with pytest.raises(DefinitionError, match="has a name at the top level"):
        work.close("make.<locals>.inner")
    work.write("m.py", "def f(:\n")
    with pytest.raises(DefinitionError, match=r"Found 'invalid syntax.*in the module `m`"):
        work.close("f", "m")
