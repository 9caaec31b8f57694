"""Claims: what a candidate with its parameters asserts, and the keys of its folds."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bancada import environments, models
from bancada.definitions import Candidate
from bancada.engine._extracted import keep, pickled
from bancada.engine._jobs import ModelSpec
from bancada.engine._liveness import refuse_stale
from bancada.engine._programs import Programs, programs_in, programs_of_value
from bancada.exceptions import DefinitionError, NotFoundError
from bancada.identity import DigestMemo, canonical_json, digest, digest_bytes, file_digest
from bancada.models import building
from bancada.provenance import (
    CodeClosure,
    ProjectCode,
    code_closure,
    distributions,
    extract,
    find_secrets,
    value_closure,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bancada.contracts import Model
    from bancada.engine._binding import Binding
    from bancada.engine._repeats import Repeat
    from bancada.provenance._distributions import Distribution
    from bancada.provenance._extraction import Extraction
    from bancada.store import Store

__all__ = ["BASELINE", "HIDDEN", "Claim", "ClaimMaker", "Request", "differing"]

KEY_VERSION = 1
BASELINE = "baseline"
HIDDEN = "secret "

# What hands X to the model decides its dtypes; it counts beside what the candidate imports. bancada itself does not: a
# change of what it computes is a new KEY_VERSION.
FRAMES = {"pandas": ("pandas", "numpy", "pyarrow"), "polars": ("polars", "pyarrow"), "arrow": ("pyarrow",)}


@dataclass(frozen=True)
class Request:
    """A candidate that was asked for.

    Attributes:
        label: Name on the board.
        candidate: A function under `@bc.candidate`, an estimator as a value, or None for the task's baseline.
        params: Parameters of a function, resolved.
        frame: What a value or the baseline receives; a function says its own.
    """

    label: str
    candidate: Candidate | Model | None
    params: Mapping[str, Any]
    frame: str = "pandas"


@dataclass(frozen=True)
class Claim:
    """What is asserted: code, parameters, seed, problem and environment.

    Attributes:
        label: Name on the board.
        spec: How a worker makes the model.
        params: Resolved parameters as JSON, as the worker needs them.
        recorded: The same as they are kept: a secret stands as its digest.
        seed: Seed from which each fold's is derived.
        frame: What the model receives: `pandas`, `polars`, `arrow` or `numpy`.
        ingredients: All that decides the predictions, but the repeat's table and the fold.
        closure: The code.
        missing: What could not be captured.
        baseline: True for the task's baseline.
    """

    label: str
    spec: ModelSpec
    params: dict[str, Any]
    recorded: dict[str, Any]
    seed: int
    frame: str
    ingredients: dict[str, Any]
    closure: CodeClosure | None
    missing: tuple[str, ...] = ()
    baseline: bool = False

    @property
    def cacheable(self) -> bool:
        """False where the code has no form that could be compared."""
        return self.closure is not None

    @cached_property
    def row_limit(self) -> int | None:
        """Rows that a fold may have, training and test together; None for all."""
        limit: int | None = self.ingredients["row_limit"]
        return limit

    @cached_property
    def claim_id(self) -> str:
        """Digest of the ingredients."""
        return digest_bytes(_joined(self._texts))

    def fold_key(self, repeat: Repeat, fold: int) -> str:
        """Return the digest of all that decides the predictions of one fold."""
        own = {name: canonical_json(value) for name, value in _of_fold(repeat, fold).items()}
        return digest_bytes(_joined({**self._texts, **own}))

    @cached_property
    def _texts(self) -> dict[str, bytes]:
        """The canonical JSON of each ingredient, which all folds share."""
        return {name: canonical_json(value) for name, value in self.ingredients.items()}

    def fold_ingredients(self, repeat: Repeat, fold: int) -> dict[str, Any]:
        """Return all that decides the predictions of one fold."""
        return {**self.ingredients, **_of_fold(repeat, fold)}


def _of_fold(repeat: Repeat, fold: int) -> dict[str, Any]:
    """Return what decides the predictions of a fold, and not those of the claim's others."""
    return {"split": repeat.digest, "repeat": repeat.number, "fold": fold}


