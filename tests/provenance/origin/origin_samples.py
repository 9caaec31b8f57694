"""Records, keys and signers with made-up content."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.records import (
    DatasetIdentity,
    EvaluationIdentity,
    Evidence,
    MetricIdentity,
    ProblemIdentity,
    RunRecord,
    Statement,
)

if TYPE_CHECKING:
    from pathlib import Path

RUN_ID = "a" * 26


def run_record(run_id: str = RUN_ID) -> RunRecord:
    """Make a record with text, numbers and nothing in it."""
    metric = MetricIdentity(name="auc", digest="m", ingredients={}, greater_is_better=True)
    return RunRecord(
        run_id=run_id,
        claim_id="c",
        claim={"seed": 0, "code": "d"},
        candidate="boosting",
        params={"rate": 0.1, "depth": None, "names": ["ação", "b"]},
        seed=0,
        status="done",
        problem=ProblemIdentity(
            name="churn",
            digest="p",
            ingredients={},
            dataset=DatasetIdentity(name="churn", version="1", table="t", n_rows=10, columns=()),
        ),
        evaluation=EvaluationIdentity(digest="e", ingredients={}, primary="auc", metrics=(metric,)),
        folds=(),
        scores=(),
        evidence=Evidence(grade="complete"),
        started="2026-01-01T00:00:00+00:00",
        seconds=1e-05,
        provenance={"sources": {"models.py": "0" * 64}},
    )


def statement(kind: str = "fit", **content: object) -> Statement:
    """Make a statement."""
    return Statement(kind=kind, said="2026-01-02T00:00:00+00:00", content=dict(content), author="Ana")


@dataclass(frozen=True)
class Signer:
    """Somebody with an SSH key.

    Attributes:
        name: As an allowed signer.
        key: The private key.
    """

    name: str
    key: Path

    @classmethod
    def make(cls, folder: Path, name: str) -> Signer:
        """Make a key without a passphrase."""
        key = folder / name.partition("@")[0]
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key)]
        subprocess.run(words, check=True, stdin=subprocess.DEVNULL, timeout=30)
        return cls(name, key)

    @property
    def line(self) -> str:
        """The line of this signer in a file of allowed signers."""
        kind, public = self.key.with_suffix(".pub").read_text().split()[:2]
        return f'{self.name} namespaces="bancada.run" {kind} {public}\n'
