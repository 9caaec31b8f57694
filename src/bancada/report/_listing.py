"""What is listed: problems, candidates, runs; the code of a candidate; the split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.display import Column, Table, count, plain, short_digest, to_text
from bancada.exceptions import StoreError, counted
from bancada.judgement.journal import Expected
from bancada.records import RunRecord, Statement
from bancada.report._running import params_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bancada.engine import Binding
    from bancada.provenance import CodeClosure
    from bancada.store import IndexedRun

__all__ = [
    "code_document",
    "code_table",
    "list_document",
    "list_text",
    "said_text",
    "show_document",
    "split_document",
    "split_summary",
    "stored_code",
]


SAID = {"note": "noted", "verdict": "reproduction", "withdrawn": "withdrawn", "restored": "back since"}


class ListedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run of the list."""

    problem: str
    run_id: str
    claim_id: str
    candidate: str
    status: str
    started: str
    params: dict[str, Any] | None = None
    error: str | None = None
    origin: str | msgspec.UnsetType = msgspec.UNSET


class ListDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.list/1`."""

    schema: str = "bancada.list/1"
    problems: tuple[dict[str, Any], ...]
    candidates: tuple[dict[str, Any], ...]
    runs: tuple[ListedRun, ...]
    runs_in_all: int
    unreadable: tuple[dict[str, str], ...]


class ShowDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.show/1`: a run as it is stored."""

    schema: str = "bancada.show/1"
    run: RunRecord
    statements: tuple[Statement, ...] = ()
    origin: str | msgspec.UnsetType = msgspec.UNSET
    hypothesis: Expected | msgspec.UnsetType = msgspec.UNSET


class CodeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A definition that a candidate's identity consists of."""

    module: str
    path: str
    name: str
    digest: str
    reason: str


class CodeDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.code/1`."""

    schema: str = "bancada.code/1"
    candidate: str
    digest: str
    definitions: tuple[CodeEntry, ...]
    imports: tuple[str, ...]
    doubts: tuple[str, ...]


class SplitFold(msgspec.Struct, frozen=True, kw_only=True):
    """A fold by its counts."""

    repeat: int
    fold: int
    train: int
    test: int
    valid: int


class SplitDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.split/1`."""

    schema: str = "bancada.split/1"
    problem: str
    design: dict[str, Any]
    n_rows: int
    n_sealed: int
    folds: tuple[SplitFold, ...]


def list_document(
    snapshot: Mapping[str, Any],
    runs: Sequence[tuple[str, IndexedRun, RunRecord | None]],
    runs_in_all: int,
    unreadable: Sequence[tuple[str, str, str]],
    origins: Mapping[str, str] | None = None,
) -> ListDocument:
    """Return what there is.

    Args:
        snapshot: The definitions as they were last imported; empty where they never were.
        runs: Problem, run and its record where it can be read, in the order to show.
        runs_in_all: How many there are.
        unreadable: Problem, run id and reason of runs that cannot be read.
        origins: In words whose runs are, by id.
    """
    return ListDocument(
        problems=tuple(snapshot.get("problems", ())),
        candidates=tuple(snapshot.get("candidates", ())),
        runs=tuple(
            ListedRun(
                problem=problem,
                run_id=run.run_id,
                claim_id=run.claim_id,
                candidate=run.candidate,
                status=run.status,
                started=run.started,
                params=None if record is None else record.params,
                error=None if record is None else _first_error(record),
                origin=(origins or {}).get(run.run_id, msgspec.UNSET),
            )
            for problem, run, record in runs
        ),
        runs_in_all=runs_in_all,
        unreadable=tuple({"problem": name, "run_id": run, "reason": reason} for name, run, reason in unreadable),
    )


def list_text(document: ListDocument) -> str:
    """Return the list as text: three tables, those that are empty left out."""
    problems = Table(
        (
            Column("problem"),
            Column("dataset"),
            Column("version", optional=True),
            Column("metrics"),
            Column("defined in"),
        ),
        tuple(
            (
                item["name"],
                item["dataset"]["name"],
                item["dataset"]["version"],
                ", ".join(metric["name"] for metric in item.get("metrics", ())),
                f"{item['file']}:{item['line']}" if item.get("file") else None,
            )
            for item in document.problems
        ),
    )
    candidates = Table(
        (Column("candidate"), Column("parameters", shrinks=True), Column("about", optional=True, shrinks=True)),
        tuple((item["name"], _signature(item["parameters"]), item["summary"]) for item in document.candidates),
    )
    failed = any(run.error for run in document.runs)
    others = any(run.origin not in {msgspec.UNSET, "own"} for run in document.runs)
    runs = Table(
        (
            Column("run"),
            Column("candidate"),
            Column("status"),
            Column("started (UTC)"),
            Column("problem"),
            *((Column("origin"),) if others else ()),
            *((Column("why", shrinks=True),) if failed else ()),
        ),
        tuple(
            (
                f"r-{run.run_id[:6]}",
                f"{run.candidate} {params_text(run.params or {})}".rstrip(),
                run.status,
                run.started[:19].replace("T", " "),
                run.problem,
                *((str(run.origin),) if others else ()),
                *((run.error,) if failed else ()),
            )
            for run in document.runs
        ),
        notes=(f"{count(len(document.runs))} of {count(document.runs_in_all)} runs",),
    )
    shown = [to_text(table, width=None, color=False) for table in (problems, candidates, runs) if table.rows]
    shown += [f"r-{item['run_id'][:6]} cannot be read: {plain(item['reason'])}" for item in document.unreadable]
    return "\n".join(shown) or "Nothing yet: `bancada run` scores the candidates of a project."


def show_document(record: RunRecord, statements: Sequence[Statement] = (), origin: str = "") -> ShowDocument:
    """Return one run, with what people said about it: notes, and whether it was withdrawn; and whose it is."""
    said = tuple(item for item in statements if item.kind in SAID)
    return ShowDocument(run=record, statements=said, origin=origin or msgspec.UNSET)


def said_text(statement: Statement) -> str:
    """Return what a person said about a run, as one line."""
    text = statement.content.get("text") or statement.content.get("because") or _verdict_text(statement)
    head = f"{SAID[statement.kind]} {statement.said[:19].replace('T', ' ')} UTC"
    by = f" by {statement.author}" if statement.author else ""
    return f"{head}{by}" + (f": {text}" if text else "")


def _verdict_text(statement: Statement) -> str:
    """Return a verdict on a run; empty for any other statement."""
    if statement.kind != "verdict":
        return ""
    said = statement.content
    current, missing = (list(said[key]) if isinstance(said.get(key), list) else [] for key in ("current", "missing"))
    # Whoever said it may have said anything.
    differing, predictions = (
        said[key] if isinstance(said.get(key), int) else 0 for key in ("differing", "predictions")
    )
    text = f"{said.get('verdict')}, {differing:,} of {predictions:,} predictions differ"
    if said.get("verdict") == "impossible":
        text = f"impossible, {len(missing)} missing"
    taken = f" (with the {' and the '.join(map(str, current))} as of that day, not as recorded)"
    return text + (taken if current else "")


def code_document(candidate: str, closure: CodeClosure) -> CodeDocument:
    """Return what a candidate's identity consists of."""
    return CodeDocument(
        candidate=candidate,
        digest=closure.digest,
        definitions=tuple(
            CodeEntry(module=item.module, path=item.path, name=item.qualname, digest=item.digest, reason=item.reason)
            for item in closure.items
        ),
        imports=closure.imports,
        doubts=closure.doubts,
    )


