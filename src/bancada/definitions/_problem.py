"""Problems: what is solved, and how it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bancada.contracts import Dataset, Split, Task
from bancada.definitions._evaluation import Evaluation
from bancada.definitions._names import check_column, check_name
from bancada.exceptions import DefinitionError
from bancada.splits import KFold, as_split

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Problem"]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A dataset, the roles of its columns, a task, a split and an evaluation.

    Args:
        name: Label of the problem.
        dataset: The examples.
        target: Column to predict, several of them, or None.
        task: Kind of prediction; inferred from the target without one.
        split: A split, a scikit-learn splitter or a count of folds; 5 folds, 3 times, without one, stratified where the
            task has classes.
        evaluation: How it is judged; by the task's default metrics without one.
        features: Columns of X: their names, or a selector that gets an empty pandas frame with the dtypes, such as
            scikit-learn's `make_column_selector`. Without it every column that has no other role.
        exclude: Columns that never enter X.
        groups: Column whose equal values stay on one side of a fold.
        time: Column with the time of a row; it stays in X.
        weight: Column with the weights of the rows, for metrics.
        fit_weight: True gives the weights to `fit(sample_weight=...)` too.
        champion: Candidate or run (`r-…`) that the others must beat, such as the model in service. Named before they
            are scored, it is compared at alpha/(K − 1) instead of alpha over all pairs. It is in no identity.

    Raises:
        DefinitionError: Something is not well formed, as far as that can be told without the data.
    """

    name: str
    dataset: Dataset
    target: str | Sequence[str] | None
    task: Task | None = None
    split: Any = None
    evaluation: Evaluation | None = None
    features: Sequence[str] | Callable[[Any], Sequence[str]] | None = None
    exclude: Sequence[str] = ()
    groups: str | None = None
    time: str | None = None
    weight: str | None = None
    fit_weight: bool = False
    champion: str | None = None

    def __post_init__(self) -> None:
        """Refuse what needs no data to be told wrong."""
        check_name("problem", self.name)
        self._check_type("dataset", self.dataset, Dataset, "Build it with `bc.Dataset.from_file(...)` or its siblings.")
        if self.task is not None:
            self._check_type("task", self.task, Task, "Use one of `bc.tasks`, such as `bc.tasks.Binary()`.")
        if self.evaluation is not None:
            self._check_type("evaluation", self.evaluation, Evaluation, "Write `bc.Evaluation(primary=...)`.")
        if self.split is not None:
            as_split(self.split)
        self._check_columns()
        self._check_champion(self.champion)
        if self.fit_weight and self.weight is None:
            rule = f"`fit_weight=True` of problem `{self.name}` needs a column of weights."
            raise DefinitionError(rule, "Found no `weight`.", "Name the column with `weight=`.")

    def _check_champion(self, champion: object) -> None:
        if champion is not None and not (isinstance(champion, str) and champion.strip()):
            rule = f"The champion of problem `{self.name}` is the name of a candidate, or a run (`r-…`)."
            raise DefinitionError(rule, f"Found {champion!r}.", 'Write `champion="name"`, or leave it out.')

    def _check_type(self, role: str, value: object, wanted: type, remedy: str) -> None:
        if isinstance(value, type) or not isinstance(value, wanted):
            rule = f"`{role}` of problem `{self.name}` is of the type `{wanted.__name__}`."
            raise DefinitionError(rule, f"Found {value!r}.", remedy)

    def _check_columns(self) -> None:
        owner = f"problem `{self.name}`"
        for role in ("target", "groups", "time", "weight"):
            column = getattr(self, role)
            if role == "target" and column is not None and not isinstance(column, str):
                _check_list(owner, role, column)
            elif column is not None:
                check_column(owner, role, column)
        _check_list(owner, "exclude", self.exclude, least=0)
        if self.features is None or callable(self.features):
            return
        _check_list(owner, "features", self.features)
        both = sorted(set(self.exclude).intersection(self.features))
        if both:
            rule = f"A column of {owner} is in `features` or in `exclude`, not in both."
            raise DefinitionError(rule, f"Found `{both[0]}` in both.", "Take it out of one of them.")

    @property
    def targets(self) -> tuple[str, ...]:
        """Target columns, in the order given; none where the task has no truth in the data."""
        if self.target is None:
            return ()
        return (self.target,) if isinstance(self.target, str) else tuple(self.target)

    @property
    def design(self) -> Split:
        """The split, with the default filled in: 5 folds, 3 times."""
        return KFold(5, repeats=3) if self.split is None else as_split(self.split)

    @property
    def judged(self) -> Evaluation:
        """The evaluation, with the default filled in."""
        return Evaluation() if self.evaluation is None else self.evaluation


def _check_list(owner: str, role: str, names: object, least: int = 1) -> None:
    if not isinstance(names, list | tuple):
        rule = f"`{role}` of {owner} is a list of columns."
        raise DefinitionError(rule, f"Found {names!r}.", "Put the columns in a list.")
    for column in names:
        check_column(owner, role, column)
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice or len(names) < least:
        rule = f"`{role}` of {owner} names at least one column, each once."
        found = f"Found `{twice[0]}` twice." if twice else "Found an empty list."
        raise DefinitionError(rule, found, f"Correct the list, or leave `{role}` out.")
