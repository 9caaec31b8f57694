"""Errors as a person sees them: the rule, what was found, what to do next; never a traceback."""

from __future__ import annotations

import tempfile
import traceback
from typing import TYPE_CHECKING

import click

from bancada.display import plain
from bancada.exceptions import BancadaError, NotFoundError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["BUG", "DONE", "INTERRUPTED", "NO", "WRONG_USE", "explain", "show_bug", "show_error", "unknown_verb"]

DONE = 0
NO = 1
WRONG_USE = 2
BUG = 70
INTERRUPTED = 130

_HEAD = "error: "
_INDENT = " " * len(_HEAD)


def show_error(error: BancadaError) -> None:
    """Write the three sentences to stderr, a line each."""
    lines = [
        plain(line) for sentence in (error.rule, error.found, error.remedy) for line in sentence.splitlines() if line
    ]
    click.echo(_HEAD + f"\n{_INDENT}".join(lines), err=True)


def show_bug(error: BaseException, environ: Mapping[str, str]) -> None:
    """Say that bancada itself failed, and where its traceback is.

    Args:
        error: What was raised.
        environ: `BANCADA_DEBUG=1` shows the traceback at once.
    """
    text = "".join(traceback.format_exception(error))
    if environ.get("BANCADA_DEBUG", "") not in ("", "0"):
        click.echo("\n".join(plain(line) for line in text.splitlines()), err=True)
        where = "The traceback stands above."
    else:
        where = f"The traceback is in `{_kept(text)}`; with BANCADA_DEBUG=1 it is shown here."
    summary = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
    show_error(
        BancadaError(
            "This is a mistake in bancada, not in what you did; what was recorded so far is safe.",
            f"It met `{summary}`.",
            f"{where} Please report it.",
        )
    )


def explain(error: click.ClickException) -> BancadaError:
    """Put what click found wrong with a command line into three sentences."""
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    path = ctx.command_path if ctx is not None else "bancada"
    remedy = f"`{path} --help` shows what it takes."
    match error:
        case click.NoSuchOption():
            rule, found = f"`{path}` takes only its own options.", f"There is no option `{error.option_name}`."
            remedy = f"{nearest(error.option_name, _options(ctx))} {remedy}"
        case click.MissingParameter():
            rule, found = f"`{path}` needs {_named(error)}.", "It was not given."
        case click.BadParameter():
            rule, found = f"{_named(error)} must have a value that it can take.", _sentence(error.message)
        case click.BadOptionUsage():
            rule, found = f"`{error.option_name}` must be used as its verb says.", _sentence(error.message)
            remedy = "`bancada VERB --help` shows how."
        case click.FileError():
            rule, found = "A file that is named must be one that can be opened.", _sentence(error.format_message())
        case _ if ctx is not None and (name := getattr(error, "command_name", None)) is not None:
            return unknown_verb(name, path, _verbs(ctx))
        case _:
            rule, found = f"The command line must have the form `{_form(ctx)}`.", _sentence(error.format_message())
    return BancadaError(rule, found, remedy)


def unknown_verb(name: str, path: str, known: Iterable[str]) -> NotFoundError:
    """Return the error for a verb that does not exist.

    Args:
        name: What was typed.
        path: The command before it, such as `bancada` or `bancada store`.
        known: The verbs that exist.
    """
    return NotFoundError(
        f"`{path}` takes one of its verbs.",
        f"There is no verb `{name}`.",
        f"{nearest(name, known)} `{path} --help` lists them all.",
    )


def _verbs(ctx: click.Context) -> list[str]:
    return ctx.command.list_commands(ctx) if isinstance(ctx.command, click.Group) else []


def _options(ctx: click.Context | None) -> list[str]:
    return [] if ctx is None else [name for option in ctx.command.get_params(ctx) for name in _flags(option)]


def _flags(parameter: click.Parameter) -> list[str]:
    return parameter.opts if isinstance(parameter, click.Option) else []


def _named(error: click.BadParameter) -> str:
    if error.param is None:
        return f"`{error.param_hint}`" if isinstance(error.param_hint, str) else "A value"
    if isinstance(error.param, click.Option):
        return f"`{max(error.param.opts, key=len)}`"
    return f"`{error.param.make_metavar(error.ctx)}`" if error.ctx else f"`{error.param.name}`"


def _form(ctx: click.Context | None) -> str:
    if ctx is None:
        return "bancada VERB [ARGUMENTS]..."
    return " ".join([ctx.command_path, *ctx.command.collect_usage_pieces(ctx)])


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def _kept(text: str) -> str:
    """Write the traceback to a file that only its owner can read, and return its path."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="bancada-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as file:
        file.write(text)
    return file.name
