"""What is kept of a run costs: runs by the engine, and the bare loop of the same fits. Usage: evidence_loop.py COUNT.

Prints seconds a run as JSON. The workers are started, and the environment is captured, by a run that goes before.
"""

import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bancada.cli._main import bound_threads

bound_threads(os.environ)

import numpy as np  # noqa: E402 - the libraries read their bounds when they are imported
from one_fold import load_breast_cancer  # noqa: E402 - as above
from sklearn.naive_bayes import GaussianNB  # noqa: E402 - as above

from bancada.definitions import find_project, load  # noqa: E402 - as above
from bancada.engine import Request, Workbench, bind  # noqa: E402 - as above
from bancada.engine._binding import Binding  # noqa: E402 - as above
from bancada.store import Store  # noqa: E402 - as above

COUNT = int(sys.argv[1])
fresh = (1e-9 * (1 + number) for number in itertools.count())


def bare(folds: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """Return the seconds of fitting and predicting these folds, with nothing around it."""
    started = time.perf_counter()
    for train, test in folds:
        model = GaussianNB(var_smoothing=next(fresh)).fit(X.iloc[train], y.iloc[train])
        model.predict_proba(X.iloc[test])
    return time.perf_counter() - started


def runs(bench: Workbench, binding: Binding, count: int) -> float:
    """Return the seconds of planning, running and recording this many new claims."""
    candidate = definitions.candidate("bayes")
    requests = [Request("bayes", candidate, candidate.resolve({"smoothing": next(fresh)})) for _ in range(count)]
    started = time.perf_counter()
    outcome = bench.run(bench.plan(requests, binding))
    taken = time.perf_counter() - started
    if outcome.failed or len(outcome.answers) != count:
        raise RuntimeError(outcome)
    return taken


project = find_project(Path.cwd(), os.environ, home=Path.home())
store = Store.open(project.store, create=True)
definitions = load(project)
X, y = load_breast_cancer(return_X_y=True, as_frame=True)
found = {}
for name in ("one-fold", "five-folds"):
    with Workbench(project, store, workers=1, modules=project.modules) as bench:
        binding = bind(definitions.problem(name), project, store)
        folds = [(part.train, part.test) for part in binding.repeats[0].parts]
        runs(bench, binding, 2)
        bare(folds)
        alone, sweep, plain = [], [], []
        for _ in range(5):
            plain += [bare(folds) for _ in range(COUNT)]
            alone += [runs(bench, binding, 1) for _ in range(COUNT // 2)]
            sweep.append(runs(bench, binding, COUNT) / COUNT)
        found[name] = {
            label: statistics.median(values) for label, values in (("bare", plain), ("alone", alone), ("sweep", sweep))
        }
print(json.dumps(found))