def stored_code(candidate: str, data: bytes) -> CodeDocument:
    """Return what a run's identity consists of, from what was kept with it.

    Args:
        candidate: Name of the candidate.
        data: The object that the run names as its code.

    Raises:
        StoreError: It is no list of code.
    """
    try:
        kept = msgspec.json.decode(data, type=dict[str, Any])
        return msgspec.convert({"candidate": candidate, **kept}, CodeDocument)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, TypeError) as error:
        raise StoreError(
            "What a run names as its code lists the definitions that it consists of.",
            f"The object that a run of `{candidate}` names does not: {error}.",
            "Copy it from where the record came from, or run `bancada store verify` for the whole list.",
        ) from error


def code_table(document: CodeDocument) -> Table:
    """Return the definitions, a row each."""
    return Table(
        (Column("definition"), Column("file"), Column("digest"), Column("why it counts", optional=True)),
        tuple(
            (
                f"{item.module}.{item.name}" if item.name != "*" else f"{item.module} (whole)",
                item.path,
                short_digest(item.digest),
                item.reason,
            )
            for item in document.definitions
        ),
        caption=(f"{document.candidate} · code {short_digest(document.digest)}",),
        notes=(
            f"packages: {', '.join(document.imports) or 'none'}",
            *(f"not followed: {doubt}; what it reads while it runs is observed" for doubt in document.doubts),
        ),
    )


def split_document(binding: Binding) -> SplitDocument:
    """Return the split by its counts."""
    return SplitDocument(
        problem=binding.problem.name,
        design=dict(binding.split.identity()),
        n_rows=binding.data.n_rows,
        n_sealed=binding.n_sealed,
        folds=tuple(
            SplitFold(
                repeat=repeat.number,
                fold=number,
                train=len(part.train),
                test=len(part.test),
                valid=0 if part.valid is None else len(part.valid),
            )
            for repeat in binding.repeats
            for number, part in enumerate(repeat.parts)
        ),
    )


def split_summary(document: SplitDocument) -> Table:
    """Return the split, a row per fold."""
    design = ", ".join(f"{name}={value}" for name, value in document.design.items())
    columns = (Column("repeat", "right"), Column("fold", "right"), Column("train", "right"), Column("test", "right"))
    return Table(
        columns,
        tuple((fold.repeat, fold.fold, fold.train, fold.test) for fold in document.folds),
        caption=(f"{document.problem} · {design}",),
        notes=(
            f"{counted(document.n_rows, 'row')}, {count(document.n_sealed)} sealed",
            "`bancada show --split --csv` writes every row",
        ),
    )


def _first_error(record: RunRecord) -> str | None:
    errors = [use.error for use in record.folds if use.error is not None]
    return f"{errors[0].type}: {errors[0].message}".splitlines()[0] if errors else None


def _signature(parameters: Sequence[Mapping[str, Any]]) -> str:
    return " ".join(item["name"] if item["required"] else f"{item['name']}={item['default']}" for item in parameters)
