"""What there is of a run: everything that is needed to compute it once more, or everything that is missing, at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.engine.runner import JobCandidate, Template, read_template
from bancada.exceptions import UsageError
from bancada.provenance.origin import checked_path
from bancada.records.environments import read_environment
from bancada.records.laying import MOST_BYTES, laid_files
from bancada.reproduction._interpreters import recorded_environment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["Collected", "collect", "observed_files", "of_a_session", "refuse_unfinished"]

# What stands in the place of a parameter that held a secret.
HIDDEN = "secret "
MADE_OUTSIDE = {
    "submission": "its predictions were submitted: how they were made is not recorded",
    "exec": "it is a command that was run: what the command needs beside the project's files is not recorded",
}
INSTEAD = "`--with-current-environment` takes what is installed now"
OLD = "it was recorded by a version of bancada that kept less: run it again, and reproduce that run"


@dataclass(frozen=True)
class Collected:
    """What was found of a run.

    Attributes:
        run: Its record.
        template: What it keeps for a runner; None where that is missing.
        candidate: What makes its model, files named by their objects.
        files: Object of each of the project's files, by path.
        beside: Digest of each file of the project that its folds read and that is not kept, by path.
        missing: What is not there, a phrase each.
        looked: False where the run keeps so little that nothing else was looked for.
    """

    run: RunRecord
    template: Template | None
    candidate: JobCandidate
    files: dict[str, str]
    missing: tuple[str, ...]
    looked: bool = True
    beside: dict[str, str] = field(default_factory=dict)

    def unkept(self, project: Path) -> tuple[str, ...]:
        """Return which files that its folds read are not in the folder in which it was laid out, a phrase each.

        It may come out without them: they may have been read for something else.

        Args:
            project: The folder.
        """
        told = self.run.evidence.missing
        lacking = [path for path in self.beside if not (project / checked_path(path)).is_file()]
        return tuple(
            next((text for text in told if f"`{path}`" in text), f"file `{path}` was read, and is not as it was")
            for path in lacking
        )


def refuse_unfinished(run: RunRecord) -> None:
    """Refuse a run that has no result to compare with.

    Raises:
        UsageError: It failed, was interrupted, or was only explored.
    """
    if run.status == "done":
        return
    raise UsageError(
        "A run is reproduced once it is finished: its predictions are compared.",
        f"Run `r-{run.run_id[:6]}` of `{run.candidate}` is {run.status}.",
        f"See why with `bancada show r-{run.run_id[:6]} --log`, and run it again.",
    )


def observed_files(run: RunRecord, store: Store) -> dict[str, str]:
    """Return the digests of the files below the root that the folds of a run read or imported, by path.

    Args:
        run: The run.
        store: Where its folds are.
    """
    found: dict[str, str] = {}
    for use in run.folds:
        record = None if use.content is None else store.folds.read(use.key, use.content)
        found |= {} if record is None else {item.path: item.digest for item in record.observed if item.digest}
    return found


def of_a_session(run: RunRecord) -> bool:
    """Tell whether the code of a run was extracted from a session."""
    return bool(_candidate(run)[0].extracted)


def collect(run: RunRecord, store: Store, current: Collection[str] = ()) -> Collected:
    """Look for all that is needed to compute a run once more; nothing is executed.

    Args:
        run: The run.
        store: Where its objects are.
        current: What is taken as it is now: `code`, `environment`.

    Raises:
        StoreError: An object, or the predictions of a fold, were altered, or the record names two contents for one
            path.
    """
    kind = str(run.claim.get("kind", ""))
    if kind in MADE_OUTSIDE:
        return Collected(run, None, JobCandidate(), {}, (MADE_OUTSIDE[kind],), looked=False)
    template, untold = _template(run, store)
    candidate, lacking = _candidate(run)
    files = laid_files(run.provenance)
    missing = [*untold, *lacking]
    missing += [f"`{name}` held a secret, which is not kept" for name, value in run.params.items() if _hidden(value)]
    if template is not None:
        missing += template.missing
        missing += _objects(
            ((f"the table of repeat {number}", name) for number, name in template.split.tables.items()), store
        )
    if OLD not in untold:
        if "code" not in current:
            missing += _objects(((f"`{path}`", name) for path, name in files.items()), store)
            missing += _sources(run, files, store)
        if "environment" not in current:
            missing += _environment(run, store)
    missing += _predictions(run, store)
    beside = {path: digest for path, digest in observed_files(run, store).items() if path not in files}
    return Collected(run, template, candidate, files, tuple(dict.fromkeys(missing)), OLD not in untold, beside)


def _template(run: RunRecord, store: Store) -> tuple[Template | None, tuple[str, ...]]:
    """Return what a run keeps for a runner, and why there is none."""
    name = run.provenance.get("job")
    if not isinstance(name, str):
        return None, (OLD,)
    lost = tuple(_objects([("the job", name)], store))
    return (None if lost else read_template(store.objects.get(name, MOST_BYTES))), lost


def _candidate(run: RunRecord) -> tuple[JobCandidate, tuple[str, ...]]:
    """Return what makes the model, and why there is nothing that could."""
    if run.baseline:
        return JobCandidate(baseline=True), ()
    reference = run.provenance.get("reference")
    if isinstance(reference, str) and ":" in reference:
        module, _, function = reference.partition(":")
        return JobCandidate(module=module, qualname=function), ()
    extracted = run.provenance.get("extracted")
    extracted = extracted if isinstance(extracted, dict) else {}
    name, qualname = extracted.get("object"), extracted.get("name")
    value = run.claim.get("value")
    if extracted and name is None:
        return JobCandidate(), ("the text of its code was withheld: it holds a secret",)
    if value is not None:
        return JobCandidate(extracted=name or "", value=value, arrays=dict.fromkeys(_arrays(value), "")), ()
    if name and qualname:
        return JobCandidate(extracted=name, qualname=qualname), ()
    told = [text for text in run.evidence.missing if text.startswith(("the code of", "the model's code"))]
    return JobCandidate(), tuple(told or ["its model existed in a session only: write it as a function in a module"])


def _arrays(form: Any) -> Iterator[str]:
    """Yield the digests of the arrays that a form names."""
    if isinstance(form, dict):
        if isinstance(form.get("array"), str):
            yield form["array"]
        for value in form.values():
            yield from _arrays(value)
    elif isinstance(form, list):
        for value in form:
            yield from _arrays(value)


class _Definition(msgspec.Struct):
    path: str


class _Code(msgspec.Struct):
    """The list of a run's code; whoever wrote it may have written anything."""

    definitions: tuple[_Definition, ...] = ()


