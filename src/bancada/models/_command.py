"""A model that is a program in any language: it reads files and writes predictions."""

from __future__ import annotations

import contextlib
import copy
import difflib
import inspect
import json
import re
import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from bancada.exceptions import DefinitionError, PredictionError, UsageError, nearest
from bancada.models._exchange import FORMATS, Answer, as_table, beside, read_answer, write_table
from bancada.models._program import run_program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bancada.contracts import Model
    from bancada.samples import FitFacts

__all__ = ["Command"]

SCHEMA = "job/1"
PLACES = ("data", "folder", "job", "model", "predictions", "step", "target", "test", "train")
WEIGHT, GROUP = "sample_weight", "group"
_PLACE = re.compile(r"\{([A-Za-z_]+)\}")
_NEAR = 0.75


class Command:
    """A program that reads files and writes predictions: R, Julia, C, a script of the shell.

    It is run with `{step}` `fit` on the training rows, and keeps what it has learnt in the folder `{model}`; then with
    `{step}` `predict` on other rows, and writes the file `{predictions}`: a line for each row, in order, in the columns
    of the task (`value` for a regression; `probability`, `score` or `label` for two classes; `probability_<class>` or
    `label` for several). A column `row`, counted from 1, may say which row a line is about. The working folder is the
    project's root; input is closed; exit code 0 means success.

    In arguments these names in braces become paths or words:

    | name | in `fit` | in `predict` |
    |---|---|---|
    | `{step}` | `fit` | `predict` |
    | `{data}` | training rows, target included | rows to predict |
    | `{model}` | folder for what was learnt | the same, with all that was written there |
    | `{predictions}` | | the file to write |
    | `{target}` | name of the target column | the same |
    | `{job}` | a JSON file (`job/1`) with all of this, types, parameters, seed and task | the same |
    | `{folder}` | a fresh folder that vanishes when the program ends | the same |

    With `at_once=True` the program is run once for each table to predict, with `{step}` `fit_predict`, the training
    rows in `{train}` and those to predict in `{test}`; the scores on training rows take another such run.

    Args:
        argv: The program and its arguments, a list; no shell sees them.
        format: `csv`, `parquet` or `arrow`: of the data and of the predictions.
        at_once: True for a program that trains and predicts in one go.
        params: What `{job}` says of parameters; None says those of the candidate.

    Raises:
        DefinitionError: The command is no list of texts, or an option is wrong.

    Examples:
        >>> Command(["Rscript", "model.R", "{step}", "{data}", "{model}", "{predictions}"]).format
        'csv'
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        format: str = "csv",  # noqa: A002 - the word of the domain
        at_once: bool = False,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        _check(argv, format, at_once=at_once)
        self.argv = argv
        self.format = format
        self.at_once = at_once
        self.params = params
        self.facts_: FitFacts | None = None
        self.learnt_: dict[str, bytes] | None = None
        self.training_: Any = None

    def __repr__(self) -> str:
        """Return the command as one would type it."""
        return f"Command({shlex.join(self.argv)!r})"

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002, ARG002 - scikit-learn's signature
        """Return the arguments of the constructor."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def set_params(self, **params: Any) -> Command:
        """Change arguments of the constructor.

        Raises:
            DefinitionError: There is no such argument, or it cannot have this value.
        """
        known = self.get_params()
        for name, value in params.items():
            if name not in known:
                raise DefinitionError(
                    "Parameters of a command are the arguments of its constructor.",
                    f"There is no `{name}`.",
                    nearest(name, known),
                )
            setattr(self, name, value)
        _check(self.argv, self.format, at_once=self.at_once)
        return self

    def told(self, facts: FitFacts) -> Command:
        """Return this command with what the program is told of the fold beside the data."""
        command = copy.copy(self)
        command.facts_ = facts
        return command

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> Command:
        """Run the program on the training rows and keep what it leaves in its model folder.

        Args:
            X: Training rows, (n_train, n_features).
            y: Training target, (n_train,) or (n_train, n_targets).
            sample_weight: Weights, (n_train,), which become the column `sample_weight`.
            groups: Number of the query or the like of each row, which becomes the column `group`.

        Raises:
            ConfigurationError: The program may not be run.
            DataError: A column has a name twice, or values that the format cannot hold.
            NotFoundError: There is no such program.
            PredictionError: The program failed.
        """
        facts = self.facts_
        table = as_table(X, () if facts is None else facts.features, "x")
        target = as_table(y, () if facts is None else facts.target, "target")
        table = beside(table, target)
        for name, values in ((WEIGHT, sample_weight), (GROUP, groups)):
            if values is not None:
                table = beside(table, as_table(values, (name,), name))
        self.target_ = tuple(target.column_names)
        if self.at_once:
            self.training_, self.learnt_ = table, {}
            return self
        with self._folder() as place:
            run = _Run(self, Path(place), "fit")
            run.write("data", table)
            run.start()
            self.learnt_ = {
                item.relative_to(run.model).as_posix(): item.read_bytes()
                for item in sorted(run.model.rglob("*"))
                if item.is_file()
            }
        return self

    def answer(self, X: Any) -> Answer:
        """Run the program on rows and return the columns that it has written.

        Raises:
            PredictionError: The program failed, or did not answer row for row.
            UsageError: The command was not fitted.
        """
        if self.learnt_ is None:
            raise UsageError("A command is fitted before it predicts.", "This one is not.", "Call `fit(X, y)` first.")
        facts = self.facts_
        table = as_table(X, () if facts is None else facts.features, "x")
        with self._folder() as place:
            run = _Run(self, Path(place), "fit_predict" if self.at_once else "predict")
            if self.at_once:
                run.write("train", self.training_)
                run.write("test", table)
            else:
                run.restore(self.learnt_)
                run.write("data", table)
            run.start()
            return read_answer(run.predictions, self.format, table.num_rows, run.wanted)

    def predict(self, X: Any) -> Any:
        """Return the program's `label`, `value` or `text`, or all its columns where it has none of these.

        Returns:
            A NumPy array, (n_rows,) or (n_rows, n_columns).

        Raises:
            PredictionError: The program failed, or did not answer row for row.
        """
        table = _typed(self.answer(X))
        for name in ("label", "value", "text"):
            if name in table.column_names:
                return table.column(name).to_numpy()
        values = table.to_pandas().to_numpy()
        return values[:, 0] if values.shape[1] == 1 else values

    def predict_proba(self, X: Any) -> Any:
        """Return the program's `probability`, (n_rows,), or its `probability_<class>`, (n_rows, n_classes).

        Raises:
            PredictionError: The program failed, or wrote no probabilities.
        """
        table = _typed(self.answer(X))
        names = [name for name in table.column_names if name.startswith("probability")]
        if not names:
            found = ", ".join(f"`{name}`" for name in table.column_names)
            raise PredictionError(
                "A program that predicts probabilities writes `probability`, or `probability_<class>` for each class.",
                f"It wrote {found}.",
                "Call `predict`, or let it write them.",
            )
        values = table.select(names).to_pandas().to_numpy()
        return values[:, 0] if len(names) == 1 else values

    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        """Return a fresh folder; that of a fold lies where leftovers of killed folds are cleared away."""
        scratch = None if self.facts_ is None else self.facts_.scratch
        if scratch is not None:
            scratch.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(prefix="command-", dir=scratch)