def _joined(texts: Mapping[str, bytes]) -> bytes:
    """Return the canonical JSON of a mapping whose values are written already."""
    return b"{%s}" % b",".join(b"%s:%s" % (canonical_json(name), texts[name]) for name in sorted(texts))


class ClaimMaker:
    """Makes the claims of one problem; what claims of one candidate share is found once.

    Args:
        binding: The problem with its data.
        code: The project's sources.
        store: Where what is extracted from a session is kept.
    """

    def __init__(self, binding: Binding, code: ProjectCode, store: Store) -> None:
        self.binding = binding
        self.code = code
        self.store = store
        self._extractions: dict[int, tuple[Any, Extraction]] = {}
        self._closures: dict[tuple[str, str], tuple[CodeClosure, str]] = {}
        self._packages: dict[frozenset[str], dict[str, Distribution]] = {}
        self._edited: dict[frozenset[str], dict[str, str]] = {}
        self._programs: dict[str, Programs] = {}

    def make(self, request: Request, seed: int, nonce: str, row_limit: int | None = None) -> Claim:
        """Return the claim of a request.

        Args:
            request: What was asked for.
            seed: Seed of the run.
            nonce: Makes a claim unique whose code has no comparable form.
            row_limit: Rows that a fold may have; None for all.

        Raises:
            DefinitionError: The candidate cannot be sent to a worker.
            NotFoundError: A file that the candidate declares does not exist.
        """
        source = self._with_programs(self._source(request), request)
        packages = self._distributions(source)
        claim = _claim(request, source, self.binding, packages, seed, nonce)
        edited = self._edits(packages)
        given: dict[str, Any] = {} if row_limit is None else {"row_limit": row_limit}
        if edited:
            named = claim.ingredients["distributions"]
            given["distributions"] = {
                name: [*told, edited[name]] if name in edited else told for name, told in named.items()
            }
        if self._task is not None:
            given["task"] = self._task.digest
        return replace(claim, ingredients={**claim.ingredients, **given}) if given else claim

    def _distributions(self, source: _Source) -> dict[str, Distribution]:
        imports = frozenset({*FRAMES.get(source.frame, ()), "numpy", *source.imports} - {"bancada"})
        if imports not in self._packages:
            self._packages[imports] = distributions(sorted(imports), self.binding.project.cache)
        return self._packages[imports]

    def _source(self, request: Request) -> _Source:
        candidate = request.candidate
        if isinstance(candidate, Candidate):
            if candidate.module == "__main__" or self.code.find(candidate.module) is None:
                return self._of_session(candidate, request)
            return _reference(candidate, request.params, *self._closure(candidate))
        return self._value(request)

    def _with_programs(self, source: _Source, request: Request) -> _Source:
        """Add the files of the project that the candidate runs as another program, and what of it is not captured."""
        if source.closure is None or request.candidate is None:
            return source
        if isinstance(request.candidate, Candidate):
            known = source.closure.digest
            if known not in self._programs:
                extraction = self._extractions.get(id(request.candidate.function))
                text = "" if extraction is None else extraction[1].text
                self._programs[known] = programs_in(source.closure, self.code, text)
            programs = self._programs[known]
        else:
            programs = programs_of_value(request.candidate, self.code.root)
        reads = tuple(dict.fromkeys((*source.reads, *programs.reads)))
        return replace(source, reads=reads, missing=(*source.missing, *programs.missing))

    def _of_session(self, candidate: Candidate, request: Request) -> _Source:
        """Return a function of a script, a notebook or a module outside the project, extracted where that can be."""
        function = candidate.function
        if id(function) not in self._extractions:
            self._extractions[id(function)] = function, extract((function,), self.code)
        extraction = self._extractions[id(function)][1]
        if extraction.closure is None or not extraction.named:
            return _apart(candidate, request, extraction.reason)
        doubt = refuse_stale(extraction.closure, self.binding.project.root)
        if doubt:
            return _apart(candidate, request, doubt)
        name, text, secrets = keep(extraction.text, self.store)
        spec = ModelSpec(qualname=extraction.named[0][1], extracted=name, text=text)
        params = candidate.plain(request.params)
        closure, missing = extraction.closure, _withheld(candidate.name, secrets)
        return _Source(spec, params, candidate.frame, closure, closure.imports, missing=missing, reads=candidate.reads)

    def _value(self, request: Request) -> _Source:
        """Return a model that was handed over as a value, or the baseline; what belongs to a session is extracted."""
        label, frame, given = request.label, request.frame, request.candidate
        value: Any = self.binding.task.baseline() if given is None else given
        try:
            extraction = extract(models.parts(value) or (type(value),), self.code)
            closure, reason = extraction.closure, extraction.reason
            described = None if closure is None else self._described(value, extraction)
            doubt = "" if closure is None else refuse_stale(closure, self.binding.project.root)
            closure, reason = (None, doubt) if doubt else (closure, reason)
        except DefinitionError as error:
            closure, reason = None, error.found
        spec = ModelSpec(baseline=True)
        if closure is None:
            imports = tuple(sorted({type(value).__module__.split(".")[0]} - {"__main__"}))
            spec = spec if given is None else ModelSpec(value=_pickled(value, label))
            return _Source(spec, {}, frame, None, imports, None, (f"the model's code: {reason}",))
        if given is None:
            return _Source(spec, {}, frame, closure, closure.imports, described)
        if not extraction.named:
            return _Source(ModelSpec(value=_pickled(value, label)), {}, frame, closure, closure.imports, described)
        name, text, secrets = keep(extraction.text, self.store)
        spec = ModelSpec(value=_pickled(value, label, extraction.named, name), extracted=name, text=text)
        return _Source(spec, {}, frame, closure, closure.imports, described, _withheld(label, secrets))

    def _described(self, value: Any, extraction: Extraction) -> Any:
        """Return the form of a model, once the arrays that it names by digest are kept."""
        form = models.describe(value, extraction.references)
        for data in building.arrays(value):
            self.store.objects.put(data)
        return form

    def _closure(self, candidate: Candidate) -> tuple[CodeClosure, str]:
        where = (candidate.module, candidate.qualname)
        if where not in self._closures:
            closure = code_closure(*where, self.code)
            self._closures[where] = closure, refuse_stale(closure, self.binding.project.root)
        return self._closures[where]

    def _edits(self, packages: dict[str, Distribution]) -> dict[str, str]:
        """Return the content of each package that was edited after it was installed, which its RECORD does not tell."""
        names = frozenset(packages)
        if names not in self._edited:
            project = self.binding.project
            try:
                self._edited[names] = environments.edited(names, project.root, project.cache, find_secrets)
            except Exception:  # noqa: BLE001 - somebody else's files are read; the run's evidence names what went wrong
                self._edited[names] = {}
        return self._edited[names]

    @cached_property
    def _task(self) -> CodeClosure | None:
        """The code of a task of the user's own; None for bancada's, whose versions are KEY_VERSION."""
        kind = type(self.binding.task)
        if kind.__module__.partition(".")[0] == "bancada":
            return None
        return value_closure((kind,), self.code)