def _sources(run: RunRecord, files: dict[str, str], store: Store) -> Iterator[str]:
    """Yield the sources of the claim's code that were not kept."""
    name = run.provenance.get("code")
    if not isinstance(name, str) or not store.objects.has(name):
        return
    try:
        code = msgspec.json.decode(store.objects.get(name, MOST_BYTES), type=_Code)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        yield "the list of its code cannot be read"
        return
    paths = {item.path for item in code.definitions if item.path.endswith(".py")}
    for path in sorted(paths - files.keys()):
        told = [text for text in run.evidence.missing if f"`{path}`" in text]
        yield told[0] if told else f"source `{path}` was not kept"


def _environment(run: RunRecord, store: Store) -> Iterator[str]:
    """Yield what of the environment cannot be had again, as far as that can be told before it is tried."""
    name = recorded_environment(run)
    if name is None:
        yield f"what was installed is not recorded; {INSTEAD}"
        return
    if not store.objects.has(name):
        yield from (f"{text}; {INSTEAD}" for text in _objects([("the record of what was installed", name)], store))
        return
    record = read_environment(store.objects.get(name, MOST_BYTES))
    yield from (f"environment: {text}" for text in record.missing)
    yield from _objects(((f"package `{item.name}`", item.kept) for item in record.packages if item.kept), store)


def _predictions(run: RunRecord, store: Store) -> Iterator[str]:
    """Yield the folds that nothing can be held against; those that are there are proved by their digests.

    Raises:
        StoreError: Predictions were altered: whatever came out, the verdict would be on them and not on the run.
    """
    for use in run.folds:
        where = f"the predictions of repeat {use.repeat}, fold {use.fold}"
        record = None if use.content is None else store.folds.proved(use.key, use.content)
        if record is None:
            yield f"{where} are not in the store"
        elif record.remaining is not None:
            yield f"{where} are not whole: rows of it were forgotten since (`bancada forget`)"


def _objects(named: Iterable[tuple[str, str]], store: Store) -> Iterator[str]:
    for what, name in named:
        if not store.objects.has(name):
            yield f"{what} is not in the store (object {name[:12]}…)"


def _hidden(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(HIDDEN)
