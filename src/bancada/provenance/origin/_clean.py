"""The environment variables that code of a record gets: what a computation needs, and no credentials."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["clean_environment", "package_environment"]

# Where programs, libraries and time zones are, what language errors are in, how many threads, which device.
_NAMES = frozenset(
    {
        "BLIS_NUM_THREADS", "COMSPEC", "CUBLAS_WORKSPACE_CONFIG", "CUDA_DEVICE_ORDER", "CUDA_VISIBLE_DEVICES",
        "DYLD_FALLBACK_LIBRARY_PATH", "GOTO_NUM_THREADS", "HIP_VISIBLE_DEVICES", "LANG", "LANGUAGE", "LD_LIBRARY_PATH",
        "NUMBER_OF_PROCESSORS", "NVIDIA_VISIBLE_DEVICES", "PATH", "PATHEXT", "POLARS_MAX_THREADS",
        "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONUTF8", "RAYON_NUM_THREADS", "SYSTEMROOT", "TEMP",
        "TF_DETERMINISTIC_OPS", "TMP", "TMPDIR", "TZ", "TZDIR", "VECLIB_MAXIMUM_THREADS", "WINDIR",
    }
)  # fmt: skip
_BEGINNINGS = ("KMP_", "LC_", "MKL_", "NUMBA_", "NUMEXPR_", "OMP_", "OPENBLAS_")
_TELLING = re.compile("TOKEN|SECRET|PASSW|CREDENTIAL|KEY")
# Ways to the packages: addresses, proxies and certificates are those of this machine, never those of a record.
_WAYS = frozenset(
    {
        "ALL_PROXY", "CURL_CA_BUNDLE", "HOME", "HTTPS_PROXY", "HTTP_PROXY", "LOCALAPPDATA", "NETRC", "NO_PROXY",
        "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
    }
)  # fmt: skip
_WAYS_BEGIN = ("CONDA_", "MAMBA_", "PIP_", "POETRY_", "RATTLER_", "UV_")


def clean_environment(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """Return the variables for a program that runs the code of a record.

    What is not known to be needed is left out: tokens, passwords, addresses, proxies, and whatever else was set. This
    limits accidents; a program that wants to can still read the files of whoever runs it.

    Args:
        environ: The variables of this process.
        home: A folder that stands for the home folder; configuration and caches are looked for below it.

    Examples:
        >>> from pathlib import Path
        >>> sorted(clean_environment({"PATH": "/bin", "AWS_SECRET_ACCESS_KEY": "…", "LC_ALL": "C"}, Path("/tmp/h")))[:3]
        ['HOME', 'LC_ALL', 'PATH']
    """
    kept = {name: value for name, value in environ.items() if _is_needed(name)}
    return kept | {
        "HOME": str(home),
        "PYTHONNOUSERSITE": "1",
        "USERPROFILE": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
    }


def package_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for the package manager that fetches what a record names.

    It runs no code of the record, and needs this machine's proxies, indexes and caches.

    Args:
        environ: The variables of this process.

    Examples:
        >>> package_environment({"PATH": "/bin", "UV_INDEX_URL": "https://index.example", "SLACK_TOKEN": "…"})
        {'PATH': '/bin', 'UV_INDEX_URL': 'https://index.example'}
    """
    return {name: value for name, value in environ.items() if _is_needed(name) or _is_way(name)}


def _is_needed(name: str) -> bool:
    return name in _NAMES or (name.startswith(_BEGINNINGS) and not _TELLING.search(name))


def _is_way(name: str) -> bool:
    # Proxies are set in small letters as often as in capitals.
    return name.upper() in _WAYS or name.startswith(_WAYS_BEGIN)
