"""Where the time goes: the top lines of a profile, of bancada's own functions and of all."""

from __future__ import annotations

import pstats
from pathlib import PurePath
from typing import TYPE_CHECKING

import bancada

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness import Ground

TOP = 20
PASSING_ON = ("bancada/cli/_main.py", "bancada/cli/_context.py", "bancada/cli/_run.py:command", "bancada/__main__.py")


def profiled(ground: Ground, *arguments: str | Path, cwd: Path) -> str:
    """Run Python with these arguments under cProfile and return its top lines as Markdown."""
    file = ground.folder("profile") / "profile"
    ground.output("-m", "cProfile", "-o", file, *arguments, cwd=cwd)
    return top_lines(file)


def top_lines(file: Path) -> str:
    """Return the top lines of a profile: bancada's functions with all that they call, and anyone's own time.

    Bodies of modules are left out, which is the time of imports, and what only passes on to what it calls.
    """
    stats = pstats.Stats(str(file)).stats  # type: ignore[attr-defined]  # typeshed leaves this attribute out
    rows = [
        (_place(*where), calls, own, total)
        for where, (_, calls, own, total, _) in stats.items()
        if where[2] not in {"<module>", "__getattr__"}
    ]
    ours = [row for row in rows if row[0].startswith("bancada/") and not row[0].startswith(PASSING_ON)]
    longest = sorted(ours, key=lambda row: -row[3])[:TOP]
    own = sorted(rows, key=lambda row: -row[2])[:TOP]
    return (
        "With all that they call (profiled, so about twice as slow):\n\n"
        + _table(longest)
        + "\n\nOwn time:\n\n"
        + _table(own)
    )


def imports(ground: Ground, *arguments: str, cwd: Path) -> str:
    """Return the modules whose import takes longest, with all that they import, as Markdown."""
    program = (
        "import subprocess, sys; done = subprocess.run([sys.executable, '-X', 'importtime', *sys.argv[1:]],"
        " capture_output=True, text=True); print(done.stderr)"
    )
    lines = ground.output("-c", program, *arguments, cwd=cwd).splitlines()
    cells = [line.removeprefix("import time:").split("|") for line in lines if line.startswith("import time:")][1:]
    longest = sorted(((int(total), name.strip()) for _, total, name in cells), reverse=True)[:TOP]
    rows = "\n".join(f"| `{name}` | {total / 1000:.1f} |" for total, name in longest)
    return f"Imports, each with what it imports:\n\n| module | ms |\n|---|---:|\n{rows}"


def _place(file: str, line: int, function: str) -> str:
    path = PurePath(file)
    house = PurePath(bancada.__file__).parents[1]
    if path.is_relative_to(house):
        return f"{path.relative_to(house).as_posix()}:{function}"
    if "site-packages" in path.parts:
        return f"{'/'.join(path.parts[path.parts.index('site-packages') + 1 :])}:{function}"
    return f"{path.name}:{line} {function}" if path.parts and file != "~" else function


def _table(rows: list[tuple[str, int, float, float]]) -> str:
    head = "| function | calls | own ms | total ms |\n|---|---:|---:|---:|\n"
    return head + "\n".join(
        f"| `{place}` | {calls} | {1000 * own:.1f} | {1000 * total:.1f} |" for place, calls, own, total in rows
    )
