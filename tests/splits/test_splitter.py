"""Laws of wrapped splitters."""

from __future__ import annotations

import linecache
import sys
import types
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    LeaveOneGroupOut,
    LeaveOneOut,
    LeavePOut,
    PredefinedSplit,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedGroupKFold,
    StratifiedKFold,
    StratifiedShuffleSplit,
    TimeSeriesSplit,
)

from bancada.contracts import Split
from bancada.exceptions import DataError, DefinitionError
from bancada.samples import SplitRows
from bancada.splits import from_splitter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

N_ROWS = 24


def rows_of(*, grouped: bool) -> SplitRows:
    groups = np.arange(N_ROWS) // 4 if grouped else None
    return SplitRows(ids=pa.array(range(N_ROWS)), columns=pa.table({}), target=np.arange(N_ROWS) % 2, groups=groups)


class Halves:
    """A splitter of a user's own."""

    def __init__(self, size: int = 12) -> None:
        self.size = size

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        return 2

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[npt.NDArray[Any], npt.NDArray[Any]]]:
        mask = np.arange(len(X)) < self.size
        yield mask, ~mask
        yield ~mask, mask


@pytest.mark.parametrize(
    ("splitter", "kind", "repeats"),
    [
        (KFold(4), "random", 1),
        (KFold(4, shuffle=True, random_state=1), "random", 1),
        (StratifiedKFold(3, shuffle=True, random_state=np.int64(1)), "random", 1),
        (RepeatedKFold(n_splits=4, n_repeats=3, random_state=0), "random", 3),
        (RepeatedStratifiedKFold(n_splits=4, n_repeats=2, random_state=0), "random", 2),
        (ShuffleSplit(6, test_size=0.25, random_state=0), "random", 6),
        (StratifiedShuffleSplit(3, test_size=0.25, random_state=0), "random", 3),
        (LeaveOneOut(), "random", 1),
        (TimeSeriesSplit(5), "time", 1),
        (GroupKFold(3), "random", 1),
        (StratifiedGroupKFold(3, shuffle=True, random_state=0), "random", 1),
        (LeaveOneGroupOut(), "site", 1),
        (GroupShuffleSplit(4, test_size=0.3, random_state=0), "random", 4),
    ],
)
def test_folds_are_those_of_the_splitter_in_its_order(splitter: Any, kind: str, repeats: int) -> None:
    split, rows = from_splitter(splitter), rows_of(grouped="Group" in type(splitter).__name__)
    assert isinstance(split, Split)
    assert (split.kind, split.repeats) == (kind, repeats)
    folds = [fold for repeat in range(repeats) for fold in split.folds(rows, repeat)]
    wanted = list(splitter.split(np.zeros((N_ROWS, 1)), rows.target, rows.groups))
    for fold, (train, test) in zip(folds, wanted, strict=True):
        np.testing.assert_array_equal(fold.train, np.sort(train))
        np.testing.assert_array_equal(fold.test, np.sort(test))


@pytest.mark.parametrize(
    ("few", "many"),
    [
        (
            RepeatedKFold(n_splits=4, n_repeats=2, random_state=0),
            RepeatedKFold(n_splits=4, n_repeats=5, random_state=0),
        ),
        (ShuffleSplit(2, test_size=0.25, random_state=0), ShuffleSplit(5, test_size=0.25, random_state=0)),
    ],
)
def test_repeats_are_nested_and_their_count_is_no_part_of_the_identity(few: Any, many: Any) -> None:
    rows = rows_of(grouped=False)
    assert from_splitter(few).identity() == from_splitter(many).identity()
    for ours, theirs in zip(from_splitter(few).folds(rows, 1), from_splitter(many).folds(rows, 1), strict=True):
        np.testing.assert_array_equal(ours.test, theirs.test)


def test_the_identity_is_class_name_and_parameters() -> None:
    assert from_splitter(StratifiedKFold(5, shuffle=True, random_state=7)).identity() == {
        "design": "sklearn.StratifiedKFold",
        "parameters": {"n_splits": 5, "shuffle": True, "random_state": 7},
        "kind": "random",
    }
    own = from_splitter(Halves(10), kind="site").identity()
    assert own["design"].endswith(".Halves")
    assert (own["parameters"], own["kind"]) == ({"size": 10}, "site")


