"""The verbs by name, known without importing any of them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EVERY_DAY", "EXAMPLES", "MORE", "VERBS", "Verb"]

EVERY_DAY = "Every day"
MORE = "More"


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the command line.

    Attributes:
        name: What is typed.
        module: Module that holds the click command as `command`; imported when the verb is used.
        help: One line for the list of verbs.
        group: `EVERY_DAY` or `MORE`.
    """

    name: str
    module: str
    help: str
    group: str = MORE


VERBS = (
    Verb("run", "bancada.cli._run", "Score candidates; what is stored is not computed again.", EVERY_DAY),
    Verb("try", "bancada.cli._try", "Try one candidate against the leader, fold by fold.", EVERY_DAY),
    Verb("leaderboard", "bancada.cli._leaderboard", "Show who leads, and how certain that is.", EVERY_DAY),
    Verb("compare", "bancada.cli._compare", "Tell whether one candidate is really better than another.", EVERY_DAY),
    Verb("reproduce", "bancada.cli._reproduce", "Rebuild a run, compute it again, compare every value.", EVERY_DAY),
    Verb("errors", "bancada.cli._mistakes", "Tell where a run errs: rows, classes, slices, residuals."),
    Verb("across", "bancada.cli._across", "Hold candidates against each other over many problems."),
    Verb("diff", "bancada.cli._diff", "Tell in what two runs differ: code, data, packages, and so on."),
    Verb("kpi", "bancada.cli._kpi", "Tell what errors cost, where to decide, what that rests on."),
    Verb("show", "bancada.cli._show", "Show one run: scores, parameters, code, split."),
    Verb("list", "bancada.cli._list", "List problems, candidates and runs."),
    Verb("submit", "bancada.cli._submit", "Score predictions that were made anywhere."),
    Verb("exec", "bancada.cli._exec", "Run a training script as it is, and record what it does."),
    Verb("rescore", "bancada.cli._rescore", "Judge all runs by the present evaluation; nothing is fitted."),
    Verb("fit", "bancada.cli._fit", "Fit a candidate on all rows that are not sealed and keep the model."),
    Verb("holdout", "bancada.cli._holdout", "Score on the sealed rows, once; each look is counted."),
    Verb("data", "bancada.cli._data", "Lock the data of the project, check them, tell what became of them."),
    Verb("evaluation", "bancada.cli._evaluation", "Show how a problem is judged, and approve it."),
    Verb("journal", "bancada.cli._journal", "Tell who tried what, why, and what came of it."),
    Verb("note", "bancada.cli._note", "Write a note about a run."),
    Verb("sign", "bancada.cli._sign", "Sign runs by your SSH key, for colleagues."),
    Verb("rm", "bancada.cli._rm", "Withdraw runs from the board; nothing is deleted."),
    Verb("gc", "bancada.cli._gc", "Free the space of what no record names."),
    Verb("forget", "bancada.cli._forget", "Cut rows out of all that is stored, by their ids."),
    Verb("demo", "bancada.cli._demo", "Score four models on real data, to see how it works."),
    Verb("store", "bancada.cli._store", "Verify or rebuild the folder of records."),
    Verb("completion", "bancada.cli._completion", "Print the script that completes words in your shell."),
)

EXAMPLES = (
    ("bancada demo", "see it work, without a project"),
    ("bancada run", "score every candidate, and the baseline"),
    ("bancada run boosting max_depth=3,6", "one candidate, two parameter values"),
    ("bancada try boosting --watch", "on every save: better than the leader?"),
    ("bancada leaderboard", "who leads"),
    ("bancada compare boosting logistic", "is the difference real?"),
    ("bancada reproduce best", "does it come out once more, to the bit?"),
)
