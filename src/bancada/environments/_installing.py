"""Virtual environments made and filled by uv, from wheels alone."""

from __future__ import annotations

import errno
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from bancada.environments._indexes import index_settings
from bancada.environments._room import lack_of_room
from bancada.exceptions import EnvironmentNotRebuilt, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from bancada.records.environments import EnvironmentRecord, Package

__all__ = ["install_wheels", "interpreter_in", "virtual_environment"]

_RULE = "Every package of an environment must be had again, in its version and as a wheel."
_PYTHON_RULE = "An environment is made again with the very Python that it had."
_LIMIT_S = 1800
_ROUNDS = 40
_NETWORK = re.compile(
    r"error sending request|failed to fetch|request failed|dns error|connection refused|timed out|network connectivity"
    r"|connect error|could not connect|network was disabled",
    re.IGNORECASE,
)
_SETTINGS = ("--no-deps", "--only-binary", ":all:", "--no-sources", "--quiet")
_LINES = 6
_SHOWN = 10


def virtual_environment(record: EnvironmentRecord, folder: Path, environ: Mapping[str, str]) -> Path:
    """Make an empty virtual environment with the recorded Python.

    Args:
        record: What was recorded.
        folder: Where to make it.
        environ: The environment variables of uv.

    Returns:
        The interpreter.

    Raises:
        EnvironmentNotRebuilt: There is no such Python here.
        OSError: The disk takes no more.
        UsageError: There is no uv, or it was ended.
    """
    mine = (platform.python_version(), platform.python_implementation()) == (record.python, record.implementation)
    wanted = f"{record.implementation.lower()}@{record.python}"
    # This very interpreter needs no search.
    base = getattr(sys, "_base_executable", "") if mine else ""
    command = [
        "venv",
        "--quiet",
        "--no-project",
        "--allow-existing",
        "--no-python-downloads",
        "--python",
        base or wanted,
    ]
    done = _uv([*command, os.fspath(folder)], environ)
    if done.returncode:
        raise EnvironmentNotRebuilt(
            _PYTHON_RULE,
            f"Found no {record.implementation} {record.python} here: {_said(done.stderr)}",
            f"Get it with `uv python install {wanted}`.",
        )
    return interpreter_in(folder)


def interpreter_in(folder: Path) -> Path:
    """Return where the interpreter of a virtual environment lies.

    Args:
        folder: The environment.
    """
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def install_wheels(
    packages: Sequence[Package], wheels: Mapping[str, Path], python: Path, environ: Mapping[str, str]
) -> None:
    """Install packages in exactly their versions into an environment that has none, or none of Python's.

    Nothing is built, nothing else comes along, and where a wheel's digest is known, no other is taken. uv asks the
    interpreter what it is before it installs, and not afterwards.

    Args:
        packages: What was recorded; those whose origin is `index` or `kept` are installed.
        wheels: By name, the wheel of each package that was kept.
        python: The interpreter of the environment.
        environ: The environment variables of uv, which name its indexes.

    Raises:
        EnvironmentNotRebuilt: A package cannot be had.
        OSError: The disk takes no more.
        UsageError: There is no uv, or it was ended.
    """
    lines = {package.name: _line(package, wheels) for package in packages if package.origin in {"index", "kept"}}
    if not lines:
        return
    done = _install(lines.values(), python, environ)
    if done.returncode == 0:
        return
    offline = bool(_NETWORK.search(done.stderr))
    lost = _lost(lines, python, environ, offline=offline, first=done.stderr)
    versions = {package.name: package.version for package in packages}
    more = f" and {len(lost) - _SHOWN:,} more" if len(lost) > _SHOWN else ""
    named = ", ".join(f"`{name}` {versions[name]}" for name in lost[:_SHOWN]) + more
    named = named or "packages that uv does not name"
    if offline:
        raise EnvironmentNotRebuilt(
            _RULE,
            f"Found neither the network nor, in uv's cache, {named}.",
            "Ask again with a network, or on a machine where uv has installed them before.",
            lost,
        )
    raise EnvironmentNotRebuilt(
        _RULE,
        f"Found no wheel of {named} for this platform in the configured indexes; uv said: {_said(done.stderr)}",
        "Configure the index that has it in `uv.toml` or by `UV_INDEX`, or put its wheel into a folder of "
        "`UV_FIND_LINKS`.",
        lost,
    )


