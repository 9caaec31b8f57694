"""`--trust`, and the question before a record of somebody else executes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bancada.report import consenting

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.engine.origins import WouldRun

__all__ = ["asking", "trust_option"]

trust_option = click.option(
    "--trust", metavar="SIGNER", help="Execute records of others that this allowed signer has signed, without asking."
)


def asking() -> Callable[[WouldRun], bool] | None:
    """Return what shows a record and asks on the terminal; None where nobody could answer."""
    return _ask if sys.stdin.isatty() and sys.stderr.isatty() else None


def _ask(document: WouldRun) -> bool:
    click.echo(consenting.consent_text(document), err=True)
    return click.confirm("Execute it?", default=False, err=True)
