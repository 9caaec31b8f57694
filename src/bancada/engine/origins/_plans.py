"""What a record would make this machine do: shown to whoever decides whether it may."""

from __future__ import annotations

import difflib
import importlib.metadata
import re
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.engine.runner import read_template
from bancada.exceptions import StoreError, counted
from bancada.provenance.origin import checked_path
from bancada.records.environments import read_environment
from bancada.records.laying import MOST_BYTES, MOST_FILES, laid_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bancada.engine.origins._judging import Judge
    from bancada.provenance.origin import Origin
    from bancada.records import RunRecord, Statement
    from bancada.store import Store, StoredRun

__all__ = ["CodeFile", "ModelFile", "PackageOrigin", "WouldRun", "model_of", "would_run"]

# What is not shown whole does not execute: nobody reads more than this.
_MOST_LINES = 20_000
_MOST_ALL_LINES = 100_000
_MOST_COMPARED = 10_000
_CHARACTERS = 10_000
# What bancada writes of its own tasks; a metric of its own has a name and no form. Of all else, a model that is a
# program among it, what it is given decides what executes.
_TASKS = ("Binary", "Forecast", "Multiclass", "Multilabel", "Quantile", "Ranking", "Regression", "Text")
_OWN = frozenset(f"bancada.tasks._{name.lower()}:{name}" for name in _TASKS)
_MOST_CALLS = 1_000
_SHOWN = 80
# Under these a canonical form names what is imported; see `models.describe`.
_NAMING = ("class", "object", "reference", "enum")


class CodeFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of code that a record holds.

    Attributes:
        path: Its path below the project's root; a word in brackets where it has none there.
        digest: Its SHA-256.
        state: Against the project as it is now: `same`, `changed`, `new`, `refused` (its path leads elsewhere) or
            `missing` (the store lacks it).
        diff: How it differs from the project's file, a line each; the whole text where the project has none.
    """

    path: str
    digest: str
    state: str
    diff: tuple[str, ...] = ()


class PackageOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """A package that would be installed: it is not here in that version, or no package index gives it.

    Attributes:
        name: Its name.
        version: Its version.
        origin: `index`, which is asked for it by name, `kept` in the record as a wheel, given back by the `manager`, or
            `missing`.
        object: The wheel's object; empty where there is none.
        why: Why no index has it.
    """

    name: str
    version: str
    origin: str
    object: str = ""
    why: str = ""


class ModelFile(msgspec.Struct, frozen=True, kw_only=True):
    """A model that is read.

    Attributes:
        object: Its object.
        format: `skops` or `cloudpickle`.
        said_by: Whose the statement is that names it.
    """

    object: str
    format: str
    said_by: str


class WouldRun(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.consent/1`: what a verb would execute of a record.

    Attributes:
        verb: The verb.
        run_id: The run.
        candidate: Its candidate.
        problem: Its problem.
        origin: `own`, `colleague` or `foreign`.
        signer: The allowed signer; empty where there is none.
        author: Who says to have run it, unverified.
        started: When, by its own words.
        code: Files of code, those that differ from the project's first.
        entry: What is called: `module:function`, or the name in extracted text; empty for a command.
        params: With which parameters.
        calls: What the record's task, metrics and model are made of beside bancada's own: each name that would be
            imported, with what it would be given.
        commands: Command lines.
        packages: How many packages an index gives that are installed here in the same version.
        others: All other packages.
        data: Name, version and count of rows of the data.
        model: The model that is read; None where none is.
    """

    schema: str = "bancada.consent/1"
    verb: str
    run_id: str
    candidate: str
    problem: str
    origin: str
    signer: str
    author: str
    started: str
    code: tuple[CodeFile, ...] = ()
    entry: str = ""
    params: dict[str, Any] = {}
    calls: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    packages: int = 0
    others: tuple[PackageOrigin, ...] = ()
    data: str = ""
    model: ModelFile | None = None


