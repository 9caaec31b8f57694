"""`bancada exec`: a program that is run as it is, and all that can be known of it."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.engine._commanded import VARIABLE, Commanded
from bancada.engine._recording import utc_now
from bancada.engine._scoring import RunScorer
from bancada.engine._underway import Answer
from bancada.engine.evidence import git_facts
from bancada.engine.origins import sign_quietly, stamped
from bancada.engine.outside._accepting import data_facts, outside_record
from bancada.engine.outside._children import children_of, watched
from bancada.engine.outside._handing import Answered, Counter
from bancada.engine.outside._inputs import Inputs, Named, environment_of, inputs_of, keep_sources
from bancada.engine.outside._submission import VERSION, Kept, check_submission, check_submitted_name, keep_folds
from bancada.engine.outside._terminal import Ended, Output, run_program
from bancada.engine.rescoring import rescore
from bancada.exceptions import NotFoundError, UsageError
from bancada.identity import DigestMemo
from bancada.provenance import Observer, hardware, mask_secrets
from bancada.provenance.repository import Repository
from bancada.records import Evidence
from bancada.store import random_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bancada.datasets import Received
    from bancada.engine._binding import Binding
    from bancada.engine.outside._children import Children
    from bancada.engine.outside._submission import Submission
    from bancada.records import RunRecord, Score
    from bancada.store import Index

__all__ = ["Command", "Executed", "execute"]

TRAINING = "training data: which rows the command trained on is its own word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command line to be run.

    Attributes:
        words: Program and arguments.
        name: Name on the board, unless the script says another.
        reads: Files and folders that it reads, relative to the working directory.
        folder: Working directory.
        taken: Names that belong to candidates.
        aside: True to show its stdout on stderr.
    """

    words: tuple[str, ...]
    name: str
    reads: tuple[str, ...] = ()
    folder: Path
    taken: Collection[str] = ()
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Executed:
    """What became of a command: its runs, one for each name under which it submitted, and how it ended."""

    answers: tuple[Answer, ...]
    ended: Ended


@dataclass(slots=True)
class _Handed:
    """Predictions that the command has handed over."""

    submission: Submission | None
    kept: Kept
    scores: tuple[Score, ...]
    run_id: str


@dataclass(slots=True)
class _Underway:
    """A command while it runs."""

    command: Command
    binding: Binding
    index: Index
    scorer: RunScorer
    run_id: str
    tell: Callable[[RunRecord], dict[str, Any]]
    handed: dict[str, _Handed] = field(default_factory=dict)

    def note(self, line: dict[str, Any]) -> None:
        """Write a line to the journal; it is kept once this returns."""
        journal = self.index.store.runs.journal(self.binding.problem.name, self.run_id, "driver")
        try:
            journal.append(msgspec.json.encode({"time": time.time(), **line}))
        finally:
            journal.close()

    def take(self, found: Received, name: str | None, problem: str | None) -> Answered:
        """Check and keep predictions that a process of the command hands over."""
        if problem is not None and problem != self.binding.problem.name:
            raise UsageError(
                "A command runs for one problem.",
                f"It was started for `{self.binding.problem.name}`, and hands predictions for `{problem}` over.",
                f"Start it with `bancada exec --problem {problem}`.",
            )
        said = self.command.name if name is None else check_submitted_name(name, self.command.taken)
        if said in self.handed:
            raise UsageError(
                "A command submits once under a name.",
                f"`{said}` was submitted before by this run.",
                "Give each its own: `bc.submit(predictions, name=…)`.",
            )
        submission = check_submission(found, said, self.binding)
        kept = keep_folds(submission, self.index.store)
        run_id = random_name() if self.handed else self.run_id
        scores = self.scorer.scores(kept.uses)
        self.note({"event": "submitted", "name": said, "folds": msgspec.to_builtins(kept.uses)})
        self.handed[said] = _Handed(submission, kept, scores, run_id)
        told = outside_record(
            self.binding,
            submission.claim,
            said,
            kept,
            run_id=run_id,
            scores=scores,
            evidence=Evidence(grade="incomplete", missing=(TRAINING,)),
            started=utc_now(),
            seconds=0.0,
        )
        return Answered(document=self.tell(told), warnings=submission.warnings)


