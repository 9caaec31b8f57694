"""Where a repository was cloned from, without what opens its door."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from bancada.provenance._secrets import mask_secrets

__all__ = ["without_credentials"]

_SCP = re.compile(r"(?P<user>[^\s/@]+@)?(?P<host>[^\s/:@]+):(?P<path>(?!//).*)", re.DOTALL)
# Names of organisations and repositories are words; what mixes so many letters and digits is none.
_TOKEN = re.compile(r"(?=[^/]*[A-Za-z])(?=(?:[^/]*\d){3})[A-Za-z0-9_~+=-]{20,}")
_NO_SECRETS = frozenset({"git@", "hg@"})


def without_credentials(url: str) -> str:
    """Return the address of a remote without user, password, query, fragment, and tokens in its path.

    Args:
        url: As git keeps it: an address, the short form of SSH, or a path.

    Examples:
        >>> without_credentials("https://ana:pa55word@git.example.org/team/churn.git?private_token=abc")
        'https://git.example.org/team/churn.git'
        >>> without_credentials("git@git.example.org:team/churn.git")
        'git@git.example.org:team/churn.git'
    """
    if "://" in url:
        try:
            parts = urlsplit(url)
            host = parts.netloc.rpartition("@")[2]
        except ValueError:
            return ""
        return urlunsplit((parts.scheme, mask_secrets(host), _path(parts.path), "", ""))
    short = _SCP.fullmatch(url)
    if short is None:
        return _path(url)
    user = short["user"] or ""
    return f"{user if user in _NO_SECRETS else ''}{mask_secrets(short['host'])}:{_path(short['path'])}"


def _path(path: str) -> str:
    parts = mask_secrets(path.partition("?")[0].partition("#")[0]).split("/")
    return "/".join("[masked: token]" if _TOKEN.fullmatch(part) else part for part in parts)