def would_run(
    verb: str, stored: StoredRun, origin: Origin, store: Store, root: Path, model: ModelFile | None = None
) -> WouldRun:
    """Return what a verb would execute of a record; nothing of it is executed to tell.

    Args:
        verb: The verb.
        stored: The run.
        origin: Whose it is.
        store: Holds its objects.
        root: The project's root, against which its code is held.
        model: The model that would be read; None where none would.

    Raises:
        StoreError: What it would execute cannot be read or shown whole, or it names two contents for one path.
    """
    run = stored.record
    provenance = run.provenance
    packages, others = _packages(provenance.get("environment"), store)
    dataset = run.problem.dataset
    version = f" version {dataset.version}" if dataset.version else ""
    return WouldRun(
        verb=verb,
        run_id=run.run_id,
        candidate=run.candidate,
        problem=run.problem.name,
        origin=origin.kind,
        signer=origin.who,
        author=run.author,
        started=run.started,
        code=tuple(sorted(_code(run, store, root), key=lambda file: (file.state == "same", file.path))),
        entry=str(provenance.get("reference") or _name_of(provenance.get("extracted"))),
        params=run.params,
        calls=_calls(run, store),
        commands=tuple(_commands(run)),
        packages=packages,
        others=others,
        data=f"{dataset.name}{version}, {counted(dataset.n_rows, 'row')}",
        model=model,
    )


def model_of(statement: Statement, stored: StoredRun, judge: Judge) -> ModelFile:
    """Return the model that a `fit` statement names, and whose the statement is.

    Raises:
        StoreError: It names none.
    """
    name, form = statement.content.get("object"), statement.content.get("format")
    if not isinstance(name, str) or not isinstance(form, str):
        raise StoreError(
            "What was said of a fit names the model's object and format.",
            f"What was said of run `r-{stored.record.run_id[:6]}` names none.",
            "Fit it again with `bancada fit`.",
        )
    return ModelFile(object=name, format=form, said_by=str(judge.said(statement, stored)))


def _code(run: RunRecord, store: Store, root: Path) -> Iterator[CodeFile]:
    named, lines = laid_files(run.provenance), 0
    if len(named) > MOST_FILES:
        raise _not_whole(f"{len(named):,} files are laid out, of which {MOST_FILES:,} would be")
    for path, name in named.items():
        file = _file(path, name, store, root)
        lines += len(file.diff)
        if lines > _MOST_ALL_LINES:
            raise _not_whole(
                f"its files differ from this project's in more lines than the {_MOST_ALL_LINES:,} that are"
            )
        yield file
    extracted = run.provenance.get("extracted")
    if isinstance(extracted, dict) and isinstance(extracted.get("object"), str):
        yield _held_against("(text of a session)", extracted["object"], store, None)


def _file(path: str, name: str, store: Store, root: Path) -> CodeFile:
    try:
        present = root / checked_path(path)
    except StoreError:
        return CodeFile(path=path, digest=name, state="refused")
    try:
        now = present.read_bytes() if present.is_file() and present.stat().st_size <= MOST_BYTES else None
    except OSError:
        now = None
    return _held_against(path, name, store, now)


def _held_against(path: str, name: str, store: Store, now: bytes | None) -> CodeFile:
    kept = _read(f"{path[:_SHOWN]!a}", name, store)
    if kept is None:
        return CodeFile(path=path, digest=name, state="missing")
    if kept == now:
        return CodeFile(path=path, digest=name, state="same")
    state = "new" if now is None else "changed"
    return CodeFile(path=path, digest=name, state=state, diff=tuple(_difference(path, kept, now)))


