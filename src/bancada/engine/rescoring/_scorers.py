"""A run scored in a worker: a metric of the user's that ends its process ends no driver."""

from __future__ import annotations

import hashlib
import pickle
from typing import TYPE_CHECKING

import msgspec

from bancada.engine._jobs import ScoreJob
from bancada.exceptions import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.engine._scoring import RunScorer
    from bancada.records import RunRecord

__all__ = ["Scorers", "score_job"]


class Scorers:
    """The worker's side: reads the driver's scorer once, and scores run after run by it."""

    def __init__(self) -> None:
        self._digest = ""
        self._scorer: RunScorer | None = None

    def answer(self, job: ScoreJob) -> bytes:
        """Return the scores of a run as bytes.

        Raises:
            StoreError: Predictions of the run are gone, or the file of the scorer is not that of this driver.
        """
        return msgspec.msgpack.encode(self._of(job).scores(job.uses, explored=job.explored, have=job.have))

    def _of(self, job: ScoreJob) -> RunScorer:
        if self._scorer is None or self._digest != job.digest:
            with open(job.scorer, "rb") as file:  # noqa: PTH123 - a job carries text
                data = file.read()
            # The file lies in the store, where others may write; the digest came from the driver over its own socket.
            if hashlib.sha256(data).hexdigest() != job.digest:
                raise StoreError(
                    "What workers score by is what their own driver wrote.",
                    f"`{job.scorer}` was replaced.",
                    "See who else writes in this store, and run again.",
                )
            self._scorer, self._digest = pickle.loads(data), job.digest  # noqa: S301 - bytes of this driver, as proved
        return self._scorer


def score_job(run: RunRecord, scorer: Path, digest: str) -> bytes:
    """Return what a worker is told, to compute the scores that a run lacks.

    Args:
        run: The run.
        scorer: File of the pickled scorer.
        digest: SHA-256 of that file.
    """
    job = ScoreJob(
        scorer=str(scorer),
        digest=digest,
        uses=run.folds,
        explored=run.status == "explored",
        have=tuple(score.key for score in run.scores),
    )
    return msgspec.msgpack.encode(job)