HALVES = """
class Halves:
    def __init__(self, size=12):
        self.size = size

    def get_n_splits(self, X=None, y=None, groups=None):
        return 2

    def split(self, X, y=None, groups=None):
        yield list(range(self.size)), list(range(self.size, len(X)))


class Other(Halves):
    def get_n_splits(self, X=None, y=None, groups=None):
        return 1
"""


def code_of(folder: Path, text: str, name: str = "Halves") -> Any:
    """Return the code in the identity of a class that a module of this text defines."""
    module = types.ModuleType("halves")
    file = folder / f"halves{len(list(folder.iterdir()))}.py"
    file.write_text(text)
    module.__file__ = str(file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "halves", module)
        exec(compile(text, str(file), "exec"), vars(module))  # noqa: S102 - the text is this file's own
        return from_splitter(vars(module)[name](), kind="random").identity()["code"]


@pytest.mark.parametrize("name", ["Halves", "Other"])
def test_the_code_of_a_splitter_of_the_users_own_is_in_the_identity(tmp_path: Path, name: str) -> None:
    code = code_of(tmp_path, HALVES, name)
    assert code != code_of(tmp_path, HALVES.replace("yield", "return; yield"), name)
    assert code == code_of(tmp_path, HALVES.replace("return 2", "return 2  # of them"), name)
    assert (code == code_of(tmp_path, HALVES.replace("return 1", "return 3"), name)) is (name == "Halves")


def test_a_class_whose_text_python_does_not_find_is_known_by_its_methods(tmp_path: Path) -> None:
    file = tmp_path / "cell.py"

    def typed(text: str) -> Any:
        # So it is in a notebook: the class is in `__main__`, which has no file; the cell of each method has a text.
        linecache.cache[str(file)] = (len(text), None, text.splitlines(keepends=True), str(file))
        space: dict[str, Any] = {"__name__": "nowhere"}
        exec(compile(text, str(file), "exec"), space)  # noqa: S102 - the text is this file's own
        return from_splitter(space["Halves"](), kind="random").identity()["code"]

    constant = HALVES.replace("class Halves:\n", "class Halves:\n    parts = 2\n\n")
    codes = [typed(text) for text in (HALVES, HALVES.replace("return 2", "return 3"), constant)]
    assert len(set(codes)) == 3
    assert typed(constant.replace("parts = 2", "parts = 3")) not in codes
    assert typed(HALVES.replace("return 2", "return  2")) == codes[0]


def test_a_splitter_without_any_text_is_refused() -> None:
    space: dict[str, Any] = {"__name__": "nowhere"}
    exec(HALVES, space)  # noqa: S102 - the text is this file's own
    split = from_splitter(space["Halves"](), kind="random")
    with pytest.raises(DefinitionError, match=r"`Halves` has none that can be read\. Define it in a file"):
        split.identity()
    assert split.with_code("abc").identity()["code"] == "abc"


def test_splitters_of_scikit_learn_are_known_by_their_names() -> None:
    assert "code" not in from_splitter(KFold(4)).identity()
    assert from_splitter(KFold(4)).with_code("abc").identity() == from_splitter(KFold(4)).identity()


def test_another_digest_of_the_code_takes_the_place_of_its_own() -> None:
    split = from_splitter(Halves(), kind="random")
    known = split.with_code("abc")
    assert known.identity() == {**split.identity(), "code": "abc"}
    assert (known.kind, known.repeats) == (split.kind, split.repeats)


def test_a_splitter_of_the_users_own_may_give_masks() -> None:
    first, second = from_splitter(Halves(), kind="random").folds(rows_of(grouped=False), 0)
    assert first.train.tolist() == second.test.tolist() == list(range(12))


