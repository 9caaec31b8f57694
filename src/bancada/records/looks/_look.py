"""One look at a sealed holdout, as it is kept for ever."""

from __future__ import annotations

import msgspec

from bancada.records._scores import Score
from bancada.records.looks._rows import HoldoutRows

__all__ = ["Look"]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """The content of a `look` statement: that somebody was shown numbers from sealed rows, and which.

    Attributes:
        look_id: Random characters, by which its statement and its line in `looks.toml` are known to be one.
        number: Number of the look at these rows, from 1; fixed when it was taken.
        level: Level of each of its intervals, alpha·6/(π²·number²); fixed too.
        looked: UTC time, ISO 8601.
        author: Who looked, unverified.
        problem: Name of the problem.
        run_id: The run whose claim was fitted on all other rows.
        claim_id: That claim.
        candidate: Its name.
        evaluation_id: What the numbers were asked for by.
        metrics: Names of the metrics that were shown.
        answers: Digest of what was computed: the identical computation once more is no look.
        holdout: The rows.
        scores: What was shown, each with its interval at this level; empty in a line of `looks.toml`.
        predictions: Object with the predictions of the sealed rows, which nothing but `bancada holdout` opens; empty
            where it is not known.
        model: Object with the model that made them; empty as above.
        flags: What must be told beside the numbers.
        schema: `store.look/1`.
    """

    look_id: str
    number: int
    level: float
    looked: str
    author: str
    problem: str
    run_id: str
    claim_id: str
    candidate: str
    evaluation_id: str
    metrics: tuple[str, ...]
    answers: str
    holdout: HoldoutRows
    scores: tuple[Score, ...] = ()
    predictions: str = ""
    model: str = ""
    flags: tuple[str, ...] = ()
    schema: str = "store.look/1"
