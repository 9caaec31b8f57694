"""Where a run ran, in a line for each thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.display import count, plain, short_digest
from bancada.exceptions import StoreError, counted
from bancada.records.environments import read_environment
from bancada.report._running import params_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["claim_text", "recorded_lines", "twice_text"]


def claim_text(record: RunRecord) -> str:
    """Return what a run asserts, so that it can be told from the candidate's other runs: name, parameters and seed.

    Args:
        record: The run.
    """
    return f"{record.candidate} {params_text(record.params)}".rstrip() + f" seed={record.seed}"


def recorded_lines(record: RunRecord, store: Store) -> tuple[str, ...]:
    """Return what is known of the code's state, the environment, the data and the files of a run.

    Args:
        record: The run.
        store: Where its objects are.
    """
    provenance = record.provenance
    lines = (_git(provenance), _environment(provenance, store), _data(record), _files(provenance))
    return tuple(line for line in lines if line)


def _git(provenance: Mapping[str, Any]) -> str:
    git = provenance.get("git")
    if not isinstance(git, dict):
        return ""
    commit = short_digest(git["commit"]) if git.get("commit") else "before the first commit"
    parts = [f"commit {commit}" if git.get("commit") else commit]
    parts += [f"on {git['branch']}"] if git.get("branch") else []
    parts += [f"of {git['remote']}"] if git.get("remote") else []
    if git.get("dirty"):
        shown = ": `--patch` shows them" if git.get("patch") else ""
        parts.append(f"with changes{shown}")
    withheld = git.get("withheld")
    more = f"; not in the patch: {', '.join(map(str, withheld))}" if isinstance(withheld, list) and withheld else ""
    return f"git: {' '.join(parts)}{more}"


def _environment(provenance: Mapping[str, Any], store: Store) -> str:
    name = provenance.get("environment")
    try:
        here = read_environment(store.objects.get(str(name))) if name else None
    except StoreError:
        return "environment: not in the store any more"
    if here is None:
        return ""
    edited = [package.name for package in here.packages if package.altered]
    head = f"{here.manager}, " if here.manager else ""
    told = f"environment: {head}{here.implementation} {here.python}, {counted(len(here.packages), 'package')}"
    return told + (f"; edited by hand: {', '.join(edited)}" if edited else "")


def _data(record: RunRecord) -> str:
    data = record.problem.dataset
    version = f", version {data.version}" if data.version else ""
    kept = record.provenance.get("data")
    snapshot = kept.get("snapshot") if isinstance(kept, dict) else None
    where = f"; snapshot at {snapshot}" if snapshot else ""
    return f"data: {data.name}{version}, {counted(data.n_rows, 'row')}, table {short_digest(data.table)}{where}"


def _files(provenance: Mapping[str, Any]) -> str:
    sources, files = (provenance.get(name) for name in ("sources", "files"))
    if not isinstance(sources, dict) or not isinstance(files, dict):
        return ""
    return f"kept: {counted(len(sources), 'source')} of its code, {counted(len(files), 'file')} beside them"


def twice_text(candidate: str, told: Mapping[str, Any]) -> str:
    """Return what came out when a claim was computed twice, as a sentence.

    Args:
        candidate: Name of the candidate.
        told: `bancada.determinism/1`.
    """
    head = f"{plain(candidate)}: computed twice"
    compared = f"{count(told['differing'])} of {counted(told['predictions'], 'prediction')}"
    if not told["differing_folds"]:
        return f"{head}, {counted(told['folds'], 'fold')}: {compared} differ."
    largest = told.get("max_abs_difference")
    apart = "" if largest is None else f", by up to {largest:.3g}"
    folds = f"{told['differing_folds']} of {counted(told['folds'], 'fold')}"
    return f"{head}, not deterministic: {folds} differ, {compared}{apart}."
