"""A command line becomes an exit code, and no word of it a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bancada.cli import _main as main_module
from bancada.cli._group import VerbGroup
from bancada.cli._main import bound_threads, program, run
from bancada.cli._verbs import EVERY_DAY, Verb

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCE = Path(main_module.__file__).parents[2]

_VERBS = """
import os, signal, sys
import click
from bancada.exceptions import DataError, NotFoundError, StoreError

@click.group(name="verb")
def command(): pass

def fail(error):
    @click.command()
    def verb(): raise error
    return verb

command.add_command(fail(DataError("Ids must be unique.", "`id` holds 3 twice:\\n\\x1b[31m3", "Drop one.")), "data")
command.add_command(fail(StoreError("A record must be readable.", "It is not.", "Verify.")), "store")
command.add_command(fail(KeyError("lost")), "bug")
command.add_command(fail(KeyboardInterrupt()), "interrupt")
command.add_command(fail(BrokenPipeError()), "pipe")

@command.command()
def no(): return 1

@command.command()
def fine(): click.echo("fine")

@command.command()
def endless():
    while True: click.echo("line " * 100)

@command.command()
def threads(): click.echo(os.environ["OMP_NUM_THREADS"])

@command.command()
@click.argument("other")
@click.option("--seed", type=int)
@click.option("--level", type=click.Choice(["a", "b"]))
def typed(other, seed, level): click.echo(seed)
"""


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> VerbGroup:
    folder = tmp_path_factory.mktemp("verbs")
    (folder / "bancada_test_verbs.py").write_text(_VERBS)
    sys.path.insert(0, str(folder))
    return VerbGroup([Verb("verb", "bancada_test_verbs", "Try things.", EVERY_DAY)], help="A test.")


def _told(
    group: VerbGroup, words: Sequence[str], capsys: pytest.CaptureFixture[str], environ: dict[str, str] | None = None
) -> tuple[int, str, str]:
    code = run(group, words, environ or {})
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("words", "expected", "out"),
    [(["verb", "fine"], 0, "fine\n"), (["verb", "no"], 1, ""), (["verb", "typed", "x", "--seed", "3"], 0, "3\n")],
)
def test_a_verb_returns_the_exit_code(
    group: VerbGroup, capsys: pytest.CaptureFixture[str], words: list[str], expected: int, out: str
) -> None:
    assert _told(group, words, capsys) == (expected, out, "")


@pytest.mark.parametrize(
    ("words", "err"),
    [
        (
            ["verb", "data"],
            "error: Ids must be unique.\n       `id` holds 3 twice:\n       \\x1b[31m3\n       Drop one.\n",
        ),
        (["verb", "store"], "error: A record must be readable.\n       It is not.\n       Verify.\n"),
        (
            ["vreb"],
            (
                "error: `bancada` takes one of its verbs.\n       There is no verb `vreb`.\n"
                "       Did you mean `verb`? `bancada --help` lists them all.\n"
            ),
        ),
        (
            ["verb", "typd"],
            (
                "error: `bancada verb` takes one of its verbs.\n       There is no verb `typd`.\n"
                "       Did you mean `typed`? `bancada verb --help` lists them all.\n"
            ),
        ),
        (
            ["verb", "typed", "x", "--sed", "1"],
            (
                "error: `bancada verb typed` takes only its own options.\n       There is no option `--sed`.\n"
                "       Did you mean `--seed`? `bancada verb typed --help` shows what it takes.\n"
            ),
        ),
        (
            ["verb", "typed", "x", "--seed", "many"],
            (
                "error: `--seed` must have a value that it can take.\n       'many' is not a valid integer.\n"
                "       `bancada verb typed --help` shows what it takes.\n"
            ),
        ),
        (
            ["verb", "typed"],
            (
                "error: `bancada verb typed` needs `OTHER`.\n       It was not given.\n"
                "       `bancada verb typed --help` shows what it takes.\n"
            ),
        ),
        (
            ["verb", "typed", "x", "y"],
            (
                "error: The command line must have the form `bancada verb typed [OPTIONS] OTHER`.\n"
                "       Got unexpected extra argument (y).\n"
                "       `bancada verb typed --help` shows what it takes.\n"
            ),
        ),
        (
            ["verb", "typed", "x", "--seed"],
            (
                "error: `--seed` must be used as its verb says.\n"
                "       Option '--seed' requires an argument.\n"
                "       `bancada VERB --help` shows how.\n"
            ),
        ),
    ],
)
def test_wrong_use_is_three_sentences_on_stderr_and_exit_code_two(
    group: VerbGroup, capsys: pytest.CaptureFixture[str], words: list[str], err: str
) -> None:
    assert _told(group, words, capsys) == (2, "", err)


def test_no_verb_at_all_shows_help_as_wrong_use(group: VerbGroup, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _told(group, [], capsys)
    assert (code, out) == (2, "")
    assert "Every day:" in err


def test_our_own_mistake_is_told_as_one_and_its_traceback_kept_in_a_private_file(
    group: VerbGroup, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, out, err = _told(group, ["verb", "bug"], capsys)
    (kept,) = tmp_path.iterdir()
    assert (code, out) == (70, "")
    assert "mistake in bancada" in err
    assert "KeyError: 'lost'" in err
    assert str(kept) in err
    assert "Traceback" not in err
    assert kept.read_text().startswith("Traceback")
    assert kept.stat().st_mode & 0o077 == 0


def test_debugging_shows_the_traceback_at_once(group: VerbGroup, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _told(group, ["verb", "bug"], capsys, {"BANCADA_DEBUG": "1"})
    assert code == 70
    assert err.startswith("Traceback")


def test_ctrl_c_is_130_without_a_word(group: VerbGroup, capsys: pytest.CaptureFixture[str]) -> None:
    assert _told(group, ["verb", "interrupt"], capsys) == (130, "", "\n")


def _python(code: str) -> subprocess.Popen[bytes]:
    environ = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _program(folder: str, *words: str) -> str:
    return (
        f"import sys; sys.path.insert(0, {folder!r}); sys.argv = ['bancada', *{list(words)!r}]\n"
        "from bancada.cli import _main\nfrom bancada.cli._group import VerbGroup\n"
        "from bancada.cli._verbs import Verb\n"
        "_main.program = lambda: VerbGroup([Verb('verb', 'bancada_test_verbs', '')])\n_main.main()"
    )


def test_a_reader_that_has_seen_enough_ends_the_program_silently(group: VerbGroup) -> None:
    process = _python(_program(sys.path[0], "verb", "endless"))
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(10), err) == (0, b"")


def test_another_broken_pipe_is_not_silenced(
    group: VerbGroup, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main_module, "_reader_gone", lambda: False)
    code, _, err = _told(group, ["verb", "pipe"], capsys)
    assert code == 70
    assert "BrokenPipeError" in err


def test_ctrl_c_in_the_whole_process_is_130(group: VerbGroup) -> None:
    process = _python(_program(sys.path[0], "verb", "endless"))
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert b"Traceback" not in err


def test_threads_are_bounded_before_a_verb_is_imported(group: VerbGroup) -> None:
    out, err = _python(_program(sys.path[0], "verb", "threads")).communicate(timeout=10)
    assert (out, err) == (b"1\n", b"")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, ("1", "1", "1", "1")),
        ({"OMP_NUM_THREADS": "4"}, ("4", "4", "4", "4")),
        ({"MKL_NUM_THREADS": "2"}, ("1", "1", "2", "1")),
    ],
)
def test_what_the_user_said_about_threads_stands(before: dict[str, str], after: tuple[str, ...]) -> None:
    environ = dict(before)
    bound_threads(environ)
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    assert tuple(environ[name] for name in names) == after


def test_help_loads_no_heavy_library_and_no_verb() -> None:
    code = (
        "import atexit, sys; sys.argv = ['bancada', '--help']\nfrom bancada.cli import main\n"
        "atexit.register(lambda: print(sorted(sys.modules), file=sys.stderr))\nmain()"
    )
    out, err = _python(code).communicate(timeout=10)
    loaded = err.decode()
    assert b"Every day" in out
    heavy = ("numpy", "pandas", "sklearn", "scipy", "pyarrow", "jinja2", "rich", "msgspec", "importlib.metadata")
    assert [name for name in heavy if f"'{name}'" in loaded] == []
    assert [verb.name for verb in program().verbs.values() if f"'{verb.module}'" in loaded] == []


def test_version_names_the_program_and_the_interpreter(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _told(program(), ["--version"], capsys)
    assert (code, err) == (0, "")
    assert out.startswith("bancada ")
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}." in out


def test_completion_answers_the_shell(group: VerbGroup, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _told(group, [], capsys, {"_BANCADA_COMPLETE": "bash_source"})
    assert code == 0
    assert "_BANCADA_COMPLETE=bash_complete" in out


def test_a_profiler_gets_to_write_its_findings(tmp_path: Path) -> None:
    kept = tmp_path / "profile"
    command = [sys.executable, "-m", "cProfile", "-o", str(kept), "-m", "bancada", "--version"]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0
    assert kept.stat().st_size
