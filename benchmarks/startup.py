"""What a person waits for before anything happens: `--help`, and `import bancada`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.harness import Report, Row, alternate, difference, duration, median
from benchmarks.profiling import imports

if TYPE_CHECKING:
    from benchmarks.harness import Ground

HELP_S = 0.1
IMPORT_S = 0.05
HEAVY = ("jinja2", "numpy", "pandas", "pyarrow", "scipy", "sklearn")


def measure(ground: Ground) -> Report:
    """Time `python -m bancada --help` and `import bancada` over a Python that does nothing."""
    place = ground.folder("empty")
    taken = alternate(
        {
            "bare": lambda: ground.seconds("-c", "pass", cwd=place),
            "help": lambda: ground.seconds("-m", "bancada", "--help", cwd=place),
            "import": lambda: ground.seconds("-c", "import bancada", cwd=place),
        },
        ground.times(20, 3),
    )
    shown, imported = difference(taken["help"], taken["bare"]), difference(taken["import"], taken["bare"])
    bare = f"Python that does nothing: {duration(median(taken['bare']))}"
    told = f"import sys; {{}}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    loaded = ground.output("-c", told.format("import bancada"), cwd=place).split()
    helped = (
        "sys.argv = ['bancada', '--help']; import atexit, bancada.cli; "
        f"atexit.register(lambda: print('heavy:', *[name for name in {HEAVY!r} if name in sys.modules]));"
        " bancada.cli.main()"
    )
    loaded_by_help = ground.output("-c", f"import sys; {helped}", cwd=place).rsplit("heavy:", 1)[1].split()
    rows = (
        Row("`bancada --help`, whole process over bare Python", "≤ 100 ms", duration(shown), bare, shown <= HELP_S),
        Row("`import bancada` over bare Python", "≤ 50 ms", duration(imported), bare, imported <= IMPORT_S),
        Row(
            f"of {', '.join(f'`{name}`' for name in HEAVY)}, `import bancada` and `--help` load",
            "none",
            ", ".join(sorted({*loaded, *loaded_by_help})) or "none",
            passed=not loaded and not loaded_by_help,
        ),
    )
    report = Report(rows)
    return Report(rows, imports(ground, "-m", "bancada", "--help", cwd=place)) if report.missed else report
