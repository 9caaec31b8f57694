"""What a record tells of git."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.provenance.repository import patch_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from bancada.provenance.repository import Repository
    from bancada.store import Store

__all__ = ["git_facts"]


def git_facts(repository: Repository, store: Store, data: Collection[str] = ()) -> dict[str, Any] | None:
    """Return what git says of the project; None where there is no git.

    Args:
        repository: The repository, asked already.
        store: Where the patch is kept.
        data: Files of the dataset, relative to the root: they are data, and no part of the patch.

    Returns:
        `commit`, `branch`, `remote`, `dirty`; `patch`, the object of what differs from the commit, None where nothing
        of it is kept; and `withheld`, what was left out of the patch, where anything was. The patch is for people: the
        sources that a run needs are kept by themselves.
    """
    state = repository.state
    if state is None:
        return None
    difference = repository.difference
    if difference is None:
        patch, withheld = "", ["the patch: it is longer than 5 MB"]
    else:
        found = patch_of(difference, data)
        patch, withheld = found.text, list(found.withheld)
    kept = store.objects.put(patch.encode()) if patch else None
    return {**msgspec.to_builtins(state), "patch": kept, **({"withheld": withheld} if withheld else {})}
