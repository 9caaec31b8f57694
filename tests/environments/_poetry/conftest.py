"""Poetry itself, an index on loopback that has tiny wheels, and a project that it installed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.environments.wheels import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
PROJECT = """
[project]
name = "churn"
version = "0.1"
requires-python = ">=3.11"
dependencies = ["tiny-front"]

[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "loopback"
url = "{address}"
priority = "primary"
"""


@dataclass(frozen=True)
class Poetry:
    """A project that Poetry locked and installed.

    Attributes:
        program: Poetry.
        root: The project.
        prefix: The environment that Poetry made for it.
        environ: The variables that Poetry ran with.
        address: The index.
    """

    program: str
    root: Path
    prefix: Path
    environ: dict[str, str]
    address: str

    @property
    def site(self) -> Path:
        """The folder of packages."""
        return next(self.prefix.glob("lib/python3*/site-packages"))

    @property
    def python(self) -> Path:
        """The interpreter that has Poetry; skips where it lies elsewhere."""
        place = Path(self.program).parent / ("python.exe" if os.name == "nt" else "python")
        if not place.is_file():
            pytest.skip("this Poetry does not lie beside its interpreter: `make tools` installs one that does")
        return place

    def run(self, *arguments: str) -> str:
        """Run Poetry in the project."""
        return run(self.program, self.root, self.environ, *arguments)


def run(program: str, root: Path, environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [program, "--no-interaction", *arguments],
        cwd=root,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def program() -> str:
    """Find Poetry: that of `make tools`, else the one on the PATH."""
    own = ROOT / ".venvs" / "poetry" / ("Scripts" if os.name == "nt" else "bin") / "poetry"
    found = str(own) if own.is_file() else shutil.which("poetry")
    if found is None:
        pytest.skip("Poetry is not installed: `make tools` does it")
    return found


@pytest.fixture(scope="session")
def simple(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve three wheels as an index; yield its address."""
    folder = tmp_path_factory.mktemp("wheels")
    about = "Metadata-Version: 2.1\nName: tiny-front\nVersion: 1.0\nRequires-Dist: tiny-back>=1\n"
    make_wheel(folder, "tiny-front", files={"@.dist-info/METADATA": about})
    make_wheel(folder, "tiny-back")
    make_wheel(folder, "tiny-back", "1.1")

    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = _answer(folder, self.path.strip("/").split("/"))
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "application/octet-stream" if self.path.endswith(".whl") else "text/html")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body or b"")

        do_HEAD = do_GET  # noqa: N815 - the name that it has there

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has there
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/simple/"
        server.shutdown()
        thread.join()


def _answer(folder: Path, parts: list[str]) -> bytes | None:
    if parts[0] == "files":
        path = folder / parts[-1]
        return path.read_bytes() if path.is_file() else None
    found = sorted(folder.glob(f"{parts[-1].replace('-', '_')}-*.whl"))
    links = [
        f'<a href="/files/{path.name}#sha256={hashlib.sha256(path.read_bytes()).hexdigest()}">{path.name}</a>'
        for path in found
    ]
    return f"<html><body>{''.join(links)}</body></html>".encode() if found else None


@pytest.fixture(scope="session")
def installed(program: str, simple: str, tmp_path_factory: pytest.TempPathFactory) -> Poetry:
    """Lock and install a project once."""
    place = tmp_path_factory.mktemp("poetry")
    root = place / "churn"
    root.mkdir()
    (root / "pyproject.toml").write_text(PROJECT.format(address=simple))
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("POETRY_", "PIP_", "VIRTUAL_ENV"))
    }
    environ = {
        **kept,
        "POETRY_CACHE_DIR": str(place / "cache"),
        "POETRY_CONFIG_DIR": str(place / "config"),
        "POETRY_DATA_DIR": str(place / "data"),
        "POETRY_VIRTUALENVS_OPTIONS_NO_PIP": "true",
        # A keyring may ask for a password.
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    run(program, root, environ, "lock")
    run(program, root, environ, "install")
    prefix = Path(run(program, root, environ, "env", "info", "--path").strip())
    return Poetry(program, root, prefix, environ, simple)


@pytest.fixture
def project(installed: Poetry, tmp_path: Path) -> Poetry:
    """Return the project in a copy that a test may change, with the environment of the first."""
    root = shutil.copytree(installed.root, tmp_path / "churn")
    return Poetry(installed.program, root, installed.prefix, installed.environ, installed.address)