def _claim(
    request: Request, source: _Source, binding: Binding, packages: dict[str, Distribution], seed: int, nonce: str
) -> Claim:
    recorded = {name: _without_secrets(value) for name, value in source.params.items()}
    ingredients = {
        "version": KEY_VERSION,
        "problem": binding.identity.digest,
        "features": [[name, binding.types[name]] for name in binding.roles.features],
        "frame": source.frame,
        "code": source.closure.digest if source.closure is not None else nonce,
        "value": source.value,
        "params": recorded,
        "reads": _read_digests(source.reads, binding),
        "seed": seed,
        "row_limit": None,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "distributions": {name: [item.version, item.record] for name, item in sorted(packages.items())},
    }
    editable = tuple(f"`{name}` is installed in editable form" for name, item in packages.items() if item.editable)
    # What was masked cannot be handed to the candidate again.
    hidden = tuple(f"`{name}` held a secret, which is not kept" for name in _hidden(source.params, recorded))
    return Claim(
        label=request.label,
        spec=source.spec,
        params=source.params,
        recorded=recorded,
        seed=seed,
        frame=source.frame,
        ingredients=ingredients,
        closure=source.closure,
        missing=(*source.missing, *hidden, *editable),
        baseline=request.candidate is None,
    )


@dataclass(frozen=True)
class _Source:
    spec: ModelSpec
    params: dict[str, Any]
    frame: str
    closure: CodeClosure | None
    imports: tuple[str, ...]
    value: Any = None
    missing: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


