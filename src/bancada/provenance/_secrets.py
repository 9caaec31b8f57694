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
    accepts: Callable[[re.Match[str]], bool] | None = None
    any_case: bool = False


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
    """Replace each secret in a text by its kind, and leave the rest as it is; what was JSON stays JSON.

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
    lowered = text.lower()
    if len(lowered) != len(text):  # some letters of other alphabets become two
        lowered = text.translate(_LOWER)
    for shape in _SHAPES:
        searched = lowered if shape.any_case else text
        for anchor in shape.anchors:
            start = searched.find(anchor)
            while start >= 0:
                match = shape.pattern.match(text, start)
                end = start + len(anchor)
                if match is not None and (shape.accepts is None or shape.accepts(match)):
                    yield _Found(*match.span("secret"), shape.kind)
                    end = max(end, match.end("secret"))
                start = searched.find(anchor, end)


_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_FEWEST_CHARACTERS = 2
_PLACEHOLDER = re.compile(
    r"(?:\$\{[^{}]*\}|\$\([^()]*\)|\$[A-Z_][A-Z0-9_]*|<[^<>]*>|\[[A-Za-z][A-Za-z :_-]*\]|\{\{[^{}]*\}\}|\{[^{}]*\}"
    r"|%\([^()]*\)[a-z]|%[sdr]|[*.x]+)(?:[-_.:/](?!\Z)|(?=[$<{\[%])|\Z)"
)
_BETWEEN_TEXTS = re.compile(r"\s*[,:\]}].*[,:\[{]\s*", re.DOTALL)
_PROMPT = re.compile(r"(?i)\b(?:pass(?:word|phrase)|enter|your|the|must|please|required|invalid|for|of|is|a|to)\b")
_WORDS = frozenset(
    {
        "any", "bool", "bytes", "changeme", "default", "dict", "empty", "false", "float", "hidden", "int", "list",
        "missing", "never", "none", "null", "object", "optional", "pass", "password", "prompt", "redacted", "required",
        "secret", "self", "str", "string", "text", "token", "true", "unicode", "unset", "value",
    }
)  # fmt: skip
_EXPRESSION = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_ENVIRONMENT = re.compile(r"[A-Z_]+=")


def _mixes(value: str) -> bool:
    """Tell whether a value has letters and digits."""
    return bool(re.search(r"\d", value) and re.search(r"[A-Za-z]", value))


def _has_letters_and_digits(match: re.Match[str]) -> bool:
    return _mixes(match["secret"])


def _is_placeholder(value: str) -> bool:
    """Tell whether a value is made of placeholders alone, such as `${VAR}`, `<password>` and `%(pw)s`."""
    end = 0
    while end < len(value):
        match = _PLACEHOLDER.match(value, end)
        if match is None:
            return False
        end = match.end()
    return True


def _is_user_info(match: re.Match[str]) -> bool:
    """Tell a password in a URL from a placeholder."""
    password = match["secret"] if match["user"] is not None else match["secret"].partition(":")[2]
    return not _is_placeholder(password) or (not password and _mixes(match["secret"]))


def _is_user_token(match: re.Match[str]) -> bool:
    return not _is_placeholder(match["secret"])


def _is_telling(match: re.Match[str]) -> bool:
    """Tell a value from a placeholder, a word for what belongs there, and the folder that shells keep in `PWD`."""
    value = match["secret"]
    if len(set(value)) <= _FEWEST_CHARACTERS or value.lower() in _WORDS or _is_placeholder(value.strip()):
        return False
    return not (match["name"].lower() == "pwd" and value.startswith(("/", "~", "$", ".")))


def _is_password(match: re.Match[str]) -> bool:
    """Tell a quoted password from a prompt, a text with fields, and what stands between two texts."""
    value = match["secret"]
    if _BETWEEN_TEXTS.fullmatch(value) or (" " in value.strip() and _PROMPT.search(value)):
        return False
    return _is_telling(match) and not ("f" in match["prefix"].lower() and "{" in value)


def _is_bare_password(match: re.Match[str]) -> bool:
    """Tell a password without quotes from a type, a name and an expression of a program."""
    value = match["secret"]
    if not _is_telling(match) or _EXPRESSION.fullmatch(value) or not re.search(r"[A-Za-z]", value):
        return False
    if _mixes(value) or not value.isidentifier():
        return True
    return bool(_ENVIRONMENT.fullmatch(match["name"] + match["is"])) or _stands_alone(match)


def _stands_alone(match: re.Match[str]) -> bool:
    """Tell whether a word is an option's value on a command line, or the value of a whole line of YAML."""
    before = match.string[max(0, match.start() - 40) : match.start()]
    if match["is"] == "=":
        return re.search(r"(?:^|\s)--[a-z-]{0,30}$", before) is not None
    line = match["is"] == ":" and re.search(r"(?:^|\n)[ \t]*[a-z_.-]*$", before) is not None
    ends = re.match(r"[ \t]*(?:\r?\n|$)", match.string[match.end() : match.end() + 9]) is not None
    return line and ends and match["secret"].islower()