def execute(command: Command, binding: Binding, index: Index, tell: Callable[[RunRecord], dict[str, Any]]) -> Executed:
    """Run a command to its end, and record what it did.

    Args:
        command: What to run.
        binding: The problem that its predictions are for.
        index: The index over the store; it is brought up to date.
        tell: Makes the document of a run that a script is told when it has handed predictions over.

    Raises:
        NotFoundError: There is no such program, or no such file to read.
        StoreError: The store cannot be written.
    """
    root, store = binding.project.root, index.store
    named = Named.look(command.words, command.reads, command.folder)
    underway = _Underway(command, binding, index, RunScorer(binding, store), random_name(), tell)
    started, clock, started_ns = utc_now(), time.perf_counter(), time.time_ns()
    output = Output()
    repository = Repository(root)
    before = {"git": git_facts(repository, store, binding.data.files), "author": repository.author}
    repository.close()
    with tempfile.TemporaryDirectory(prefix="bancada-") as notes, Counter(underway.take) as counter:
        ended = _run(command, underway, counter, output, Path(notes))
        ignore = (store.root, binding.project.cache, Path(notes))
        children = children_of(Path(notes), root, ignore, started_ns)
    unchanged = [path for path in named.unchanged() if path not in children.made]
    seen = Observer(root, ignore, started_ns).judge(unchanged)
    memo = DigestMemo(binding.project.cache / "digests.sqlite")
    inputs = inputs_of(seen, children, memo, root, started_ns)
    inputs = replace(inputs, missing=(TRAINING, *_blind(command, children, ended), *inputs.missing))
    seconds = time.perf_counter() - clock
    told = _records(underway, ended, inputs, children, output, before, (started, seconds))
    records = [stamped(record, binding.project) for record in told]
    for record in records:
        store.runs.finish(record)
    sign_quietly(store, binding.project, [(record.problem.name, record.run_id) for record in records])
    index.refresh(binding.problem.name)
    if any(record.scores for record in records):
        rescore(underway.scorer, index, records[0].author)
    status = records[0].status
    answers = tuple(
        Answer(record, status, item.kept.known if (item := underway.handed.get(record.candidate)) else frozenset())
        for record in records
    )
    return Executed(answers, ended)


def _run(command: Command, underway: _Underway, counter: Counter, output: Output, notes: Path) -> Ended:
    binding, store = underway.binding, underway.index.store
    told = Commanded(
        run_id=underway.run_id,
        problem=binding.problem.name,
        root=str(binding.project.root),
        store=str(store.root.absolute()),
        address=counter.address,
        key=counter.key,
    )
    environ = watched(os.environ, notes, binding.project.root)
    environ[VARIABLE] = msgspec.json.encode(told).decode()
    underway.note({"event": "exec", "name": command.name, "command": _masked(command.words)})
    try:
        ended = run_program(command.words, environ, command.folder, output, aside=command.aside)
    except OSError as error:
        raise NotFoundError(
            "A command begins with a program that can be started.",
            f"`{command.words[0]}` cannot: {error.strerror or error}.",
            "Check its name and your PATH; write `bancada exec -- COMMAND ARGS…`.",
        ) from error
    underway.note({"event": "ended", "exit": ended.code, "interrupted": ended.interrupted})
    return ended


