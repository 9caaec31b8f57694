"""Fold keys: what decides the predictions changes them, and nothing else does."""

from __future__ import annotations

import hashlib
import sys
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

import pytest
from tests.engine.conftest import HEAD

from bancada.identity import digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Folder


def keys(folder: Folder, *words: str) -> list[str]:
    plan = folder.plan(*(words or ("logistic",)))
    return [fold.key for fold in plan.claims[0].folds]


def rewrite(part: str, old: str, new: str) -> Callable[[Folder], None]:
    def apply(folder: Folder) -> None:
        assert old in folder.parts[part]
        folder.write(**{part: folder.parts[part].replace(old, new)})

    return apply


CHANGES_NOTHING = {
    "a comment": rewrite("candidates", "return LogisticRegression(C=C)", "return LogisticRegression(C=C)  # why"),
    "a docstring": rewrite(
        "candidates", "def logistic(C: float = 1.0):", 'def logistic(C: float = 1.0):\n    """Doc."""'
    ),
    "layout": rewrite("candidates", "LogisticRegression(C=C)", "LogisticRegression(\n        C=C,\n    )"),
    "another candidate": rewrite(
        "candidates", "def bayes():", "def other():\n    return GaussianNB()\n\n@bc.candidate\ndef bayes():"
    ),
    "another candidate's body": rewrite("candidates", "return GaussianNB()", "return GaussianNB(var_smoothing=1e-3)"),
    "a new metric": rewrite("problem", '"log_loss"]', '"log_loss", "brier"]'),
    "a margin": rewrite("problem", 'primary="roc_auc"', 'primary="roc_auc", margin=0.1'),
    "slices": rewrite("problem", 'primary="roc_auc"', 'primary="roc_auc", slices=["region"]'),
    "the problem's name": rewrite("problem", 'name="noisy",\n    dataset', 'name="other",\n    dataset'),
    "the version's name": rewrite("problem", 'version="1"', 'version="2"'),
    "the count of repeats": rewrite("problem", "repeats=2", "repeats=1"),
}
CHANGES_KEYS = {
    "the candidate's body": rewrite("candidates", "LogisticRegression(C=C)", "LogisticRegression(C=C, tol=1e-3)"),
    "its default": rewrite("candidates", "C: float = 1.0", "C: float = 2.0"),
    "another target": rewrite("problem", 'target="noisy"', 'target="loud"'),
    "the data": rewrite("head", "default_rng(3)", "default_rng(4)"),
    "the features": rewrite("problem", '["a", "b", "c"]', '["a", "b"]'),
    "the split's seed": rewrite("problem", "seed=1", "seed=2"),
    "the count of folds": rewrite("problem", "KFold(4", "KFold(5"),
    "a holdout": rewrite("problem", "seed=1)", "seed=1, holdout=0.2)"),
    "a weight": rewrite("problem", 'features=["a"', 'weight="weight", fit_weight=True, features=["a"'),
    "the frame": rewrite("candidates", "@bc.candidate\ndef logistic", '@bc.candidate(frame="numpy")\ndef logistic'),
}


@pytest.mark.parametrize("change", CHANGES_NOTHING.values(), ids=CHANGES_NOTHING)
def test_what_decides_nothing_keeps_the_keys(folder: Folder, change: Callable[[Folder], None]) -> None:
    before = keys(folder)
    change(folder)
    after = keys(folder)
    assert set(after) <= set(before)


@pytest.mark.parametrize("change", CHANGES_KEYS.values(), ids=CHANGES_KEYS)
def test_what_decides_the_predictions_changes_every_key(folder: Folder, change: Callable[[Folder], None]) -> None:
    folder.write(head=folder.parts["head"].replace('"noisy": noisy', '"noisy": noisy, "loud": x[:, 1] > 0'))
    before = keys(folder)
    change(folder)
    assert not set(keys(folder)) & set(before)


def test_a_helper_in_another_file_counts_without_git(folder: Folder) -> None:
    (folder.root / f"{folder.module}_help.py").write_text("STRENGTH = 1.0\nUNUSED = 1\n")
    folder.write(
        candidates=f"""
        from {folder.module}_help import STRENGTH

        @bc.candidate
        def logistic():
            return LogisticRegression(C=STRENGTH)
        """
    )
    before = keys(folder)
    (folder.root / f"{folder.module}_help.py").write_text("STRENGTH = 1.0\nUNUSED = 2\n")
    assert keys(folder) == before
    (folder.root / f"{folder.module}_help.py").write_text("STRENGTH = 2.0\nUNUSED = 2\n")
    assert not set(keys(folder)) & set(before)


