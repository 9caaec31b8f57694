"""A project that is not well formed is told in three sentences, and no store is made for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed


def _evaluated(slices: str) -> str:
    return f'bc.Evaluation(primary="roc_auc", slices=[{slices}])'


@pytest.mark.parametrize(
    ("roles", "sentences"),
    [
        pytest.param(
            {"evaluation": 'bc.Evaluation(primary="rmse")'},
            (
                "A metric of problem `risk` reads what its task `binary` gives.",
                "Metric `rmse` reads `truth.value`, `predictions.value`, but truth has `label`",
                "Choose another metric, such as `roc_auc`",
            ),
            id="metric of another task",
        ),
        pytest.param(
            {"evaluation": 'bc.Evaluation(primary="roc")'},
            ("A metric named by text must be a built-in one", "There is no metric `roc`.", "Did you mean `roc_auc`?"),
            id="unknown metric",
        ),
        pytest.param(
            {"evaluation": _evaluated("'rgion'")},
            ("`slices` of problem `risk` names columns", "Found no column `rgion`.", "Did you mean `region`?"),
            id="unknown slice column",
        ),
        pytest.param(
            {"evaluation": _evaluated("bc.Slice('x', 'rgion == \"north\"')")},
            ("`slices` of problem `risk` names columns", "Found no column `rgion`.", "Did you mean `region`?"),
            id="unknown column in a slice",
        ),
        pytest.param(
            {"evaluation": _evaluated("bc.Slice('x', 'region > 3')")},
            ("Numbers compare with numbers", "Found column `region` of type `string` `>` the number 3.", "own type"),
            id="slice that compares a text with a number",
        ),
        pytest.param(
            {"evaluation": _evaluated("'a'")},
            ("A column that is a slice holds texts, integers or truth values.", "Found `a` of type `double`."),
            id="slice by measurements",
        ),
        pytest.param(
            {"groups": '"household"'},
            ("`groups` of problem `risk` names columns", "Found no column `household`.", "Known are"),
            id="unknown groups",
        ),
        pytest.param(
            {"weight": '"region"'},
            ("Weights are numbers that are not negative", "Column `region` holds others.", "drop `weight=`"),
            id="weights that are texts",
        ),
        pytest.param(
            {"split": 'bc.splits.KFold(3, stratify="rgion")'},
            ("The split of problem `risk` reads columns", "Found no column `rgion`.", "Did you mean `region`?"),
            id="unknown column of the split",
        ),
        pytest.param(
            {"task": "bc.tasks.Binary(positive='yes')"},
            ("The positive class must be one of the two classes.", "`positive` is 'yes'; `ill` holds 0, 1."),
            id="unknown positive class",
        ),
        pytest.param(
            {"task": "bc.tasks.Binary()", "target": '"region"'},
            ("A binary task must know its positive class.", "`region` holds 'north', 'south'.", "positive='south'"),
            id="positive class not said",
        ),
        pytest.param(
            {"task": "bc.tasks.Regression()", "target": '"region"', "evaluation": 'bc.Evaluation(primary="rmse")'},
            ("A target of a regression must be numbers.", "`region` is string.", "Convert it to numbers"),
            id="regression on texts",
        ),
        pytest.param(
            {"dataset": 'bc.Dataset.from_file("data.csv", name="people", version="1")'},
            ("A dataset must have an id for each row", "None was given for `people`.", "Say `id='person'`"),
            id="no id said",
        ),
    ],
)
def test_a_problem_that_its_data_cannot_answer_leaves_nothing_behind(
    typed: Typed, roles: dict[str, str], sentences: tuple[str, ...]
) -> None:
    typed.write(**roles)
    typed.runs().refuses(*sentences)
    assert typed.stored() == []


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        ({"name": '"../x"'}, "The name of a problem begins with a letter or digit"),
        ({"name": '"\\x1b[31m"'}, r"Found '\x1b[31m'. Give the problem such a name with `name=`."),
        ({"evaluation": _evaluated("bc.Slice('x', 'a >')")}, "Found the end at character 4: 'a >▸'."),
        ({"evaluation": _evaluated("bc.Slice('x', '__import__(1)')")}, "An expression compares columns with values"),
        ({"split": "bc.splits.KFold(1)"}, "`k` must be a whole number of at least 2. It is 1."),
        ({"tarrget": "'x'"}, "unexpected keyword argument 'tarrget'"),
        ({"task": "bc.tasks.Binry()"}, "has no attribute 'Binry'"),
    ],
)
def test_a_definition_that_cannot_be_made_is_told_with_the_users_own_line(
    typed: Typed, roles: dict[str, str], sentence: str
) -> None:
    typed.write(**roles)
    told = typed.runs()
    told.refuses("A problem lives in a module that can be imported.", sentence, "Correct the module and try again.")
    assert f'{typed.module}.py", line' in told.err
    assert "importlib" not in told.err
    assert "bancada/definitions" not in told.err
    assert not typed.store.exists()


@pytest.mark.parametrize(
    ("after", "sentences"),
    [
        (
            "\nother = bc.Problem(name='other', dataset=problem.dataset, target='ill')\n",
            ("Where a project has several problems", "Found `other`, `risk`.", "Name it with `--problem`."),
        ),
        (
            "\n@bc.candidate(name='first')\ndef again():\n    return Curve()\n",
            ("Each candidate of a project has a name of its own.", "Found `first` in", "another name with `name=`."),
        ),
        (
            "\n@bc.candidate\ndef baseline():\n    return Curve()\n",
            ("a name that means nothing else", "Found 'baseline'", "another name with `name=`."),
        ),
        ("\n@bc.candidate(name='best')\ndef x():\n    return Curve()\n", ("Found 'best'",)),
        ("\n@bc.candidate(name='r-1')\ndef x():\n    return Curve()\n", ("Found 'r-1'",)),
        ("\n@bc.candidate(name='a b')\ndef x():\n    return Curve()\n", ("The name of a candidate", "Found 'a b'.")),
        ("\n@bc.candidate\ndef x(n: int = 'a'):\n    return Curve()\n", ("`n` of candidate `x`", "'a'")),
    ],
)
def test_names_that_could_mean_two_things_are_refused(typed: Typed, after: str, sentences: tuple[str, ...]) -> None:
    typed.write(after=after)
    typed.runs().refuses(*sentences)
    assert not typed.store.exists()


def test_a_project_without_candidates_says_how_one_is_written(typed: Typed) -> None:
    typed.write(candidates="")
    typed.runs().refuses("A run needs at least one candidate.", f"`{typed.module}` define none.", "`@bc.candidate`")


def test_a_project_without_a_problem_says_how_one_is_written(typed: Typed) -> None:
    typed.write_text("import bancada as bc\n")
    typed.runs().refuses("at least one problem.", f"Found none in `{typed.module}`.", "bc.Problem(name=")


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("import os\nimport nothing_there\n", "ModuleNotFoundError: No module named 'nothing_there'"),
        ("x = (\n", "SyntaxError: '(' was never closed"),
        ("import sys\nsys.exit(3)\n", "SystemExit: 3"),
        ("import os\n1 / 0\n", "ZeroDivisionError: division by zero"),
        ("raise ValueError('\\x1b[31m')\n", r"ValueError: \x1b[31m"),
    ],
)
def test_a_module_that_fails_to_import_is_told_once_with_the_users_frames_alone(
    typed: Typed, text: str, failure: str
) -> None:
    typed.write_text(text)
    for words in [("run",), ("run", "-p", "risk"), ("run", "first"), ("show", "--code", "first")]:
        told = typed.types(*words)
        told.refuses("lives in a module that can be imported.", f"Importing `{typed.module}` failed:", failure)
        assert told.err.count(failure) == 1
        assert f'{typed.module}.py", line' in told.err
        assert "importlib" not in told.err
        assert not typed.store.exists()


def test_a_module_that_fails_is_a_warning_where_what_was_asked_for_lives_elsewhere(typed: Typed) -> None:
    (typed.root / f"{typed.module}_more.py").write_text("def helper():\n    1 / 0\n\nhelper()\n")
    (typed.root / "bancada.toml").write_text(f'modules = ["{typed.module}", "{typed.module}_more"]\n')
    told = typed.runs("first")
    assert told.code == 0
    assert told.err.startswith(f"warning: module `{typed.module}_more` failed to import: ZeroDivisionError")
    assert "line 2, in helper" in told.err
    assert "importlib" not in told.err


@pytest.mark.parametrize(
    ("toml", "sentences"),
    [
        ("", ("A project names the modules", "Found none for the project in", "Write `modules = [")),
        ('modules = ["nope"]', ("`modules` names modules below", "Found no module `nope`.", "Known are `cli_exp")),
        ('module = ["x"]', ("are those that bancada knows there.", "Found `module`.", "Did you mean `modules`?")),
        ('modules = "x"', ("`modules` lists modules", "Found 'x' in", 'Write it like `modules = ["churn"')),
        ('modules = ["../x"]', ("`modules` lists modules", "Found ['../x'] in")),
        ("modules = [", ("bancada.toml` is TOML in UTF-8.", "Found an error:", "Correct that line.")),
        ("a = 1\na = 2", ("bancada.toml` is TOML in UTF-8.", "Cannot overwrite a value", "Correct that line.")),
        ("cores = 0", ("`cores` is a whole number above 0.", "Found 0 in", "Write it like `cores = 2`.")),
        ("store = 3", ("`store` is a folder.", "Found 3 in", 'Write it like `store = "folder"`.')),
        ('cache = "x"', ("are those that bancada knows there.", "Found `cache`.", "Known are")),
    ],
)
def test_settings_that_cannot_be_read_are_named_with_their_file(
    typed: Typed, toml: str, sentences: tuple[str, ...]
) -> None:
    (typed.root / "bancada.toml").write_text(toml)
    typed.runs().refuses(*sentences)
    assert not typed.store.exists()


def test_settings_in_two_files_are_refused(typed: Typed) -> None:
    (typed.root / "pyproject.toml").write_text("[tool.bancada]\nmodules = []\n")
    for words in [("run",), ("list",)]:
        typed.types(*words).refuses("The settings of a project stand in one file.", "Move them into one of the two.")


def test_a_wrong_environment_variable_is_named(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANCADA_CORES", "many")
    typed.runs().refuses("`cores` is a whole number above 0.", "Found 'many' in BANCADA_CORES.")


class TestAStoreThatCannotBe:
    """The folder of records is no folder, is of another layout, or cannot be written."""

    def test_a_file_stands_in_its_place(self, typed: Typed) -> None:
        typed.store.write_text("mine")
        typed.runs().refuses("A store needs a folder that can be written.", f"`{typed.store}` cannot be made")
        typed.types("list").refuses("Reading needs a store.", f"There is none at `{typed.store}`.")
        assert typed.store.read_text() == "mine"

    def test_its_parent_is_a_file(self, typed: Typed) -> None:
        told = typed.runs("--store", "data.csv/deeper")
        told.refuses("A store needs a folder that can be written.", "Mend the permissions, or name another place")

    @pytest.mark.parametrize("inside", ["runs", "folds", "objects", "definitions", "schemas"])
    def test_a_file_stands_in_place_of_one_of_its_folders(self, typed: Typed, inside: str) -> None:
        assert typed.types("show", "--split").code == 0
        place = typed.store / inside
        place.rename(typed.root / "aside") if place.exists() else None
        place.write_text("mine")
        told = typed.runs()
        told.refuses("lies in folders of its own.", f"`{place}` is no folder.", "Move it away")
        assert place.read_text() == "mine"

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("{", "cannot be read"),
            ('{"schema": "store/99", "id": "x"}', "says `store/99`"),
            ('{"id": "x"}', "cannot be read"),
        ],
    )
    def test_its_manifest_is_none_that_this_version_reads(self, typed: Typed, text: str, sentence: str) -> None:
        typed.store.mkdir()
        (typed.store / "store.json").write_text(text)
        for words in [("run", "--in-process"), ("list",), ("store", "verify")]:
            typed.types(*words).refuses(f"`{typed.store / 'store.json'}`", sentence)
        assert [path.name for path in typed.store.iterdir()] == ["store.json"]
