"""Options that many verbs share, and the way from them to the project."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bancada import definitions
from bancada.cli._completing import complete_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.definitions import Project

__all__ = ["Common", "common_options", "json_option"]

_FOLDER = click.Path(file_okay=False, path_type=Path)
_EXISTING_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Common:
    """What the shared options said.

    Attributes:
        problem: Name of the problem; None where it is implied.
        as_json: True where one JSON document is wanted.
        directory: Folder from which the project is looked for; None is the current one.
        store: Folder of the records; None is the project's own.
    """

    problem: str | None = None
    as_json: bool = False
    directory: Path | None = None
    store: Path | None = None

    def open_project(self) -> Project:
        """Find the project of these options; a flag goes before environment variables and files.

        Raises:
            ConfigurationError: A project file or an option is wrong.
        """
        flags = {"store": None if self.store is None else str(self.store.absolute())}
        return definitions.find_project(self.directory or Path.cwd(), os.environ, home=Path.home(), flags=flags)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")


def common_options(*, problem: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the shared options to a verb, which receives them as one argument `common`.

    Args:
        problem: False for a verb that is about no single problem: it has no `--problem`.

    Returns:
        A decorator, to stand below `@click.command`.
    """
    options = [
        json_option,
        click.option(
            "-C", "--directory", type=_EXISTING_FOLDER, metavar="DIR", help="Work in the project of this folder."
        ),
        click.option("--store", type=_FOLDER, metavar="DIR", help="Read and write records in this folder."),
    ]
    if problem:
        told = "Problem, where there are several."
        options.insert(0, click.option("-p", "--problem", metavar="NAME", help=told, shell_complete=complete_problem))

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def verb(
            *, as_json: bool, directory: Path | None, store: Path | None, problem: str | None = None, **own: Any
        ) -> Any:
            return function(common=Common(problem, as_json, directory, store), **own)

        for option in reversed(options):
            verb = option(verb)
        return verb

    return decorate
