"""Tiny wheels, written by hand, and environments that real installers put them into."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def make_wheel(folder: Path, name: str, version: str = "1.0", files: dict[str, str] | None = None) -> Path:
    """Write a wheel with these files beside a module of its own name; `@` stands for name and version."""
    folder.mkdir(parents=True, exist_ok=True)
    module = name.replace("-", "_")
    stem = f"{module}-{version}"
    contents = {
        f"{module}.py": f"VERSION = {version!r}\n",
        f"{stem}.dist-info/METADATA": METADATA.format(name=name, version=version),
        f"{stem}.dist-info/WHEEL": WHEEL,
        **{key.replace("@", stem): text for key, text in (files or {}).items()},
    }
    lines = [f'"{key}",sha256={encoded(text.encode())},{len(text.encode())}' for key, text in contents.items()]
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for key, text in contents.items():
            wheel.writestr(key, text)
        wheel.writestr(f"{stem}.dist-info/RECORD", "\n".join([*lines, f"{stem}.dist-info/RECORD,,"]) + "\n")
    return path


def make_project(folder: Path, package: Path, text: str) -> Path:
    """Write the sources of a package `own`, to be installed as a link."""
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(text)
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        f'[project]\nname = "own"\nversion = "0.1"\n[tool.hatch.build.targets.wheel]\n'
        f'packages = ["{package.relative_to(folder).as_posix()}"]\n'
    )
    return folder


def encoded(data: bytes) -> str:
    """Return a digest as RECORD has it."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def path_with_uv() -> str:
    """Return the PATH with what stands beside this interpreter, where `pip install uv` puts it."""
    return os.pathsep.join([os.environ.get("PATH", os.defpath), os.path.dirname(sys.executable)])  # noqa: PTH120 - a variable


def run(command: list[str | Path], **variables: str) -> str:
    """Run an installer, without a network."""
    environ = {
        **os.environ,
        "UV_OFFLINE": "1",
        "UV_NO_CONFIG": "1",
        "UV_NO_PROGRESS": "1",
        "NO_COLOR": "1",
        **variables,
    }
    environ.pop("VIRTUAL_ENV", None)
    program = shutil.which(command[0], path=environ["PATH"]) or command[0]
    done = subprocess.run(
        [program, *command[1:]], capture_output=True, text=True, env=environ, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class Venv:
    """A virtual environment."""

    def __init__(self, prefix: Path) -> None:
        self.prefix = prefix
        self.python = prefix / "bin" / "python"

    @classmethod
    def made(cls, prefix: Path) -> Venv:
        """Make one by uv."""
        run(["uv", "venv", "--quiet", "--no-project", "--python", sys.executable, prefix])
        return cls(prefix)

    @property
    def site(self) -> Path:
        """Its folder of packages."""
        return next(self.prefix.glob("lib/python3*/site-packages"))

    def add(self, *what: str | Path, **variables: str) -> None:
        """Install by uv."""
        run(["uv", "pip", "install", "--quiet", "--no-deps", "--python", self.python, *what], **variables)

    def add_by_pip(self, *what: str | Path) -> None:
        """Install by pip, that of the environment of the tests."""
        pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", self.python, "install", "--no-index"]
        run([*pip, "--no-deps", "--quiet", *what], PIP_CONFIG_FILE=os.devnull, PIP_FIND_LINKS="")

    def link(self, project: Path) -> None:
        """Install sources as a link, with the builder of the environment of the tests."""
        where = [sys.executable, "-c", "import hatchling; print(*hatchling.__path__)"]
        builder = os.path.dirname(run([*where]).strip())  # noqa: PTH120 - it becomes a variable
        self.add("--no-build-isolation", "--editable", project, PYTHONPATH=builder)

    def write(self, name: str, text: str) -> Path:
        """Put another file in a place; uv shares files with its cache, so that none is written into."""
        path = self.site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def age(self) -> None:
        """Make its files old enough to be remembered."""
        for path in self.site.rglob("*"):
            os.utime(path, (1, 1), follow_symlinks=False)


class Objects:
    """A place for bytes."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        """Keep bytes."""
        digest = hashlib.sha256(data).hexdigest()
        self.kept[digest] = data
        return digest

    def put_all(self, found: dict[str, bytes | Path]) -> Objects:
        """Keep what a capture names."""
        for value in found.values():
            self.put(value if isinstance(value, bytes) else value.read_bytes())
        return self
