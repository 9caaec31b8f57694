"""The patch of a run: how the project differed from its commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.display import plain
from bancada.exceptions import NotFoundError

if TYPE_CHECKING:
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["PatchDocument", "patch_document", "patch_text"]


class PatchDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.patch/1`: what git said of the project, and how tracked files differed from the commit."""

    schema: str = "bancada.patch/1"
    run_id: str
    git: dict[str, Any]
    patch: str


def patch_document(record: RunRecord, store: Store) -> PatchDocument:
    """Return how the project differed from its commit when a run was made; empty where it did not.

    Raises:
        NotFoundError: git said nothing then.
        StoreError: The patch is missing, or was altered.
    """
    git = record.provenance.get("git")
    if not isinstance(git, dict):
        raise NotFoundError(
            "A patch says how a project differed from the commit that was checked out.",
            f"Run `r-{record.run_id[:6]}` was made where git said nothing.",
            "`bancada show --code` shows its code, which is kept with or without git.",
        )
    name = git.get("patch")
    text = store.objects.get(str(name)).decode("utf-8", "replace") if name else ""
    return PatchDocument(run_id=record.run_id, git=git, patch=text)


def patch_text(document: PatchDocument) -> str:
    """Return the patch as `git apply` takes it, but for control characters, which are written out."""
    if not document.patch:
        state = "differed from its commit, and nothing of that is kept" if document.git.get("dirty") else "was clean"
        return f"The project {state}.\n"
    return "".join(f"{_line(line)}\n" for line in document.patch.split("\n")[:-1])


def _line(line: str) -> str:
    return "\t".join(plain(part) for part in line.split("\t"))
