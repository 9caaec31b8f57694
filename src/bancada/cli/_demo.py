"""`bancada demo`: four models on real data."""

from __future__ import annotations

from pathlib import Path

import click

from bancada import project as projects
from bancada.cli._context import Common, json_option
from bancada.cli._errors import DONE
from bancada.cli._run import run_project

__all__ = ["command"]

HELP = """Write a small project into FOLDER (by default `bancada-demo`), score its four candidates and the baseline on
real data, and show the leaderboard. Run it again: nothing is computed twice.
"""


@click.command("demo", help=HELP, short_help="Score four models on real data, to see how it works.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("bancada-demo"))
@json_option
def command(folder: Path, *, as_json: bool) -> int:
    """Run the demo."""
    written = projects.write_demo(folder)
    common = Common(as_json=as_json, directory=folder, store=folder / ".bancada")
    if not as_json:
        told = f"Wrote {' and '.join(f'`{folder / name}`' for name in written)}." if written else f"Using `{folder}`."
        click.echo(told, err=True)
    code = run_project(common, common.open_project())
    if code == DONE and not as_json:
        click.echo(
            f"\nNext, in `{folder}`: read `experiment.py`, change a candidate, and try\n"
            "  bancada try logistic --watch         on every save: better than the leader?\n"
            "  bancada run                          only what changed is computed\n"
            "  bancada compare logistic boosting    is the difference real?\n"
            "  bancada fit best                     the winner, fitted on all rows that are not sealed",
            err=True,
        )
    return code