def _reference(candidate: Candidate, params: Mapping[str, Any], closure: CodeClosure, doubt: str) -> _Source:
    """Return a function of the project; where it may be older in memory than its file, it is not cached."""
    spec = ModelSpec(module=candidate.module, qualname=candidate.qualname)
    return _Source(
        spec,
        candidate.plain(params),
        candidate.frame,
        None if doubt else closure,
        closure.imports,
        missing=(f"the code of `{candidate.name}`: {doubt}",) if doubt else (),
        reads=candidate.reads,
    )


def _apart(candidate: Candidate, request: Request, reason: str) -> _Source:
    """Return a function of a session that cannot be extracted: it travels by value, uncached."""
    where = "this session" if candidate.module == "__main__" else f"module `{candidate.module}`, outside the project"
    spec = ModelSpec(value=_pickled(candidate, request.label))
    why = f": {reason}" if reason else ""
    missing = (f"the code of `{candidate.name}`, which exists in {where}{why}",)
    return _Source(spec, candidate.plain(request.params), candidate.frame, None, ("sklearn",), None, missing)


def _withheld(name: str, secrets: tuple[str, ...]) -> tuple[str, ...]:
    return (f"the source of `{name}` was withheld: it holds {', '.join(secrets)}",) if secrets else ()


def _without_secrets(value: Any) -> Any:
    """Return a value in which the digest of a text that holds a secret stands for it, and still decides the key."""
    if isinstance(value, str) and find_secrets(value):
        return f"{HIDDEN}{digest(value)[:16]}"
    if isinstance(value, list | tuple):
        return [_without_secrets(item) for item in value]
    if isinstance(value, dict):
        return {name: _without_secrets(item) for name, item in value.items()}
    return value


def _hidden(params: Mapping[str, Any], recorded: Mapping[str, Any]) -> Iterable[str]:
    """Yield the names of the parameters that are not kept as they were given."""
    # A tuple is kept as a list, and NaN is no less itself.
    return (name for name, value in params.items() if canonical_json(value) != canonical_json(recorded[name]))


def _read_digests(reads: Iterable[str], binding: Binding) -> dict[str, str]:
    """Return the digests of the files that a candidate declares, by path below the root; folders with all in them."""
    root = binding.project.root
    memo = DigestMemo(binding.project.cache / "digests.sqlite")
    found: dict[str, str] = {}
    for name in reads:
        path = root / name
        files = sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]
        if not all(item.is_file() for item in files):
            raise NotFoundError(
                "What a candidate declares in `reads` must exist below the root.",
                f"There is no `{name}` in `{root}`.",
                "Mend the path, or drop it from `reads`.",
            )
        found |= {item.relative_to(root).as_posix(): file_digest(item, memo) for item in files}
    return found


def _pickled(value: Model | Candidate, label: str, named: Iterable[tuple[Any, str]] = (), extracted: str = "") -> bytes:
    try:
        return pickled(value, named, extracted)
    except Exception as error:
        raise DefinitionError(
            "A model that is handed over as a value must be able to travel to another process.",
            f"`{label}` cannot: {type(error).__name__}: {error}.",
            "Write it as a function under `@bc.candidate` in a module, which makes it there.",
        ) from error


def differing(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterable[str]:
    """Yield the names of claim ingredients that differ."""
    return (name for name in sorted({*ours, *theirs}) if ours.get(name) != theirs.get(name))
