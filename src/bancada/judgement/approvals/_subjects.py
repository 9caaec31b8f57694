"""What can be approved, as it is now: its digest, and the digests of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.exceptions import BancadaError, StoreError
from bancada.identity import digest, digest_bytes
from bancada.judgement.approvals._subject import Subject
from bancada.provenance import ProjectCode, code_closure
from bancada.provenance.origin import checked_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bancada.definitions import Project
    from bancada.judgement.approvals._told import Told
    from bancada.provenance import CodeClosure

__all__ = ["closures_of", "subject_of"]

_MOST_PAGE_BYTES = 20_000_000
# Enough to tell that a part changed. What an approval is bound to is the whole digest.
_PART_DIGITS = 16
_LISTS = {"kpi": "KPI", "metrics": "metric", "slices": "slice"}


def subject_of(name: str, told: Told, project: Project) -> Subject:
    """Return a subject as it is now; no code of the project is executed.

    Args:
        name: `evaluation`, `code`, `guide` or `alternatives`.
        told: How the problem is judged, from the snapshot of the definitions.
        project: The project: its code and its pages are read as they are now.
    """
    if name == "guide":
        return _guide(project)
    if told.judged is None:
        return _nothing(
            name, "The evaluation is not known without the data.", "Name the problem's `task`, or its primary metric."
        )
    if name == "evaluation":
        return Subject(name, told.evaluation, _parts_of(told.judged.ingredients))
    return _alternatives(told) if name == "alternatives" else _code(told, project)


def _parts_of(ingredients: Mapping[str, Any]) -> dict[str, str]:
    """Return the digests of the parts of an evaluation; each metric, KPI and slice is a part of its own."""
    parts = {}
    for key, value in ingredients.items():
        if key in _LISTS and isinstance(value, list):
            for item in value:
                parts[f"{_LISTS[key]} {item.get('name', item.get('column', ''))}"] = _short(item)
        else:
            parts[key] = _short(value)
    return parts


def _alternatives(told: Told) -> Subject:
    judged = told.judged
    if judged is None or not judged.alternatives:
        return _nothing(
            "alternatives",
            "No alternative is told.",
            'Write `alternatives=[bc.Alternative("accuracy", "why it was rejected")]` into `bc.Evaluation`.',
        )
    considered = sorted(judged.alternatives, key=lambda item: item.name)
    content = {
        "alternatives": [{"name": item.name, "why": item.why} for item in considered],
        "reasons": judged.reasons,
    }
    parts = {f"alternative {item.name}": _short(item.why) for item in considered}
    parts |= {f"reason of {name}": _short(reason) for name, reason in judged.reasons.items()}
    return Subject("alternatives", digest(content), parts)


def closures_of(told: Told, project: Project) -> dict[str, CodeClosure]:
    """Return the code behind each part of an evaluation that is of the project's own making, by what it is for.

    Raises:
        BancadaError: A definition is not where it was, or a module cannot be parsed.
    """
    code = ProjectCode(project.root, project.search)
    pieces = () if told.judged is None else told.judged.code
    return {item.what: code_closure(item.module, item.qualname, code) for item in pieces if item.qualname is not None}


def _code(told: Told, project: Project) -> Subject:
    pieces = () if told.judged is None else told.judged.code
    if not pieces:
        return Subject(
            "code",
            "",
            lacking="The evaluation has no code of its own: bancada's built-ins are tested with bancada.",
            remedy="There is nothing to approve.",
            applies=False,
        )
    if unnamed := [item for item in pieces if item.qualname is None]:
        return _nothing(
            "code",
            f"The code of {unnamed[0].what} in `{unnamed[0].module}` has no name at the top level.",
            "Define it there with `def` or `class`, so that it can be reviewed.",
        )
    try:
        closures = closures_of(told, project)
    except BancadaError as error:
        return _nothing("code", f"{error.rule} {error.found}", error.remedy)
    items = {f"{item.module}:{item.qualname}": item.digest for known in closures.values() for item in known.items}
    parts = {name: value[:_PART_DIGITS] for name, value in items.items()}
    return Subject("code", digest({what: known.digest for what, known in closures.items()}), parts)


def _guide(project: Project) -> Subject:
    if not project.guide:
        return _nothing(
            "guide", "No guide is named.", 'Name its pages: `guide = "docs/evaluation/guide.md"` in `[tool.bancada]`.'
        )
    pages = {}
    for name in project.guide:
        try:
            pages[name] = _page(project.root, name)
        except (OSError, StoreError) as error:
            told = error.found if isinstance(error, StoreError) else f"It cannot be read: {error.strerror or error}."
            return _nothing("guide", f"`guide` names `{name}`. {told}", "Write that page, or correct `guide`.")
    return Subject("guide", digest(pages), {f"page {name}": value[:_PART_DIGITS] for name, value in pages.items()})


def _page(root: Path, name: str) -> str:
    """Return the digest of a page; how its lines end is not part of it, for git may change that."""
    path = root / checked_path(name)
    if not path.resolve().is_relative_to(root.resolve()):
        raise StoreError("A page of the guide is a file of the project.", "It leads out of it.", "Copy it there.")
    with path.open("rb") as stream:
        data = stream.read(_MOST_PAGE_BYTES + 1)
    if len(data) > _MOST_PAGE_BYTES:
        raise StoreError(
            "A page is something that people read.", f"It has over {_MOST_PAGE_BYTES:,} bytes.", "Name a page."
        )
    return digest_bytes(data.replace(b"\r\n", b"\n"))


def _nothing(name: str, lacking: str, remedy: str) -> Subject:
    return Subject(name, "", lacking=lacking, remedy=remedy)


def _short(value: object) -> str:
    return digest(value)[:_PART_DIGITS]