def _difference(path: str, kept: bytes, now: bytes | None) -> list[str]:
    shown = f"{path[:_SHOWN]!a}"
    try:
        after = kept.decode().splitlines()
    except UnicodeDecodeError:
        raise _not_whole(f"{shown} is no text, which alone would be") from None
    before = (now or b"").decode(errors="replace").splitlines()
    if max(len(before), len(after)) > _MOST_COMPARED:
        # To compare takes more than linear time, which whoever wrote the record has chosen.
        lines = ["--- not compared, for its length", f"+++ {path} of the record", *(f"+{line}" for line in after)]
    else:
        lines = list(difflib.unified_diff(before, after, f"{path} here", f"{path} of the record", lineterm="", n=2))
    if len(lines) > _MOST_LINES:
        raise _not_whole(f"{shown} differs in {len(lines):,} lines, of which {_MOST_LINES:,} would be")
    return [_whole(line, f"a line of {shown}") for line in lines]


def _read(what: str, name: object, store: Store) -> bytes | None:
    """Return an object that would execute; None where the store has none, so that nothing can execute either.

    Raises:
        StoreError: It is there and cannot be read.
    """
    if not isinstance(name, str) or not store.objects.has(name):
        return None
    try:
        return store.objects.get(name, MOST_BYTES)
    except StoreError as error:
        raise _not_whole(f"{what} cannot be read to be ({error.found.rstrip('.')})") from error


def _whole(text: str, what: str) -> str:
    if len(text) > _CHARACTERS:
        raise _not_whole(f"{what} has {len(text):,} characters, of which {_CHARACTERS:,} would be")
    return text


def _not_whole(found: str) -> StoreError:
    return StoreError(
        "What a record of somebody else would execute is shown whole before anybody agrees to it.",
        f"Of this one not all can be shown: {found}.",
        "Have its author sign it and add `--trust SIGNER`, or read its objects and run its code in your own project.",
    )


def _commands(run: RunRecord) -> Iterator[str]:
    """Yield the command lines of a run: what `bancada exec` ran, and programs that are models."""
    command = run.provenance.get("command")
    words = command.get("words") if isinstance(command, dict) else None
    if isinstance(words, list):
        yield " ".join(map(str, words))
    for value in run.params.values():
        command = value.get("command") if isinstance(value, dict) else None
        if isinstance(command, list):
            yield " ".join(map(str, command))


def _calls(run: RunRecord, store: Store) -> tuple[str, ...]:
    """Return what the forms of a record name, each once: building them imports and calls it."""
    forms: list[Any] = [run.claim]
    job = _read("what it keeps of its problem", run.provenance.get("job"), store)
    if job is not None:
        # As a runner reads it, so that both read the same.
        template = read_template(job)
        forms += [template.task, *template.metrics]
    found: dict[str, None] = {}
    while forms:
        form = forms.pop()
        if isinstance(form, list):
            forms.extend(form)
        elif isinstance(form, dict):
            forms.extend(form.values())
            found.update(dict.fromkeys(_named_by(form)))
        if len(found) > _MOST_CALLS:
            raise _not_whole(f"it calls more than the {_MOST_CALLS:,} names that are")
    return tuple(sorted(found))


def _named_by(form: dict[str, Any]) -> Iterator[str]:
    for key in _NAMING:
        name = form.get(key)
        if isinstance(name, str) and ":" in name and name not in _OWN:
            rest = {other: value for other, value in form.items() if other != key}
            yield _whole(f"{name} {msgspec.json.encode(rest).decode()}" if rest else name, "what it calls")
    if "method" in form:
        yield _whole(f"method {form['method']} of {msgspec.json.encode(form.get('of')).decode()}", "what it calls")


def _packages(name: object, store: Store) -> tuple[int, tuple[PackageOrigin, ...]]:
    data = _read("what was installed", name, store)
    if data is None:
        return 0, ()
    found = read_environment(data).packages
    here = {re.sub(r"[-_.]+", "-", item.name).lower(): item.version for item in importlib.metadata.distributions()}
    others = [
        PackageOrigin(name=item.name, version=item.version, origin=item.origin, object=item.kept, why=item.why)
        for item in found
        if item.origin != "index" or here.get(item.name) != item.version
    ]
    return len(found) - len(others), tuple(others)


def _name_of(extracted: Mapping[str, Any] | Any) -> str:
    return str(extracted.get("name") or "") if isinstance(extracted, dict) else ""