class _Run:
    """One run of the program, in a folder of its own."""

    def __init__(self, command: Command, folder: Path, step: str) -> None:
        self.command = command
        self.step = step
        self.folder = folder.absolute()
        self.model = self.folder / "model"
        self.model.mkdir()
        self.predictions = self.folder / f"predictions.{command.format}"
        self.data: dict[str, Path] = {}
        self.types: dict[str, str] = {}
        facts = command.facts_
        self.root = Path.cwd() if facts is None else facts.root
        self.wanted = () if facts is None else facts.predictions

    def write(self, what: str, table: Any) -> None:
        """Write rows for the program to read."""
        self.data[what] = self.folder / f"{what}.{self.command.format}"
        self.types |= {field.name: str(field.type) for field in table.schema}
        write_table(table, self.data[what], self.command.format)

    def restore(self, learnt: Mapping[str, bytes]) -> None:
        """Write what an earlier run has left in its model folder."""
        for name, content in learnt.items():
            (self.model / name).parent.mkdir(parents=True, exist_ok=True)
            (self.model / name).write_bytes(content)

    def start(self) -> None:
        """Write `job.json` and run the program to its end."""
        job = self.folder / "job.json"
        job.write_text(json.dumps(self._job(), indent=2, default=str) + "\n", encoding="utf-8")
        values = {
            "folder": self.folder,
            "job": job,
            "model": self.model,
            "predictions": self.predictions,
            "step": self.step,
            "target": ",".join(self.command.target_),
            **self.data,
        }
        argv = [
            _PLACE.sub(lambda match: str(values.get(match[1], match[0])), argument) for argument in self.command.argv
        ]
        for argument in self.command.argv:
            # Opened, so that whoever watches this process learns that the predictions depend on it. An argument may be
            # no path at all.
            with contextlib.suppress(OSError, ValueError):
                (self.root / argument).open("rb").close()
        run_program(argv, self.root)

    def _job(self) -> dict[str, Any]:
        facts, command = self.command.facts_, self.command
        params = command.params if command.params is not None else {} if facts is None else facts.params
        target = list(command.target_)
        extra = [name for name in (WEIGHT, GROUP) if name in self.types and name not in target]
        return {
            "schema": SCHEMA,
            "step": self.step,
            "format": command.format,
            "task": None if facts is None else dict(facts.task),
            "features": [name for name in self.types if name not in {*target, *extra}],
            "target": target,
            "types": self.types,
            "params": dict(params),
            "seed": 0 if facts is None else facts.seed,
            "columns": list(self.wanted),
            "paths": {
                **{name: str(path) for name, path in self.data.items()},
                "model": str(self.model),
                "predictions": str(self.predictions),
                "root": str(self.root),
            },
        }