def test_parameters_and_seeds_change_every_key(folder: Folder) -> None:
    one = keys(folder, "logistic", "C=1")
    assert keys(folder) == one
    assert not set(keys(folder, "logistic", "C=2")) & set(one)
    assert not {fold.key for fold in folder.plan("logistic", seeds=[1]).claims[0].folds} & set(one)


def test_every_fold_has_a_key_of_its_own(folder: Folder) -> None:
    assert len(set(keys(folder))) == 8


def test_a_file_that_the_model_reads_is_observed(folder: Folder) -> None:
    (folder.root / "strength.txt").write_text("1.0")
    folder.write(
        candidates="""
        from pathlib import Path

        @bc.candidate
        def logistic():
            return LogisticRegression(C=float((Path(__file__).parent / "strength.txt").read_text()))
        """
    )
    folder.run("logistic", in_process=False)
    assert folder.plan("logistic").claims[0].known is not None
    (folder.root / "strength.txt").write_text("2.0")
    plan = folder.plan("logistic")
    assert plan.claims[0].known is None
    assert plan.n_known == 0
    (folder.root / "strength.txt").write_text("1.0")
    assert folder.plan("logistic").claims[0].known is not None


def test_a_declared_file_counts(folder: Folder) -> None:
    (folder.root / "lookup.csv").write_text("1")
    folder.write(
        candidates=folder.parts["candidates"].replace(
            "@bc.candidate\ndef log", '@bc.candidate(reads=["lookup.csv"])\ndef log'
        )
    )
    before = keys(folder)
    (folder.root / "lookup.csv").write_text("2")
    assert not set(keys(folder)) & set(before)


def test_the_code_of_a_task_of_ones_own_counts(folder: Folder) -> None:
    head = (
        folder.parts["head"]
        + """
class Halved(type(bc.tasks.Binary())):
    def read(self, model, X, n_rows, columns=None):
        return super().read(model, X, n_rows, columns)
"""
    )
    folder.write(head=head, problem=folder.parts["problem"].replace("bc.tasks.Binary()", "Halved()"))
    before = keys(folder)
    folder.write(head=head.replace("return super()", "X = X * 0.5\n        return super()"))
    assert not set(keys(folder)) & set(before)


def test_a_key_is_the_digest_of_the_ingredients_that_a_fold_lists(folder: Folder) -> None:
    plan = folder.plan("logistic", "C=0.1")
    planned = plan.claims[0]
    assert planned.claim.claim_id == digest(planned.claim.ingredients)
    for fold in planned.folds:
        assert fold.key == digest(planned.claim.fold_ingredients(fold.repeat, fold.fold))


def test_a_package_that_was_edited_by_hand_is_another_one(
    folder: Folder, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path_factory.mktemp("site")
    module, metadata = site / "hand_edited.py", site / "hand_edited-1.0.dist-info"
    metadata.mkdir(parents=True)
    module.write_text("C = 1.0\n")
    digest = urlsafe_b64encode(hashlib.sha256(module.read_bytes()).digest()).rstrip(b"=").decode()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: hand-edited\nVersion: 1.0\n")
    (metadata / "RECORD").write_text(
        f"hand_edited.py,sha256={digest},8\nhand_edited-1.0.dist-info/METADATA,,\nhand_edited-1.0.dist-info/RECORD,,\n"
    )
    monkeypatch.syspath_prepend(str(site))
    folder.write(head=HEAD + "\nimport hand_edited\n", candidates="""
        @bc.candidate
        def logistic():
            return LogisticRegression(C=hand_edited.C)
    """)  # fmt: skip

    def answered() -> tuple[str, list[str]]:
        sys.modules.pop("hand_edited", None)
        answer = folder.run("logistic")[0]
        return answer.status, answer.record.claim["distributions"]["hand-edited"]

    status, installed = answered()
    assert (status, len(installed)) == ("done", 2)
    module.write_text("C = 0.001\n")
    status, edited = answered()
    assert (status, edited[:2], len(edited)) == ("done", installed, 3)
    assert answered() == ("known", edited)
    module.write_text("C = 1.0\n")
    assert answered() == ("known", installed)
