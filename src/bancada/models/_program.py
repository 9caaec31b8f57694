"""Running a program that is not Python's: found, watched, and told about when it fails."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.exceptions import ConfigurationError, NotFoundError, PredictionError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run_program"]

TAIL_BYTES = 4_000
TAIL_LINES = 20
_CHUNK = 65_536
# How long a program's output is waited for once it has ended: what it started may hold the pipe.
_TICK_S = 0.1
_INSTALL = {
    "Rscript": "R: `apt install r-base-core`, `brew install r`, or a conda environment with `r-base`",
    "R": "R: `apt install r-base-core`, `brew install r`, or a conda environment with `r-base`",
    "julia": "Julia, with `juliaup`",
    "node": "Node.js",
    "java": "a Java runtime, such as `apt install default-jre`",
    "awk": "awk: `apt install gawk`, `brew install gawk`",
    "gawk": "awk: `apt install gawk`, `brew install gawk`",
    "cargo": "Rust, with `rustup`",
    "go": "Go",
    "octave": "GNU Octave: `apt install octave`, `brew install octave`",
    "perl": "Perl",
    "ruby": "Ruby",
}


def run_program(argv: Sequence[str], root: Path) -> None:
    """Run a program to its end, in the project's root, with no input; what it prints is printed here.

    It stays in the process group of its caller, so that it dies with the fold.

    Args:
        argv: The program and its arguments; no shell sees them.
        root: The working folder.

    Raises:
        ConfigurationError: It may not be run.
        NotFoundError: There is no such program.
        PredictionError: It ended with another code than 0, or by a signal.
    """
    try:
        process = subprocess.Popen(
            [_found(argv[0], root), *argv[1:]],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise ConfigurationError(
            "A command begins with a program that this machine can run.",
            f"`{argv[0]}` cannot be run: {error.strerror or error}.",
            f"Make it executable (`chmod +x {argv[0]}`), and begin a script with a line such as `#!/bin/sh`.",
        ) from error
    try:
        tail = _watched(process)
    finally:
        with contextlib.suppress(OSError):
            process.kill()
        code = process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if code:
        raise PredictionError(
            "A program that succeeds ends with exit code 0.",
            f"`{Path(argv[0]).name}` ended {_ending(code)}, after {_last(tail)}",
            "Run it by hand on the data of `job.json`, or read the whole output with `bancada show --log`.",
        )


def _found(program: str, root: Path) -> str:
    """Return the path of a program; one with a slash is looked for below the root, others on the PATH."""
    if os.sep in program:
        if (root / program).is_file():
            return str(root / program)
        folder = (root / program).parent
        names = [item.name for item in folder.iterdir()] if folder.is_dir() else []
        remedy = nearest(Path(program).name, names)
    else:
        found = shutil.which(program)
        if found is not None:
            return found
        if (root / program).is_file():
            remedy = f"Say `./{program}` for the file of the project."
        else:
            remedy = f"Install {_INSTALL.get(program, 'it, or give its whole path')}."
    raise NotFoundError("A command begins with a program that is installed.", f"Found no `{program}`.", remedy)


def _watched(process: subprocess.Popen[bytes]) -> bytes:
    """Print what a program prints until it has ended, and return the end of it."""
    tail = b""
    if process.stdout is None:
        return tail
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            ended = process.poll() is not None
            # What outlives the program and holds its output open is not waited for.
            if not selector.select(0 if ended else _TICK_S):
                if ended:
                    return tail
                continue
            chunk = os.read(process.stdout.fileno(), _CHUNK)
            if not chunk:
                process.wait()
                return tail
            sys.stdout.write(chunk.decode("utf-8", "replace"))
            tail = (tail + chunk)[-TAIL_BYTES:]


def _ending(code: int) -> str:
    if code > 0:
        return f"with exit code {code}"
    name = signal.Signals(-code).name if -code in {*signal.Signals} else str(-code)
    return f"by the signal {name}"


def _last(tail: bytes) -> str:
    lines = tail.decode("utf-8", "replace").strip().splitlines()[-TAIL_LINES:]
    return "printing:\n" + "\n".join(f"    {line}" for line in lines) + "\n" if lines else "printing nothing."