def _is_token(match: re.Match[str]) -> bool:
    return _is_password(match) and _mixes(match["secret"])


def _is_bare_token(match: re.Match[str]) -> bool:
    return _is_telling(match) and _mixes(match["secret"]) and not _EXPRESSION.fullmatch(match["secret"])


_ALONE = r"(?<![A-Za-z0-9_-])"
_ANNOTATED = r":\s{0,3}[A-Za-z_][\w.\[\], |]{0,60}?\s{0,3}=(?!=)"
_IS = rf"(?P<is>{_ANNOTATED}|=(?!=)|:(?!:))\s{{0,3}}"
_QUOTED_IS = rf"(?:[\"']\s{{0,3}}\]?)?\s{{0,3}}{_IS}"
_ESCAPED_IS = rf"(?:\\{{1,7}}[\"']\s{{0,3}}\]?)?\s{{0,3}}{_IS}"
_BARE_IS = rf"\s{{0,3}}{_IS}"
_QUOTED = (
    r"(?P<prefix>[rbuf]{0,2})(?P<quote>\"\"\"|'''|\"|')"
    # A quote inside would cut a text of JSON in two.
    r"(?P<secret>(?:(?!(?P=quote))(?:\\.|[^\\\"\n])){%d,400}?)(?P=quote)"
)
_ESCAPED = (
    r"(?P<prefix>[rbuf]{0,2})(?P<quote>\\{1,7}[\"'])"
    r"(?P<secret>(?:(?!(?P=quote))(?:\\[^\"'\n]|[^\"'\\\n])){%d,400}?)(?P=quote)"
)
_BARE = r"(?P<secret>(?:\\[^\s\"']|[^\s\\\"',;&()\[\]{}<>`|]){%d,400}+)(?![(\[])"
_LOGINS = ("password", "passwd", "passphrase", "pwd")
# Names that end so, and words of other languages: only what is written as a text counts, as `_pass` is a common name.
_OTHER_LOGINS = ("_pass", "senha")
_KEYS = (
    "secret", "token", "credential", "api_key", "api-key", "apikey", "access_key", "access-key", "accesskey",
    "account_key", "accountkey", "secret_key", "secret-key", "secretkey", "auth_key", "authkey", "private_key",
    "privatekey", "fernet_key", "encryption_key", "signing_key",
)  # fmt: skip
# What models and tokenizers call a token is none.
_OF_A_MODEL = (
    "bos", "cls", "end", "eos", "first", "last", "mask", "next", "pad", "sep", "special", "start", "stop", "unk",
)  # fmt: skip
_NOT_OF_A_MODEL = "".join(rf"(?<!{word}[_-])" for word in _OF_A_MODEL)