def test_a_subclass_of_a_known_splitter_has_its_kind() -> None:
    class Blocks(TimeSeriesSplit):  # type: ignore[misc] # scikit-learn has no types
        """A subclass of a user's own."""

    assert from_splitter(Blocks(3)).kind == "time"


def test_a_later_change_of_the_splitter_changes_nothing() -> None:
    splitter = KFold(4)
    split = from_splitter(splitter)
    splitter.n_splits = 3
    assert split.identity()["parameters"]["n_splits"] == 4


def test_nothing_is_sealed_and_no_column_is_read() -> None:
    split = from_splitter(KFold(4))
    assert not split.sealed(rows_of(grouped=False)).any()
    assert split.columns == ()


@pytest.mark.parametrize(
    "splitter",
    [
        KFold(4, shuffle=True),
        RepeatedKFold(n_splits=4),
        ShuffleSplit(3),
        KFold(3, shuffle=True, random_state=np.random.RandomState(0)),
    ],
)
def test_a_draw_that_cannot_be_repeated_is_refused(splitter: Any) -> None:
    with pytest.raises(
        DefinitionError, match=r"the same way each time\. .*Give it a whole number, as in `random_state=0`"
    ):
        from_splitter(splitter)


def test_what_is_no_splitter_or_says_too_little_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"must be an object with `split` and `get_n_splits`.*Pass an instance"):
        from_splitter(KFold)
    with pytest.raises(
        DefinitionError, match=r"`PredefinedSplit` counts rows by position\. .*`Predefined\(column, kind="
    ):
        from_splitter(PredefinedSplit([0, 1]))
    with pytest.raises(
        DefinitionError, match=r"It is not known for `Halves`\. Say `from_splitter\(splitter, kind='random'\)`"
    ):
        from_splitter(Halves())
    with pytest.raises(DefinitionError, match=r"It is 'sites'\. Did you mean `site`\?"):
        from_splitter(Halves(), kind="sites")
    with pytest.raises(DefinitionError, match=r"`size` of `Halves` is \[1\]"):
        from_splitter(Halves([1]), kind="site").identity()  # type: ignore[arg-type] # what the test is about


def test_folds_that_break_a_law_are_refused() -> None:
    with pytest.raises(
        DataError, match=r"tested at most once\. The split gives \d+ folds, and a row is tested 23 times"
    ):
        from_splitter(LeavePOut(2)).folds(rows_of(grouped=False), 0)
    with pytest.raises(
        DataError, match=r"Rows of one group must never stand on both sides of a fold\. In fold 0 1 groups"
    ):
        from_splitter(KFold(5)).folds(rows_of(grouped=True), 0)
    with pytest.raises(DataError, match=r"Fold 0 has 24 rows to train on and 0 to test on"):
        from_splitter(Halves(N_ROWS), kind="random").folds(rows_of(grouped=False), 0)
    with pytest.raises(DataError, match=r"`GroupKFold` said: .*`groups=` of the problem"):
        from_splitter(GroupKFold(3)).folds(rows_of(grouped=False), 0)
    with pytest.raises(DataError, match=r"`KFold` said: Cannot have number of splits"):
        from_splitter(KFold(30)).folds(rows_of(grouped=False), 0)


def test_splits_that_leak_or_miscount_are_refused() -> None:
    class Leaky(Halves):
        """It tests what it trained on."""

        def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[Any, Any]]:
            yield [0, 1, 2], [2, 3]
            yield [2, 3], [0, 1]

    class Uneven(Halves):
        """It has three folds in two repeats."""

        n_repeats = 2

        def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
            return 3

    with pytest.raises(DataError, match=r"parts of a fold must not share rows\. In fold 0 a row is both"):
        from_splitter(Leaky(), kind="random").folds(rows_of(grouped=False), 0)
    with pytest.raises(DataError, match=r"`Uneven` has 3 folds in 2 repeats"):
        from_splitter(Uneven(), kind="random").folds(rows_of(grouped=False), 0)
    with pytest.raises(DefinitionError, match=r"It is 2\. It has 2, counted from 0"):
        from_splitter(Uneven(), kind="random").folds(rows_of(grouped=False), 2)