def _check(argv: Any, form: Any, *, at_once: bool) -> None:
    rule = "A command is a list: the program, and each argument as a text of its own."
    if isinstance(argv, str):
        raise DefinitionError(rule, f"Found the text {argv!r}.", f"Write `{shlex.split(argv)!r}`: no shell reads it.")
    wrong = [item for item in argv if not isinstance(item, str)] if isinstance(argv, list | tuple) else [argv]
    if wrong or not argv or not argv[0]:
        raise DefinitionError(
            rule, f"Found {(wrong or [argv])[0]!r}.", 'Write it like `["Rscript", "model.R", "{job}"]`.'
        )
    if form not in FORMATS:
        raise DefinitionError(
            f"`format` of a command is one of {', '.join(f'`{item}`' for item in FORMATS)}.",
            f"Found {form!r}.",
            nearest(str(form), FORMATS),
        )
    absent = ("data",) if at_once else ("test", "train")
    for argument in argv:
        # Programs of awk and the like have braces of their own: only what looks mistyped is refused.
        for name in _PLACE.findall(argument):
            if name in absent:
                raise DefinitionError(
                    "A program that trains and predicts at once reads `{train}` and `{test}`, any other `{data}`.",
                    f"Found `{{{name}}}` and `at_once={at_once}`.",
                    f"Write {'`{train}` and `{test}`' if at_once else '`{data}`'}, or say `at_once={not at_once}`.",
                )
            if name not in PLACES and (close := difflib.get_close_matches(name, PLACES, n=1, cutoff=_NEAR)):
                raise DefinitionError(
                    f"Names in braces are {', '.join('`{' + item + '}`' for item in PLACES)}.",
                    f"Found `{{{name}}}` in {argument!r}.",
                    f"Did you mean `{{{close[0]}}}`?",
                )


def _typed(answer: Answer) -> Any:
    """Return the columns of an answer, those of a CSV file as numbers where all values are."""
    if not answer.is_text:
        return answer.table
    frame = answer.table.to_pandas()
    for name in frame.columns:
        numbers = pd.to_numeric(frame[name], errors="coerce")
        if numbers.notna().all():
            frame[name] = numbers
    return pa.Table.from_pandas(frame, preserve_index=False)


if TYPE_CHECKING:
    _: Model = Command(["true"])