def _shape(
    kind: str,
    anchors: tuple[str, ...],
    pattern: str,
    accepts: Callable[[re.Match[str]], bool] | None = None,
    *,
    any_case: bool = False,
) -> _Shape:
    named = pattern if "(?P<secret>" in pattern else f"(?P<secret>{pattern})"
    return _Shape(kind, anchors, re.compile(named, re.IGNORECASE if any_case else 0), accepts, any_case)


def _assigned(kind: str, words: tuple[str, ...], value: str, accepts: Callable[[re.Match[str]], bool]) -> _Shape:
    """Make the shape of a value that is assigned to a name which ends in one of the words, in any case."""
    names = "|".join(re.escape(word) for word in words)
    return _shape(kind, words, f"{_NOT_OF_A_MODEL}(?P<name>{names}){value}", accepts, any_case=True)


def _in_environment(kind: str, words: tuple[str, ...], fewest: int, accepts: Callable[[re.Match[str]], bool]) -> _Shape:
    """Make the shape of a default that stands behind the name of a secret in a look into the environment."""
    names = "|".join(re.escape(word) for word in words)
    pattern = (
        r"(?:environ\.get|environ\.setdefault|getenv)\(\s{0,99}[rbu]?[\"']"
        rf"(?=[A-Za-z0-9_]{{0,60}}?(?i:{names}))"
        r"(?P<name>[A-Za-z0-9_]{1,60})[\"']\s{0,9},\s{0,99}(?:default\s{0,3}=\s{0,3})?"
    ) + _QUOTED % fewest
    return _shape(kind, ("environ.get(", "environ.setdefault(", "getenv("), pattern, accepts)


def _begun(kind: str, beginnings: tuple[str, ...], rest: str) -> _Shape:
    """Make the shape of a token that begins with a mark of its service, so that a scan can find it."""
    marks = "|".join(re.escape(mark) for mark in beginnings)
    return _shape(kind, beginnings, rf"{_ALONE}(?:{marks}){rest}(?![A-Za-z0-9])", _has_letters_and_digits)


