"""What was imported must be what the file says, or nothing is stored under the file's identity."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

from bancada.engine import Request, Workbench, bind
from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Folder

EDITS: dict[str, tuple[str, str]] = {
    "the candidate": ("LogisticRegression(C=C)", "LogisticRegression(C=C, tol=0.5)"),
    "a default": ("C: float = 1.0", "C: float = 2.0"),
    "a method": ("return 'before'", "return 'after'"),
    "a helper": ("return 1 + 1", "return 1 + 2"),
    "a constant": ("STRENGTH = 1", "STRENGTH = 2"),
}
CANDIDATES = """
STRENGTH = 1

def helper():
    return 1 + 1

class Own(LogisticRegression):
    def told(self):
        return 'before'

@bc.candidate
def logistic(C: float = 1.0):
    Own().told()
    helper()
    STRENGTH
    return LogisticRegression(C=C)
"""


def planned(folder: Folder, edit: Callable[[], None]) -> None:
    folder.write(candidates=CANDIDATES)
    definitions = folder.definitions()
    project, store = definitions.project, folder.store
    edit()
    with Workbench(project, store, workers=1, in_process=True) as bench:
        candidate = definitions.candidate("logistic")
        request = Request("logistic", candidate, candidate.resolve({}))
        bench.plan([request], bind(definitions.problem(), project, store))


@pytest.mark.parametrize(("old", "new"), EDITS.values(), ids=EDITS)
def test_an_edit_after_the_import_is_refused(folder: Folder, old: str, new: str) -> None:
    def edit() -> None:
        folder.write(candidates=CANDIDATES.replace(old, new))

    with pytest.raises(UsageError, match=r"was edited after `experiment_\d+` was imported: `\w+"):
        planned(folder, edit)


def test_a_comment_is_no_edit(folder: Folder) -> None:
    planned(folder, lambda: folder.write(candidates=f"# said later\n\n{CANDIDATES}"))


def test_after_a_reload_all_is_well(folder: Folder) -> None:
    def edit() -> None:
        folder.write(candidates=CANDIDATES.replace("return 1 + 1", "return 1 + 2"))
        importlib.reload(sys.modules[folder.module])

    planned(folder, edit)
