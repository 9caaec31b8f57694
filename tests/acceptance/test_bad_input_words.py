"""What is typed wrongly is told in three sentences, and nothing is run, read or kept for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed


@pytest.mark.parametrize(
    ("words", "sentences"),
    [
        (
            ("frist",),
            ("A candidate is a top-level name", "Found no candidate `frist`.", "Did you mean `first`?"),
        ),
        (
            ("first", "ct=1"),
            ("those of the signature of candidate `first`", "Found no `ct`.", "Did you mean `cut`?"),
        ),
        (
            ("first", "cut=abc"),
            ("Parameter `cut` of candidate `first` takes `float`.", "Found 'abc'.", "Give a value of that type"),
        ),
        (("first", "cut="), ("Parameter `cut` of candidate `first` takes `float`.", "Found ''.")),
        (("first", "cut=nan"), ("takes `float`.", "Found 'nan'.")),
        (("first", "cut=none"), ("takes `float`.", "Found 'none'.")),
        (("first", "cut=0.1,x"), ("takes `float`.", "Found 'x'.")),
        (("first", "cut=1..0 log 3"), ("A range is `low..high`", "not in ascending order", "Write it like `cut=1..5`")),
        (("first", "cut=0..1 log 3"), ("A range is `low..high`", "begins at or below 0")),
        (("first", "cut=0..1 20000"), ("of 2 to 10,000 values", "20,000 values")),
        (
            ("cut=1",),
            ("behind the name of its candidate", "`cut=1` stands behind none.", "`bancada run CANDIDATE cut=1`"),
        ),
        (("baseline", "cut=1"), ("`baseline` is the task's own", "Found `cut=1` behind it.", "`bancada run baseline`")),
        (
            ("-p", "rsk"),
            ("A problem is a top-level name", "Found no problem `rsk`.", "Did you mean `risk`?"),
        ),
    ],
)
def test_a_name_or_value_that_does_not_exist_is_answered_before_a_store_is_made(
    typed: Typed, words: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    typed.runs(*words).refuses(*sentences)
    assert not typed.store.exists()


@pytest.mark.parametrize("value", ["99999999999999999999999", "-9223372036854775809", "9223372036854775808"])
def test_a_whole_number_beyond_64_bits_is_refused_before_it_is_recorded(typed: Typed, value: str) -> None:
    typed.write("@bc.candidate\ndef first(n: int = 1):\n    return Curve(n)\n")
    typed.runs("first", f"n={value}").refuses("Parameter `n` of candidate `first` takes `int`.", f"Found '{value}'.")
    assert not typed.store.exists()


@pytest.mark.parametrize(
    ("words", "sentences"),
    [
        (
            ("run", "--timeout", "0"),
            ("`--timeout` must have a value that it can take.", "0.0 is not in the range x>0."),
        ),
        (("run", "--timeout", "soon"), ("`--timeout` must have a value", "'soon' is not a valid float range.")),
        (("run", "--cores", "0"), ("`--cores` must have a value", "0 is not in the range x>=1.")),
        (("run", "--seeds", "-1"), ("`--seeds` must have a value", "-1 is not in the range 1<=x<=1000.")),
        (("run", "--repeats", "0"), ("`--repeats` must have a value", "0 is not in the range 1<=x<=1000.")),
        (("run", "--repeats", "99999999"), ("`--repeats` must have a value", "99999999 is not in the range")),
        (("run", "--seed", "x"), ("`--seed` must have a value", "'x' is not a valid")),
        (("run", "--seed", "-1"), ("`--seed` must have a value", "-1 is not in the range")),
        (("run", "--seed", "99999999999999999999999"), ("`--seed` must have a value", "is not in the range")),
        (("run", "--seed"), ("`--seed` must be used as its verb says.", "requires an argument")),
        (
            ("run", "--sed", "1"),
            ("takes only its own options.", "There is no option `--sed`.", "Did you mean `--seed`?"),
        ),
        (("run", "-C", "nowhere"), ("`--directory` must have a value", "'nowhere' does not exist.")),
        (("run", "--store", "data.csv"), ("`--store` must have a value", "'data.csv' is a file.")),
        (("runn",), ("`bancada` takes one of its verbs.", "There is no verb `runn`.", "Did you mean `run`?")),
        (("store", "verfy"), ("`bancada store` takes one of its verbs.", "There is no verb `verfy`.", "`verify`")),
        (("leaderboard", "--top", "0"), ("`--top` must have a value", "0 is not in the range x>=1.")),
        (("leaderboard", "extra"), ("`bancada leaderboard [OPTIONS]`", "unexpected extra argument (extra)")),
        (("list", "--runs", "-1"), ("`--runs` must have a value", "-1 is not in the range x>=0.")),
        (("compare", "first"), ("`bancada compare` needs `B`.", "It was not given.")),
        (("fit",), ("`bancada fit` needs `RUN`.", "It was not given.")),
        (("show",), ("`bancada show` needs a run.", "None was named.", "Try `bancada show best`, or `--split`.")),
        (("show", "--csv"), ("`--csv` writes the split.", "It was given without `--split`.", "Add `--split`.")),
        (("show", "frist", "--code"), ("A candidate is a top-level name", "Found no candidate `frist`.", "`first`")),
    ],
)
def test_an_option_or_a_verb_that_does_not_exist_is_answered_with_what_would_do(
    typed: Typed, words: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    typed.types(*words).refuses(*sentences)
    assert not typed.store.exists()


def test_no_verb_is_answered_with_the_help_and_exit_code_two(typed: Typed) -> None:
    told = typed.types()
    assert (told.code, told.out) == (2, "")
    assert "Every day:" in told.err


@pytest.mark.parametrize(
    "words",
    [("leaderboard",), ("compare", "a", "b"), ("show", "best"), ("list",), ("fit", "best"), ("store", "verify")],
)
def test_reading_where_there_is_no_store_says_so_and_makes_none(typed: Typed, words: tuple[str, ...]) -> None:
    typed.types(*words).refuses("Reading needs a store.", f"There is none at `{typed.store}`.", "Run `bancada run`")
    assert not typed.store.exists()


@pytest.mark.parametrize("verb", [("leaderboard",), ("compare", "first", "second"), ("show", "first")])
def test_a_store_without_runs_says_that_it_has_none(typed: Typed, verb: tuple[str, ...]) -> None:
    assert typed.runs("--plan").code == 0
    typed.types(*verb).refuses("A board needs at least one run.", "has none.", "Run `bancada run` first.")


class TestAfterARun:
    """Wrong references to what was recorded."""

    @pytest.fixture(autouse=True)
    def _ran(self, typed: Typed) -> None:
        assert typed.runs().code == 0

    @pytest.mark.parametrize(
        ("words", "sentences"),
        [
            (("compare", "first", "secnd"), ("A run is meant by `r-…`", "`secnd` is none of these", "`second`?")),
            (("show", "frist"), ("A run is meant by `r-…`", "`frist` is none of these", "Did you mean `first`?")),
            (("fit", "frist"), ("A run is meant by `r-…`", "`frist` is none of these", "Did you mean `first`?")),
            (("show", "r-!"), ("A run is named by `r-`", "No run begins with 'r-!'.", "See `bancada list`")),
            (("show", "r-"), ("A run is named by `r-`", "3 runs begin with 'r-'.", "Type more of its characters.")),
            (("show", "r-../../x"), ("A run is named by `r-`", "No run begins with 'r-../../x'.")),
            (("leaderboard", "-p", "rsk"), ("once it has runs.", "`rsk` has none in", "Did you mean `risk`?")),
            (("leaderboard", "-p", "../x"), ("once it has runs.", "`../x` has none in")),
            (("list", "-p", "rsk"), ("once it has runs.", "`rsk` has none in", "Did you mean `risk`?")),
            (("leaderboard", "--metric", "roc"), ("There is no metric `roc`", "Did you mean `roc_auc`?")),
            (("compare", "first", "second", "--metric", "rmse"), ("There is no metric `rmse`", "Known are")),
        ],
    )
    def test_what_was_never_run_is_answered_with_what_was(
        self, typed: Typed, words: tuple[str, ...], sentences: tuple[str, ...]
    ) -> None:
        before = typed.stored()
        typed.types(*words).refuses(*sentences)
        assert typed.stored() == before

    def test_a_model_is_not_fitted_from_code_that_changed(self, typed: Typed) -> None:
        typed.write("@bc.candidate\ndef first(cut: float = 0.0):\n    return Curve(cut + 1)\n")
        before = typed.stored()
        told = typed.types("fit", "first")
        told.refuses("the code, the data and the packages of its run.", "`code`.", "`bancada run first`")
        assert typed.stored() == before

    def test_a_model_is_not_fitted_from_data_that_changed(self, typed: Typed) -> None:
        typed.write_data(n_rows=33)
        typed.types("fit", "first").refuses("the code, the data and the packages of its run.", "`problem`")

    def test_a_candidate_that_is_gone_cannot_be_fitted(self, typed: Typed) -> None:
        typed.write("@bc.candidate\ndef second():\n    return Curve()\n")
        typed.types("fit", "first").refuses("Found no candidate `first`.", "`second`")

    @pytest.mark.parametrize("more", [(), ("--json",)])
    def test_runs_that_answered_different_questions_are_not_compared(self, typed: Typed, more: tuple[str, ...]) -> None:
        typed.write(split="bc.splits.KFold(5, seed=2)")
        assert typed.runs("second").code == 0
        told = typed.types("compare", "first", "second", *more)
        told.refuses(
            "Two runs are compared on one problem", "`split.k`", "`split.seed`", "Run both on the same problem"
        )

    def test_where_a_store_has_several_problems_the_one_that_the_project_defines_is_meant(self, typed: Typed) -> None:
        typed.write(name='"other"')
        assert typed.runs("first").code == 0
        assert typed.types("leaderboard").out.startswith("other ")
        assert typed.types("leaderboard", "-p", "risk").out.startswith("risk ")
        typed.write(name='"third"')
        assert typed.types("run", "--plan").code == 0
        typed.types("leaderboard").refuses("one must be named.", "Found `other`, `risk`.", "Add `--problem other`")

    def test_where_a_store_has_several_problems_a_run_names_its_own(self, typed: Typed) -> None:
        ran = f"r-{typed.types('show', 'second', '--json').document['run']['run_id']}"
        typed.write(name='"other"')
        assert typed.runs("first").code == 0
        for words in (("show", ran), ("compare", ran, "first"), ("note", ran, "checked")):
            assert typed.types(*words).code == 0, words


@pytest.mark.parametrize("words", [("leaderboard",), ("compare", "first", "second")])
def test_a_metric_without_a_name_is_none(words: tuple[str, ...], typed: Typed) -> None:
    assert typed.runs().code == 0
    typed.types(*words, "--metric", "").refuses("There is no metric `` in the evaluation.")