def _line(package: Package, wheels: Mapping[str, Path]) -> str:
    if package.origin == "kept":
        return f"{package.name} @ {wheels[package.name].absolute().as_uri()}"
    hashes = "".join(f" --hash={value}" for value in package.hashes)
    return f"{package.name}=={package.version}{hashes}"


def _install(
    lines: Iterable[str], python: Path, environ: Mapping[str, str], *more: str
) -> subprocess.CompletedProcess[str]:
    command = ["pip", "install", *_SETTINGS, *more, "--python", os.fspath(python), "--requirements", "-"]
    return _uv(command, environ, "\n".join(lines) + "\n")


def _lost(
    lines: Mapping[str, str], python: Path, environ: Mapping[str, str], *, offline: bool, first: str
) -> tuple[str, ...]:
    """Find every package that cannot be had: uv names one or a few at a time, and those are left out of the next try.

    Without a network only uv's cache is asked, which answers at once.
    """
    remaining = dict(lines)
    lost: list[str] = []
    more = ["--dry-run", *(["--offline"] if offline else [])]
    told = "" if offline else first
    for _ in range(_ROUNDS):
        named = _named(told, remaining)
        lost += named
        for name in named:
            del remaining[name]
        if (told and not named) or not remaining:
            break
        done = _install(remaining.values(), python, environ, *more)
        if done.returncode == 0:
            break
        told = done.stderr
    return tuple(sorted(lost))


def _named(told: str, names: Iterable[str]) -> list[str]:
    """Return the packages that a message of uv speaks of, in any of the forms in which it speaks of them."""
    text = re.sub(r"\s+", " ", re.sub(r"[_.]+(?=[A-Za-z])", "-", told)).lower()
    speaks = r"(?==| was not| has no| cannot|`|/)"
    return [name for name in names if re.search(rf"(?<![\w-]){re.escape(name)}{speaks}", text)]


def _said(text: str) -> str:
    """Shorten what uv wrote to one line, without addresses: they may hold credentials."""
    words = " ".join(line.strip(" │╰─▶×├") for line in text.strip().splitlines()[:_LINES])
    words = re.sub(r"\s+", " ", re.sub(r"[a-z+]+://\S+", "an address", words)).strip().rstrip(".")
    return f"{words}." if words else "nothing."


def _program(environ: Mapping[str, str]) -> str:
    """Return where uv is: on the PATH, or beside this interpreter, where `pip install uv` puts it."""
    beside = os.path.dirname(sys.executable)  # noqa: PTH120 - it becomes part of a PATH
    return shutil.which("uv", path=os.pathsep.join([environ.get("PATH", os.defpath), beside])) or "uv"


def _uv(arguments: Sequence[str], environ: Mapping[str, str], given: str = "") -> subprocess.CompletedProcess[str]:
    """Run uv with the caller's own configuration."""
    settings = {**index_settings(environ), **environ, "NO_COLOR": "1", "UV_NO_PROGRESS": "1"}
    # What would let it build, or take other versions than were asked for, must not come from outside.
    for name in (
        "UV_OVERRIDE",
        "UV_CONSTRAINT",
        "UV_EXCLUDE",
        "UV_NO_BINARY",
        "UV_PRERELEASE",
        "VIRTUAL_ENV",
        "UV_PYTHON",
    ):
        settings.pop(name, None)
    try:
        done = subprocess.run(
            [_program(environ), *arguments],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            env=settings,
            timeout=_LIMIT_S,
        )
    except FileNotFoundError:
        raise UsageError(
            "Environments are made again by uv.",
            "Found no program `uv` on the PATH.",
            "Install it with `pip install uv`, or as its documentation says.",
        ) from None
    except subprocess.TimeoutExpired:
        raise EnvironmentNotRebuilt(
            _RULE,
            f"Found uv still at work after {_LIMIT_S // 60} minutes.",
            "Look at the network, and ask again.",
        ) from None
    _refuse_ended(done.returncode, done.stderr)
    return done


def _refuse_ended(code: int, said: str) -> None:
    """Refuse an end that tells of this machine, and not of the packages that were asked for.

    Raises:
        OSError: The disk takes no more.
        UsageError: Something else ended uv.
    """
    if code == -getattr(signal, "SIGXFSZ", 0) and code:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    if code < 0:
        raise UsageError(
            "Environments are made again by uv, which is left to do its work.",
            f"It was ended by signal {-code}.",
            "See what ended it, such as too little memory, and ask again.",
        )
    lack = lack_of_room(said) if code else None
    if lack is not None:
        raise lack