def _records(
    underway: _Underway,
    ended: Ended,
    inputs: Inputs,
    children: Children,
    output: Output,
    before: dict[str, Any],
    times: tuple[str, float],
) -> list[RunRecord]:
    """Return a record for each name under which the command submitted; one where it did not."""
    command, binding = underway.command, underway.binding
    provenance, missing = _provenance(underway, ended, inputs, children, output, before)
    nothing = {command.name: _Handed(None, Kept(()), (), underway.run_id)}
    records = []
    for name, item in (underway.handed or nothing).items():
        claim = {
            "kind": "exec",
            "version": VERSION,
            "problem": binding.identity.digest,
            "name": name,
            "command": _masked(command.words),
            "folder": _relative(command.folder, binding.project.root),
            "files": inputs.files,
        }
        notes = [] if item.submission is None else sorted(item.submission.notes)
        records.append(
            outside_record(
                binding,
                claim,
                name,
                item.kept,
                run_id=item.run_id,
                status=_status(ended),
                scores=item.scores,
                evidence=Evidence(grade="incomplete", missing=missing),
                started=times[0],
                seconds=times[1],
                author=before["author"],
                provenance={**data_facts(binding, underway.index.store), **provenance, "notes": notes},
            )
        )
    return records


def _provenance(
    underway: _Underway, ended: Ended, inputs: Inputs, children: Children, output: Output, before: dict[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    command, store, root = underway.command, underway.index.store, underway.binding.project.root
    sources, withheld = keep_sources(inputs, root, store)
    objects = {"output": store.objects.put(mask_secrets(output.text()).encode())}
    git = before["git"]
    if git is not None and git["patch"] is not None:
        objects["diff"] = git["patch"]
    lines, artifacts = _logged(underway)
    if lines:
        objects["log"] = store.objects.put(b"\n".join(lines) + b"\n")
    objects |= {f"artifact {name}": digest for name, digest in artifacts.items()}
    provenance = {
        **environment_of(children.pythons, underway.binding.project, store),
        "git": git,
        "hardware": hardware(),
        "sources": sources,
        "objects": objects,
        "command": {
            "words": _masked(command.words),
            "folder": _relative(command.folder, root),
            "exit": ended.code,
            "output_bytes": output.size,
            "interpreters": [[python.version, python.executable] for python in children.pythons],
        },
    }
    return provenance, (*inputs.missing, *withheld)


def _logged(underway: _Underway) -> tuple[list[bytes], dict[str, str]]:
    """Return what the command logged, in order, and the objects of the files that it kept, by name."""
    place = underway.index.store.runs.place(underway.binding.problem.name, underway.run_id)
    lines = [line for path in sorted(place.glob("journal-script-*.jsonl")) for line in path.read_bytes().splitlines()]
    timed = [(msgspec.json.decode(line), line) for line in lines]
    timed.sort(key=lambda item: item[0]["time"])
    artifacts = {
        item["artifact"]["name"]: item["artifact"]["object"]
        for item, _ in timed
        if isinstance(item.get("artifact"), dict) and {"name", "object"} == set(item["artifact"])
    }
    return [line for _, line in timed], artifacts


def _status(ended: Ended) -> str:
    if ended.code == 0:
        return "done"
    return "interrupted" if ended.interrupted or ended.code in {-2, 130} else "failed"


def _blind(command: Command, children: Children, ended: Ended) -> tuple[str, ...]:
    """Return what nobody has observed: a program that is no Python tells nothing of what it reads."""
    program = Path(command.words[0]).name
    if ended.pid in children.pids:
        return ()
    gap = [f"code and data: what `{program}` read beside the files that its command line names"]
    return tuple(gap) if children.pythons else (*gap, f"environment: `{program}` tells nothing of its own")


def _masked(words: Sequence[str]) -> list[str]:
    """Return a command line in which secrets are masked, those that stand behind their option too."""
    shown = [mask_secrets(word) for word in words]
    for number, (option, value) in enumerate(pairwise(words), start=1):
        joined = f"{option}={value}"
        if option.startswith("-") and mask_secrets(joined) != joined:
            shown[number] = mask_secrets(joined).removeprefix(f"{option}=")
    return shown


def _relative(folder: Path, root: Path) -> str:
    return folder.relative_to(root).as_posix() if folder.is_relative_to(root) else folder.name
