"""What may be typed next: names of candidates, runs and problems, read from the store; no project code is executed.

A completion must never get in the way: whatever fails, nothing is offered.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.shell_completion import CompletionItem

from bancada import definitions
from bancada.display import plain
from bancada.store import Index, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import click

__all__ = ["complete_problem", "complete_reference", "complete_role", "complete_words"]

SHOWN_RUNS = 50  # the newest; older ones are found with `bancada list`
SHORT = 10  # characters of a run's id that are offered, `r-` apart


def complete_words(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer candidates, and behind a candidate its parameters; for `run` and `try`."""
    return _offered(lambda: _words(_snapshot(ctx), _typed(ctx), incomplete), incomplete)


def complete_reference(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer what names a run: a candidate, `best`, `r-…`."""
    return _offered(lambda: _references(ctx, incomplete), incomplete)


def complete_role(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the roles of the project's team."""
    return _offered(lambda: map(CompletionItem, _project(ctx).team.roles), incomplete)


def complete_problem(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the problems of the project."""
    return _offered(lambda: _problems(ctx), incomplete)


def _offered(found: Callable[[], Iterable[CompletionItem]], incomplete: str) -> list[CompletionItem]:
    try:
        return [item for item in found() if item.value.startswith(incomplete) and item.value.isprintable()]
    except Exception:  # noqa: BLE001 - a shell that completes shows no errors; the verb itself will tell what is wrong
        return []


def _project(ctx: click.Context) -> definitions.Project:
    folder, store = ctx.params.get("directory"), ctx.params.get("store")
    flags = {"store": None if store is None else str(Path(store).absolute())}
    return definitions.find_project(Path(folder or Path.cwd()), os.environ, home=Path.home(), flags=flags)


def _snapshot(ctx: click.Context) -> dict[str, Any]:
    project = _project(ctx)
    return Store.open(project.store, create=False).definitions.current(str(project.root)) or {}


def _typed(ctx: click.Context) -> Sequence[str]:
    """Return the words that stand before the one under way."""
    words = ctx.params.get("words") or ctx.params.get("candidate") or ()
    return [words] if isinstance(words, str) else list(words)


def _words(snapshot: dict[str, Any], typed: Sequence[str], incomplete: str) -> Iterable[CompletionItem]:
    candidates = {item["name"]: item for item in snapshot.get("candidates", ())}
    last = next((word for word in reversed(typed) if "=" not in word), None)
    known = candidates.get(last or "", {}).get("parameters", ())
    name, assigned, _ = incomplete.partition("=")
    if assigned:
        yield from _values(next((item for item in known if item["name"] == name), None))
        return
    given = {word.partition("=")[0] for word in typed if "=" in word}
    for item in known:
        if item["name"] not in given:
            default = "required" if item["required"] else f"default {item['default']}"
            yield CompletionItem(f"{item['name']}=", help=plain(f"{item['annotation']}, {default}"))
    yield from _candidates(candidates.values())


def _values(parameter: dict[str, Any] | None) -> Iterable[CompletionItem]:
    """Offer the values of a parameter that has few of them."""
    if parameter is None:
        return
    kinds = [part.strip() for part in str(parameter["annotation"]).split("|")]
    values = [*(("true", "false") if "bool" in kinds else ()), *(("none",) if "None" in kinds else ())]
    if not parameter["required"]:
        values.append(str(parameter["default"]))
    yield from (CompletionItem(f"{parameter['name']}={value}") for value in dict.fromkeys(values))


def _candidates(candidates: Iterable[dict[str, Any]]) -> Iterable[CompletionItem]:
    for item in candidates:
        yield CompletionItem(item["name"], help=plain(item.get("summary") or "") or None)
    yield CompletionItem("baseline", help="the task's own")


def _references(ctx: click.Context, incomplete: str) -> Iterable[CompletionItem]:
    project = _project(ctx)
    store = Store.open(project.store, create=False)
    snapshot = store.definitions.current(str(project.root)) or {}
    yield CompletionItem("best", help="the top of the board")
    yield from _candidates(snapshot.get("candidates", ()))
    if not incomplete.startswith("r"):
        return
    index = Index(store, project.cache)
    try:
        asked = ctx.params.get("problem")
        names = store.runs.problems() if asked is None else (asked,)
        runs = sorted((run for name in names for run in index.listing(name)), key=lambda run: run.started)
    finally:
        index.close()
    for run in runs[: -SHOWN_RUNS - 1 : -1]:
        yield CompletionItem(f"r-{run.run_id[:SHORT]}", help=plain(f"{run.candidate}, {run.status}"))


def _problems(ctx: click.Context) -> Iterable[CompletionItem]:
    project = _project(ctx)
    store = Store.open(project.store, create=False)
    snapshot = store.definitions.current(str(project.root)) or {}
    defined = [str(item["name"]) for item in snapshot.get("problems", ())]
    return [CompletionItem(name) for name in dict.fromkeys([*defined, *store.runs.problems()])]
