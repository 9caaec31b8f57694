"""Secrets in text, by the shapes of tokens, keys, addresses and assignments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["find_secrets", "mask_secrets"]


class _Shape(NamedTuple):
    """How one kind of secret looks; its group `secret` is what must not be told.

    Searching is linear in the length of the text: anchors are found as plain text, patterns are tried there only, their
    repetitions are bounded or consume what they match.
    """

    kind: str
    anchors: tuple[str, ...]
    pattern: re.Pattern[str]
    accepts: Callable[[str], bool] | None = None


class _Found(NamedTuple):
    start: int
    end: int
    kind: str


def find_secrets(text: str) -> tuple[str, ...]:
    """Name the kinds of secrets that a text seems to hold, sorted, each once.

    Args:
        text: Anything that is about to be written.

    Examples:
        >>> find_secrets("postgresql://ana:correct-horse@db/churn")
        ('password in a URL',)
        >>> find_secrets("max_tokens=4096, token: str")
        ()
    """
    return tuple(sorted({found.kind for found in _found(text)}))


def mask_secrets(text: str) -> str:
    """Replace each secret in a text by its kind, and leave the rest as it is.

    Args:
        text: Anything that is about to be written.

    Examples:
        >>> mask_secrets("postgresql://ana:correct-horse@db/churn")
        'postgresql://ana:[masked: password in a URL]@db/churn'
    """
    parts = []
    end = 0
    for found in sorted(_found(text)):
        if found.start >= end:
            parts += [text[end : found.start], f"[masked: {found.kind}]"]
        end = max(end, found.end)
    return "".join([*parts, text[end:]])


def _found(text: str) -> Iterator[_Found]:
    for shape in _SHAPES:
        for anchor in shape.anchors:
            start = text.find(anchor)
            while start >= 0:
                match = shape.pattern.match(text, start)
                end = start + len(anchor)
                if match is not None and (shape.accepts is None or shape.accepts(match["secret"])):
                    yield _Found(*match.span("secret"), shape.kind)
                    end = max(end, match.end())
                start = text.find(anchor, end)


def _has_letters_and_digits(value: str) -> bool:
    return bool(re.search(r"\d", value) and re.search(r"[A-Za-z]", value))


def _is_password(value: str) -> bool:
    """Tell a value from a placeholder, from a name of another setting and from an expression."""
    return bool(value) and value[0] not in "<[{$%(" and len(set(value)) > _FEWEST_CHARACTERS


def _is_token(value: str) -> bool:
    return _is_password(value) and _has_letters_and_digits(value)


_FEWEST_CHARACTERS = 2
_ALONE = r"(?<![A-Za-z0-9_-])"
_IS = r"[\"']?\s{0,3}(?:=|:(?!:))\s{0,3}"
_QUOTED = r"(?:[rbuf]{0,2})(?P<quote>[\"'])(?P<secret>[^\"'\s]{%d,400})(?P=quote)"
_BARE = r"(?P<secret>[^\s\"',;&()\[\]{}<>`|]{%d,400}+)(?![(\[])"
_LOGINS = ("password", "passwd", "passphrase", "pwd")
_KEYS = (
    "secret", "token", "credential", "api_key", "api-key", "apikey", "access_key", "access-key", "accesskey",
    "account_key", "accountkey", "secret_key", "secret-key", "secretkey", "auth_key", "private_key",
)  # fmt: skip
# What models and tokenizers call a token is none.
_NOT_OF_A_MODEL = "".join(
    rf"(?<!{word}[_-])"
    for word in (
        "bos",
        "cls",
        "end",
        "eos",
        "first",
        "last",
        "mask",
        "next",
        "pad",
        "sep",
        "special",
        "start",
        "stop",
        "unk",
    )
)


def _shape(kind: str, anchors: tuple[str, ...], pattern: str, accepts: Callable[[str], bool] | None = None) -> _Shape:
    named = pattern if "(?P<secret>" in pattern else f"(?P<secret>{pattern})"
    return _Shape(kind, anchors, re.compile(named), accepts)


def _assigned(kind: str, words: tuple[str, ...], value: str, accepts: Callable[[str], bool]) -> _Shape:
    """Make the shape of a value that is assigned to a name which ends in one of the words, in the usual cases."""
    anchors = dict.fromkeys(cased for word in words for cased in (word, word.upper(), word.title(), word.capitalize()))
    names = "|".join(re.escape(word) for word in words)
    return _Shape(kind, tuple(anchors), re.compile(f"{_NOT_OF_A_MODEL}(?i:{names}){_IS}{value}"), accepts)


_SHAPES = (
    _shape(
        "private key",
        ("-----BEGIN ",),
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[\s\S])*+",
    ),
    _shape("AWS access key", ("AKIA", "ASIA"), r"(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _shape("GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), _ALONE + r"gh[pousr]_[A-Za-z0-9]{36,255}"),
    _shape("GitHub token", ("github_pat_",), _ALONE + r"github_pat_[A-Za-z0-9_]{22,255}"),
    _shape("GitLab token", ("glpat-", "glptt-", "glrt-", "gldt-"), _ALONE + r"gl[a-z]{2,3}-[A-Za-z0-9_-]{20,255}"),
    _shape("Slack token", ("xox",), _ALONE + r"xox[abeoprs]-[A-Za-z0-9-]{10,255}", _has_letters_and_digits),
    _shape(
        "Slack webhook",
        ("hooks.slack.com/services/",),
        r"hooks\.slack\.com/services/(?P<secret>[A-Za-z0-9]{6,20}/[A-Za-z0-9]{6,20}/[A-Za-z0-9]{16,40})",
    ),
    _shape("API key", ("sk-",), _ALONE + r"sk-[A-Za-z0-9_-]{20,255}", _has_letters_and_digits),
    _shape("JSON web token", ("eyJ",), _ALONE + r"eyJ[A-Za-z0-9_-]{8,}+\.eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}+"),
    _shape("Google API key", ("AIza",), _ALONE + r"AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    _shape(
        "Azure account key",
        ("AccountKey=", "SharedAccessKey="),
        r"(?:Account|SharedAccess)Key=(?P<secret>[A-Za-z0-9+/]{40,120}={0,2})",
    ),
    _shape("Azure signature", ("?sig=", "&sig=", ";sig="), r".sig=(?P<secret>[A-Za-z0-9%+/=_-]{20,200})"),
    _shape("Databricks token", ("dapi",), _ALONE + r"dapi[0-9a-f]{32}(?:-\d)?(?![A-Za-z0-9])"),
    _shape("Hugging Face token", ("hf_",), _ALONE + r"hf_[A-Za-z0-9]{30,60}(?![A-Za-z0-9_])"),
    _shape("package index token", ("pypi-",), _ALONE + r"pypi-[A-Za-z0-9_-]{50,400}"),
    _shape(
        "password in a URL",
        ("://",),
        r"(?<=[A-Za-z0-9])://[^\s/@:\"'<>?#]{0,200}+:(?P<secret>[^\s/@\"'<>]{1,300}+)@",
        _is_password,
    ),
    _shape(
        "token in a URL",
        ("http://", "https://"),
        r"https?://(?P<secret>[^\s/@:\"'<>?#]{12,300}+)(?::(?:x-oauth-basic)?)?@",
        _has_letters_and_digits,
    ),
    _shape(
        "token",
        ("earer ", "asic "),
        r"(?:earer|asic) (?P<secret>[A-Za-z0-9+/=._~-]{20,2000}+)",
        _has_letters_and_digits,
    ),
    _assigned("password", _LOGINS, _QUOTED % 4, _is_password),
    _assigned("password", _LOGINS, _BARE % 6, _is_token),
    _assigned("token", _KEYS, _QUOTED % 8, _is_token),
    _assigned("token", _KEYS, _BARE % 12, _is_token),
)
