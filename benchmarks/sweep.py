"""Many small fits: a grid of 50 values, 5 folds each, against `GridSearchCV`; then the same from the store."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from benchmarks.harness import SCRIPTS, Report, Row, alternate, difference, duration, median, ratio
from benchmarks.profiling import profiled

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness import Ground

WHOLE = 1.0
WITHOUT_IMPORTS = 0.75
CACHED_S = 0.5
SAME = 1e-9
MODULE_AND_DATA = "import small_grid as project; project.load_breast_cancer(as_frame=True)"


def measure(ground: Ground) -> Report:
    """Compare whole processes, then whole processes less their imports, then time the second run of the same sweep."""
    count = ground.times(50, 5)
    project = ground.project("small_grid")
    grid = ("-m", "bancada", "run", "logistic", f"C=0.001..100 log {count}")
    peers = {f"n_jobs={jobs}": (SCRIPTS / "grid_search.py", str(jobs), str(count)) for jobs in (1, 2)}
    one_thread = partial(ground.seconds, *peers["n_jobs=1"], cwd=project, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    _same_scores(ground, project, grid, peers["n_jobs=1"])
    noted = {"bancada": project / "imports.json", "peer": project / "peer.json"}
    imported = SCRIPTS / "imported.py"
    ground.output(imported, "--note", noted["bancada"], *grid, "--store", ground.folder("store"), cwd=project)
    ground.output(imported, "--note", noted["peer"], *peers["n_jobs=1"], cwd=project)

    full = ground.folder("store")
    ground.output(*grid, "--store", full, cwd=project)
    taken = alternate(
        {
            "bancada": lambda: ground.seconds(*grid, "--store", ground.folder("store"), cwd=project),
            **{name: partial(ground.seconds, *command, cwd=project) for name, command in peers.items()},
            "one thread": one_thread,
            "imports": partial(ground.seconds, imported, "--load", noted["bancada"], cwd=project),
            "peer imports": partial(ground.seconds, imported, "--load", noted["peer"], cwd=project),
            "cached": partial(ground.seconds, *grid, "--store", full, cwd=project),
            "module and data": partial(ground.seconds, "-c", MODULE_AND_DATA, cwd=project),
        },
        ground.times(5),
        warm=False,
    )
    best = min(peers, key=lambda name: median(taken[name]))
    whole = ratio(taken["bancada"], taken[best])
    work = [total - imports for total, imports in zip(taken["bancada"], taken["imports"], strict=True)]
    peer_work = [total - imports for total, imports in zip(taken[best], taken["peer imports"], strict=True)]
    without = median(work) / median(peer_work)
    again = difference(taken["cached"], taken["module and data"])
    told = ", ".join(f"`{name}` {duration(median(taken[name]))}" for name in peers)
    what = f"{count} × 5 small fits against `GridSearchCV`"
    rows = (
        Row(
            f"{what}, whole processes",
            f"≤ {WHOLE:.2f}",
            f"{whole:.2f} ({duration(median(taken['bancada']))})",
            told,
            whole <= WHOLE,
        ),
        Row(
            f"{what}, imports taken off both",
            f"≤ {WITHOUT_IMPORTS:.2f}",
            f"{without:.2f} ({duration(median(work))})",
            f"`{best}` {duration(median(peer_work))}",
            without <= WITHOUT_IMPORTS,
        ),
        Row(
            f"{what} with `n_jobs=1` and BLAS bound to one thread, whole processes",
            "",
            f"{ratio(taken['bancada'], taken['one thread']):.2f}",
            duration(median(taken["one thread"])),
        ),
        Row(
            "the same sweep from the store, beyond importing the module and loading its data",
            "≤ 0.5 s",
            f"{duration(again)} ({duration(median(taken['cached']))} whole)",
            f"module and data {duration(median(taken['module and data']))}",
            again <= CACHED_S,
        ),
    )
    notes = (
        (
            f"Imports taken off: bancada {duration(median(taken['imports']))}, the peer"
            f" {duration(median(taken['peer imports']))}: a process that imports what the other had imported at its"
            " end, bancada's own modules included, and does nothing else."
        ),
        (
            "`GridSearchCV` neither refits nor scores its training rows; bancada keeps predictions, records and"
            " training scores, and runs the baseline besides."
        ),
    )
    report = Report(rows, notes=notes)
    if not report.missed:
        return report
    parts = (
        ("The sweep in one process (`--in-process`)", (*grid, "--in-process", "--store", ground.folder("store"))),
        ("The driver of the sweep", (*grid, "--store", ground.folder("store"))),
        ("From the store", (*grid, "--store", full)),
    )
    profile = "\n\n".join(f"#### {title}\n\n{profiled(ground, *part, cwd=project)}" for title, part in parts)
    return Report(rows, profile, notes)


def _same_scores(ground: Ground, project: Path, grid: tuple[str, ...], peer: tuple[str | Path, ...]) -> None:
    """Hold both to one answer: a comparison of unequal work would say nothing."""
    document = ground.document(*grid, "--json", "--store", ground.folder("store"), cwd=project)
    ours = max(run["scores"]["roc_auc"]["value"] for run in document["runs"])
    theirs = float(ground.output(*peer, cwd=project))
    if abs(ours - theirs) > SAME:
        message = f"bancada's best score is {ours}, the peer's {theirs}"
        raise RuntimeError(message)
