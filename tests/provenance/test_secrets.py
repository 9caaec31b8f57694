"""Secrets are seen in text and masked; what only looks like one is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.provenance import find_secrets, mask_secrets

# Put together here, so that no scanner takes this file for a leak.
LETTERS = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" * 3
SECRETS = [
    ("AWS access key", "AK" + "IA" + "ABCDEFGHIJ234567"),
    ("GitHub token", "gh" + "p_" + LETTERS[:36]),
    ("GitHub token", "github" + "_pat_" + LETTERS[:40]),
    ("GitLab token", "gl" + "pat-" + LETTERS[:20]),
    ("Slack token", "xo" + "xb-" + "123456789012-" + LETTERS[:20]),
    ("API key", "s" + "k-proj-" + LETTERS[:40]),
    ("JSON web token", "ey" + "JhbGciOiJIUzI1NiJ9." + "ey" + "JzdWIiOiIxMjM0In0." + LETTERS[:30]),
    ("Google API key", "AI" + "za" + LETTERS[:35]),
    ("Databricks token", "da" + "pi" + "0123456789abcdef" * 2),
    ("Hugging Face token", "h" + "f_" + LETTERS[:34]),
    ("package index token", "py" + "pi-" + LETTERS[:60]),
]
IN_CONTEXT = [
    ("Azure account key", "AccountName=x;Account" + "Key={};Endpoint=y", LETTERS[:64] + "=="),
    ("Azure signature", "https://x.blob.core/y?sv=2024&si" + "g={}&se=1", LETTERS[:40]),
    ("Slack webhook", "https://hooks.slack.com/services/{}", "T1234567/B1234567/" + LETTERS[:24]),
    ("password in a URL", "postgresql+psycopg://ana:{}@db:5432/churn", "correct-horse"),
    ("token in a URL", "git+https://{}@host/x.git", LETTERS[:20]),
    ("password", "password = '{}'", "hunter two".replace(" ", "")),
    ("password", "--db-password={} --verbose", "hunter22"),
    ("password", '{{"DB_PASSWORD": "{}"}}', "aebhk!"),
    ("token", "api_key: {}", LETTERS[:24]),
    ("token", "AWS_SECRET_ACCESS_KEY='{}'", LETTERS[:40]),
    ("token", "Authorization: Bearer {}", LETTERS[:30]),
    ("private key", "x\n{}-----END RSA PRIVATE KEY-----\ny", "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIE\nabc\n"),
]


@pytest.mark.parametrize(("kind", "secret"), SECRETS, ids=range(len(SECRETS)))
@pytest.mark.parametrize("context", ["{}", "key={}\n", '"{}"', "see ({}), and", "https://host/?k={}&x=1"])
def test_a_token_is_known_by_its_shape(kind: str, secret: str, context: str) -> None:
    text = context.format(secret)
    assert kind in find_secrets(text)
    assert secret not in mask_secrets(text)


@pytest.mark.parametrize(("kind", "context", "secret"), IN_CONTEXT, ids=range(len(IN_CONTEXT)))
def test_a_secret_is_known_by_its_place_and_the_rest_stays(kind: str, context: str, secret: str) -> None:
    text = context.format(secret)
    assert kind in find_secrets(text)
    assert mask_secrets(text) == context.format(f"[masked: {kind}]")


@pytest.mark.parametrize(
    "text",
    [
        "max_tokens=4096, n_tokens: 123456789012",
        "def f(token: str, password: str | None = None) -> None:",
        "password=None",
        "password = os.environ['DB_PASSWORD']",
        "token = get_token(user)",
        "self.token = settings.token_of_the_day",
        "pad_token='<pad_0001>', eos_token_id=50256, bos_token='token0001x'",
        "api_key=${API_KEY}",
        "password: '{{ password }}'",
        "password='********'",
        "sk-learn-contrib-imbalanced-learn-and-more",
        "the task-0123456789abcdef0123456789 is done",
        "git@github.com:org/repo.git and https://host:8080/path?x=a@b",
        "ssh://git@host/repo.git",
        "secret: bool = False",
        "key = 'region'; tokenizer='bert-base-uncased-2'",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "-----BEGIN CERTIFICATE-----",
        "roc_auc=0.8481234567, learning_rate=0.1",
    ],
)
def test_what_only_looks_like_a_secret_is_left_alone(text: str) -> None:
    assert find_secrets(text) == ()
    assert mask_secrets(text) == text


@given(st.text(max_size=50), st.sampled_from(SECRETS), st.text(max_size=50))
def test_masking_hides_the_secret_keeps_the_rest_and_is_done_once(
    before: str, secret: tuple[str, str], after: str
) -> None:
    text = f"{before} {secret[1]} {after}"
    masked = mask_secrets(text)
    assert secret[1] not in masked
    assert mask_secrets(masked) == masked
    assert find_secrets(masked) == ()


@given(st.text())
def test_masking_changes_exactly_what_is_found(text: str) -> None:
    assert (mask_secrets(text) == text) == (find_secrets(text) == ())


def test_several_secrets_are_each_masked() -> None:
    text = " ".join(secret for _, secret in SECRETS)
    assert find_secrets(text) == tuple(sorted({kind for kind, _ in SECRETS}))
    assert mask_secrets(text).count("[masked: ") == len(SECRETS)
