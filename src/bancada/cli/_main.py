"""The program: from the words of a command line to an exit code."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import platform
import select
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from bancada.cli._errors import BUG, DONE, INTERRUPTED, WRONG_USE, explain, show_bug, show_error
from bancada.cli._group import VerbGroup
from bancada.cli._shells import COMPLETION, answer
from bancada.exceptions import BancadaError

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence
    from types import FrameType

__all__ = ["bound_threads", "main", "program", "run"]

_HELP = "Score machine-learning models so that every number can be compared, reproduced and shipped."
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def main() -> None:
    """Run the command line of this process and exit with its code."""
    bound_threads(os.environ)
    for stream in (sys.stdout, sys.stderr):
        # A terminal whose encoding lacks a character gets its escape, never a crash.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # the interpreter's own streams
    signal.signal(signal.SIGTERM, _terminated)
    # Imports make many objects and no garbage; looking for it among them takes a tenth of a second.
    gc.disable()
    code = run(program(), sys.argv[1:], os.environ)
    _leave(code)


def _leave(code: int) -> NoReturn:
    """Exit without taking the interpreter apart module by module, which takes longer than many a command."""
    if _watched():
        sys.exit(code)
    atexit._run_exitfuncs()  # noqa: SLF001 - what libraries registered is still done; there is no public way
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(code)


def _watched() -> bool:
    """Tell whether a profiler, a debugger or a coverage tool is at work: each has something to write at the end."""
    monitoring = getattr(sys, "monitoring", None)
    tools = [] if monitoring is None else [monitoring.get_tool(number) for number in range(6)]
    return sys.getprofile() is not None or sys.gettrace() is not None or any(tools)


def _terminated(_number: int, _frame: FrameType | None) -> None:
    """End as after Ctrl-C, so that a sweep that a machine ends is recorded like one that a person ends."""
    raise KeyboardInterrupt


def bound_threads(environ: MutableMapping[str, str]) -> None:
    """Give each numerical library one thread unless the user said otherwise.

    Workers run side by side, one for each core; a library that starts a thread for each core besides would slow all of
    them. The libraries read these when they are imported, so this comes first.

    Args:
        environ: The environment that they will read; changed in place.
    """
    threads = environ.setdefault("OMP_NUM_THREADS", "1")
    for name in _THREADS:
        environ.setdefault(name, threads)


def program() -> VerbGroup:
    """Return the group of all verbs."""
    version = click.Option(
        ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version."
    )
    return VerbGroup(help=_HELP, params=[version])


def run(group: click.Group, arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run one command line.

    Args:
        group: The program.
        arguments: What was typed after the program's name.
        environ: Environment variables.

    Returns:
        0 done; 1 the answer is no; 2 wrong use; 70 a mistake in bancada; 130 interrupted. A verb returns its code, None
        being 0.
    """
    if instruction := environ.get(COMPLETION):
        return answer(group, instruction)
    try:
        code = _answer(group, arguments)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last line: people get sentences, never a traceback
        return _told(error, environ)
    return code


def _answer(group: click.Group, arguments: Sequence[str]) -> int:
    try:
        with group.make_context("bancada", list(arguments)) as ctx:
            answer = group.invoke(ctx)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    return answer if isinstance(answer, int) else DONE


def _told(error: BaseException, environ: Mapping[str, str]) -> int:
    """Tell what ended the verb and return the exit code for it."""
    code = WRONG_USE
    match error:
        case BancadaError():
            show_error(error)
        case click.exceptions.NoArgsIsHelpError():
            error.show()
        case click.ClickException():
            show_error(explain(error))
        case KeyboardInterrupt() | click.Abort():
            click.echo(err=True)
            code = INTERRUPTED
        case BrokenPipeError() if _reader_gone():
            # The reader, such as `head`, has seen enough. What is left in the buffer must not raise again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = DONE
        case _:
            show_bug(error, environ)
            code = BUG
    return code


def _reader_gone() -> bool:
    """Tell whether the process that read our output has closed its end, as against some other broken pipe."""
    if sys.platform == "win32":
        return True
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's signature
    if not asked:
        return
    import importlib.metadata  # noqa: PLC0415 - half as dear as all of click, and only this option needs it

    try:
        version = importlib.metadata.version("bancada")
    except importlib.metadata.PackageNotFoundError:
        version = "(not installed)"
    click.echo(f"bancada {version}, Python {platform.python_version()}")
    ctx.exit()
