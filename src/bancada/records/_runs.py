"""One recorded execution of a claim, and what is said about it later."""

from __future__ import annotations

from typing import Any

import msgspec

from bancada.identity import canonical_json
from bancada.records._folds import FoldUse
from bancada.records._identities import EvaluationIdentity, ProblemIdentity
from bancada.records._scores import FoldScore, Score

__all__ = ["Evidence", "RunRecord", "Statement"]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about how a run came to be.

    Attributes:
        grade: `reproduced`, `complete` or `incomplete`.
        missing: What could not be captured, a phrase each.
    """

    grade: str
    missing: tuple[str, ...] = ()


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The `run.json` of a finished run; written once, never modified.

    Attributes:
        run_id: 26 base-32 characters.
        claim_id: Digest of what is asserted: code, parameters, seed, problem and environment.
        claim: The ingredients of `claim_id`, each readable.
        candidate: Label of the candidate.
        params: Resolved parameters, defaults written out, as text-safe JSON.
        seed: Seed from which every fold's seed is derived.
        status: `done`, `failed`, `interrupted`, or `explored`: a trial that ended before its last fold. An explored
            run counts among the claims tried, is on no board, and its scores are over the folds that were done.
        problem: What was solved.
        evaluation: How it was judged when the run finished.
        folds: Every fold asked for.
        scores: Every metric of the evaluation, over all rows and over each slice.
        evidence: Grade, and what is missing.
        started: UTC time, ISO 8601.
        seconds: Wall-clock time from start to finish.
        author: git's user name and e-mail, unverified; empty where unknown.
        baseline: True for the automatic baseline of the task.
        provenance: Code commit, hardware, interpreter and packages, by name; large parts are digests of objects.
            `hypothesis` is what was expected of the run before its first fold.
        origin: What proves whose run it is: an HMAC of the record without this field; empty where nothing does.
        schema: `store.run/1`.
    """

    run_id: str
    claim_id: str
    claim: dict[str, Any]
    candidate: str
    params: dict[str, Any]
    seed: int
    status: str
    problem: ProblemIdentity
    evaluation: EvaluationIdentity
    folds: tuple[FoldUse, ...]
    scores: tuple[Score, ...]
    evidence: Evidence
    started: str
    seconds: float
    author: str = ""
    baseline: bool = False
    provenance: dict[str, Any] = {}
    origin: str = ""
    schema: str = "store.run/1"

    @property
    def claim_key(self) -> bytes:
        """What claims share that differ in nothing but the seed."""
        if "seed" not in self.claim:
            return self.claim_id.encode()
        return canonical_json({name: value for name, value in self.claim.items() if name != "seed"})

    @property
    def row_limit(self) -> int | None:
        """Rows that a fold could have, training and test together; None for all.

        A run that had less than all rows, a quick trial, is on no board, and is held against nothing.
        """
        limit = self.claim.get("row_limit")
        # Whoever wrote the record may have written anything.
        return limit if isinstance(limit, int) else None

    def score_by(self, metric_id: str, slice_name: str | None = None) -> Score | None:
        """Return the score by a metric on a slice; the last where there are several."""
        found = [score for score in self.scores if score.metric_id == metric_id and score.slice == slice_name]
        return found[-1] if found else None

    def placed(self, score: Score) -> dict[tuple[int, str, int], FoldScore]:
        """Return a score's folds by their places; a fold that the run does not list has a place without a table."""
        asked = {(use.repeat, use.fold): use.place for use in self.folds}
        return {asked.get((fold.repeat, fold.fold), (fold.repeat, "", fold.fold)): fold for fold in score.folds}

    def completed_by(self, score: Score) -> bool:
        """Tell whether every fold that was asked for has a score, so that the run may be compared by it."""
        if self.status != "done" or score.estimate.value is None or not self.folds:
            return False
        scored = {place for place, fold in self.placed(score).items() if fold.value is not None}
        return {use.place for use in self.folds} == scored


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """Something said about a finished run later; a write-once file under `after/`.

    Attributes:
        kind: `score`, `fit`, `look`, `note`, `hypothesis`, `signature`, `verdict`, `determinism`, `withdrawn`,
            `restored`; readers pass over kinds that they do not know.
        said: UTC time, ISO 8601.
        author: Who said it, unverified.
        content: The statement's own fields.
        origin: What proves who said it: an HMAC of the run's id and the statement without this field; may be empty.
        schema: `store.statement/1`.
    """

    kind: str
    said: str
    content: dict[str, Any]
    author: str = ""
    origin: str = ""
    schema: str = "store.statement/1"