_SHAPES = (
    _shape(
        "private key",
        ("-----BEGIN ",),
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
        # Across texts that a program joins, and not out of a text of JSON.
        r"(?:(?!-----END)(?:[^\"'\\]|\\[^\"']|[\"'][ \t+\\]{0,9}\n[ \t]{0,99}[rb]?[\"']))*+",
    ),
    _shape("AWS access key", ("AKIA", "ASIA"), r"(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _shape("GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), _ALONE + r"gh[pousr]_[A-Za-z0-9]{36,255}"),
    _shape("GitHub token", ("github_pat_",), _ALONE + r"github_pat_[A-Za-z0-9_]{22,255}"),
    _shape(
        "GitLab token",
        ("glagent-", "glcbt-", "gldt-", "glffct-", "glft-", "glimt-", "gloas-", "glpat-", "glptt-", "glrt-", "glsoat-"),
        _ALONE + r"gl[a-z]{2,5}-[A-Za-z0-9_-]{20,255}",
    ),
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
        "Stripe key", ("sk_live_", "rk_live_", "sk_test_", "rk_test_"), _ALONE + r"[rs]k_[a-z]{4}_[A-Za-z0-9]{16,255}"
    ),
    _shape("npm token", ("npm_",), _ALONE + r"npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_])", _has_letters_and_digits),
    _shape("SendGrid key", ("SG.",), _ALONE + r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"),
    _shape("Google client secret", ("GOCSPX-",), _ALONE + r"GOCSPX-[A-Za-z0-9_-]{20,64}"),
    _shape("Google access token", ("ya29.",), _ALONE + r"ya29\.[A-Za-z0-9._-]{20,2000}"),
    _shape("Slack token", ("xapp-",), _ALONE + r"xapp-[A-Za-z0-9-]{10,255}", _has_letters_and_digits),
    # Services whose tokens turn up where models are made, by the marks that they document.
    _begun("age key", ("AGE-SECRET-KEY-1",), r"[0-9A-Z]{50,70}"),
    _begun("Atlassian token", ("ATATT3", "ATBB", "ATCTT3"), r"[A-Za-z0-9_=-]{24,255}"),
    _shape(
        "Azure client secret", ("7Q~", "8Q~"), r"(?<=[A-Za-z0-9_~.-]{3})[78]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9])"
    ),
    _begun("DigitalOcean token", ("dop_v1_", "doo_v1_", "dor_v1_"), r"[0-9a-f]{64}"),
    _begun("Docker token", ("dckr_pat_", "dckr_oat_"), r"[A-Za-z0-9_-]{24,80}"),
    _begun("Doppler token", ("dp.pt.", "dp.st."), r"[A-Za-z0-9._-]{40,80}"),
    _begun("Grafana token", ("glsa_", "glc_"), r"[A-Za-z0-9+/_=-]{32,400}"),
    _begun("Groq key", ("gsk_",), r"[A-Za-z0-9]{40,80}"),
    _begun("Hugging Face token", ("api_org_",), r"[A-Za-z0-9]{30,60}"),
    _begun("LangSmith key", ("lsv2_pt_", "lsv2_sk_"), r"[0-9a-f]{32}_[0-9a-f]{10}"),
    _begun("Linear key", ("lin_api_",), r"[A-Za-z0-9]{32,64}"),
    _begun("Mailgun key", ("key-",), r"[0-9a-f]{32}"),
    _begun("New Relic key", ("NRAK-",), r"[A-Z0-9]{27}"),
    _begun("Notion token", ("ntn_",), r"[A-Za-z0-9]{40,60}"),
    _begun("Pinecone key", ("pcsk_",), r"[A-Za-z0-9_]{40,100}"),
    _begun("PlanetScale token", ("pscale_tkn_", "pscale_pw_", "pscale_oauth_"), r"[A-Za-z0-9_.=-]{32,64}"),
    _begun("Postman key", ("PMAK-",), r"[0-9a-f]{24}-[0-9a-f]{34}"),
    _begun("Prefect key", ("pnu_", "pnb_"), r"[A-Za-z0-9]{36}"),
    _begun("Pulumi token", ("pul-",), r"[0-9a-f]{40}"),
    _begun("Replicate token", ("r8_",), r"[A-Za-z0-9]{37}"),
    _begun("RubyGems key", ("rubygems_",), r"[0-9a-f]{48}"),
    _begun("Sentry token", ("sntrys_", "sntryu_"), r"[A-Za-z0-9+/=_-]{40,400}"),
    _begun("Shopify token", ("shpat_", "shpss_", "shpca_", "shppa_"), r"[0-9a-fA-F]{32}"),
    _begun("Square token", ("sq0atp-", "sq0csp-"), r"[A-Za-z0-9_-]{22,60}"),
    _begun("Supabase token", ("sbp_",), r"[0-9a-f]{40}"),
    _shape("Terraform token", (".atlasv1.",), r"(?<=[A-Za-z0-9]{14})\.atlasv1\.[A-Za-z0-9_=-]{60,70}"),
    _begun("Twilio key", ("SK",), r"[0-9a-f]{32}"),
    _begun("Vault token", ("hvs.", "hvb.", "hvr."), r"[A-Za-z0-9_-]{24,300}"),
    _begun("xAI key", ("xai-",), r"[A-Za-z0-9]{70,90}"),
    _shape(
        "Telegram token",
        (":AA",),
        r"(?<=[0-9]{8}):(?P<secret>AA[A-Za-z0-9_-]{33})(?![A-Za-z0-9_-])",
        _has_letters_and_digits,
    ),
    _shape(
        "Discord webhook",
        ("discord.com/api/webhooks/", "discordapp.com/api/webhooks/"),
        r"discord(?:app)?\.com/api/webhooks/[0-9]{15,22}/(?P<secret>[A-Za-z0-9_-]{50,90})",
    ),
    _shape(
        "Teams webhook",
        ("webhook.office.com/webhookb2/",),
        r"webhook\.office\.com/webhookb2/(?P<secret>[A-Za-z0-9@-]{60,90}/IncomingWebhook/[A-Za-z0-9/-]{40,120})",
    ),
    _shape(
        "registry password",
        ('"auth"', "'auth'"),
        r"[\"']auth[\"']\s{0,3}:\s{0,3}[\"'](?P<secret>[A-Za-z0-9+/]{16,400}={0,2})[\"']",
        _has_letters_and_digits,
    ),
    _shape(
        "password",
        ("machine ",),
        r"machine\s{1,9}\S{1,200}\s{1,9}login\s{1,9}\S{1,200}\s{1,9}password\s{1,9}(?P<secret>\S{4,200})",
    ),
    _shape(
        "Kaggle key",
        ('"username"', "'username'"),
        r"[\"']username[\"']\s{0,3}:\s{0,3}[\"'][^\"'\n]{1,60}[\"']\s{0,3},\s{0,9}[\"']key[\"']\s{0,3}:\s{0,3}[\"']"
        r"(?P<secret>[0-9a-f]{32})",
    ),
    _shape("private key", ("PuTTY-User-Key-File-",), r"PuTTY-User-Key-File-[23]:(?:(?!Private-MAC)[^\0]){0,20000}"),
    _shape(
        "password in a URL",
        ("://", r":\/\/"),
        # To the last `@`; a user's name may stay, one so long that it may be a token may not. A port is no password.
        r"(?<=[A-Za-z0-9]):(?:\\?/){2}(?=[^\s/@:\"'<>?#\\]{0,200}+:(?!\d{0,5}(?:\\?/|[?#])))"
        r"(?P<user>[^\s/@:\"'<>?#\\]{0,11}:)?(?P<secret>(?:(?!://)[^\s\"'<>`\\]){1,500})@(?!sha256:)",
        _is_user_info,
    ),
    _shape(
        "token in a URL",
        ("http://", "https://", r"http:\/\/", r"https:\/\/"),
        r"https?:(?:\\?/){2}(?P<secret>[^\s/@:\"'<>?#\\]{12,300}+)@",
        _is_user_token,
    ),
    _shape(
        "token",
        ("bearer ", "basic "),
        r"(?:bearer|basic) (?P<secret>[A-Za-z0-9+/=._~-]{20,2000}+)",
        _has_letters_and_digits,
        any_case=True,
    ),
    _shape(
        "token",
        ("authorization",),
        r"authorization[\\\"']{0,8}\s{0,3}[:=,]\s{0,3}[\\\"']{0,8}(?:token|apikey|key) {1,3}"
        r"(?P<secret>[A-Za-z0-9+/=._~-]{16,2000}+)",
        _has_letters_and_digits,
        any_case=True,
    ),
    _assigned("password", _LOGINS, _QUOTED_IS + _QUOTED % 4, _is_password),
    _assigned("password", _OTHER_LOGINS, _QUOTED_IS + _QUOTED % 4, _is_password),
    # The default of a look into the environment: `os.environ.get("API_TOKEN", "…")`.
    _in_environment("password", (*_LOGINS, *_OTHER_LOGINS), 4, _is_password),
    _in_environment("token", _KEYS, 8, _is_token),
    _assigned("password", _LOGINS, _ESCAPED_IS + _ESCAPED % 4, _is_password),
    _assigned("password", _LOGINS, _BARE_IS + _BARE % 6, _is_bare_password),
    _assigned("token", _KEYS, _QUOTED_IS + _QUOTED % 8, _is_token),
    _assigned("token", _KEYS, _ESCAPED_IS + _ESCAPED % 8, _is_token),
    _assigned("token", _KEYS, _BARE_IS + _BARE % 12, _is_bare_token),
)
