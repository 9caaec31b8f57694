"""Secrets are seen in text and masked; what only looks like one is left alone."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.provenance import find_secrets, mask_secrets

# Put together here, so that no scanner takes this file for a leak.
LETTERS = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" * 3
HEX = "0123456789abcdef" * 2
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


MORE = [
    ("Stripe key", "sk" + "_live_" + LETTERS[:24]),
    ("Stripe key", "rk" + "_live_" + LETTERS[:24]),
    ("npm token", "np" + "m_" + LETTERS[:36]),
    ("SendGrid key", "S" + "G." + LETTERS[:22] + "." + LETTERS[:43]),
    ("Google client secret", "GOC" + "SPX-" + LETTERS[:28]),
    ("Google access token", "ya" + "29." + LETTERS[:60]),
    ("Slack token", "xa" + "pp-1-A0123456789-1234567890123-" + LETTERS[:20]),
    ("age key", "AGE-" + "SECRET-KEY-1" + ("0123456789ABCDEFGHJKLMNPQ" * 3)[:58]),
    ("Atlassian token", "AT" + "ATT3x" + (LETTERS * 4)[:160]),
    ("DigitalOcean token", "dop" + "_v1_" + HEX * 2),
    ("Docker token", "dckr" + "_pat_" + LETTERS[:27]),
    ("Doppler token", "dp" + ".pt." + LETTERS[:43]),
    ("Grafana token", "gl" + "sa_" + LETTERS[:32] + "_" + HEX[:8]),
    ("Groq key", "gs" + "k_" + LETTERS[:52]),
    ("Hugging Face token", "api" + "_org_" + LETTERS[:34]),
    ("LangSmith key", "lsv2" + "_pt_" + HEX + "_" + HEX[:10]),
    ("Linear key", "lin" + "_api_" + LETTERS[:40]),
    ("Mailgun key", "ke" + "y-" + HEX),
    ("New Relic key", "NR" + "AK-" + "0123456789ABCDEFGHJKLMNPQRS"),
    ("Notion token", "nt" + "n_" + LETTERS[:46]),
    ("Pinecone key", "pc" + "sk_" + LETTERS[:60]),
    ("PlanetScale token", "pscale" + "_tkn_" + LETTERS[:43]),
    ("Postman key", "PM" + "AK-" + HEX[:24] + "-" + (HEX * 2)[:34]),
    ("Prefect key", "pn" + "u_" + LETTERS[:36]),
    ("Pulumi token", "pu" + "l-" + (HEX * 2)[:40]),
    ("Replicate token", "r" + "8_" + LETTERS[:37]),
    ("RubyGems key", "ruby" + "gems_" + (HEX * 2)[:48]),
    ("Sentry token", "sntr" + "ys_" + (LETTERS * 2)[:90]),
    ("Shopify token", "shp" + "at_" + HEX),
    ("Square token", "sq0" + "csp-" + LETTERS[:43]),
    ("Supabase token", "sb" + "p_" + (HEX * 2)[:40]),
    ("Twilio key", "S" + "K" + HEX),
    ("Vault token", "hv" + "s." + (LETTERS * 2)[:90]),
    ("xAI key", "xa" + "i-" + (LETTERS * 2)[:80]),
]
# What is masked is a part of it: the rest tells what it was.
PLACED = [
    ("Azure client secret", "abc{}", "8" + "Q~" + LETTERS[:34]),
    ("Terraform token", LETTERS[:14] + "{}", ".atlas" + "v1." + (LETTERS * 2)[:67]),
    ("Telegram token", "123456789:{}", "A" + "A" + LETTERS[:33]),
    ("Discord webhook", "https://discord.com/api/webhooks/123456789012345678/{}", (LETTERS * 2)[:68]),
    ("Teams webhook", "https://x.webhook.office.com/webhookb2/{}", HEX * 2 + "/IncomingWebhook/" + HEX * 2),
    ("Kaggle key", '{{"username":"ana","key":"{}"}}', HEX),
    ("registry password", '{{"auths":{{"h":{{"auth":"{}"}}}}}}', LETTERS[:40] + "="),
    ("password", "machine h login ana password {}", "7puxp9NFa1"),
    ("token", "FERNET_KEY={}", LETTERS[:43] + "="),
]


@pytest.mark.parametrize(("kind", "secret"), MORE, ids=range(len(MORE)))
def test_tokens_of_more_services_are_known(kind: str, secret: str) -> None:
    assert mask_secrets(f"a {secret}, b") == f"a [masked: {kind}], b"


@pytest.mark.parametrize(("kind", "context", "secret"), PLACED, ids=range(len(PLACED)))
def test_tokens_that_are_known_by_what_stands_before_them(kind: str, context: str, secret: str) -> None:
    assert mask_secrets(context.format(secret)) == context.format(f"[masked: {kind}]")


@pytest.mark.parametrize(
    ("context", "secret"),
    [
        ("postgres://u:{}@db/x", "p4ss@word"),
        ("postgres://u:{}@db/x", "$ecret99"),
        ("postgres://u:{}@db/x", "%40dmin123"),
        ("postgres://u:{}@db/x", "(paren)"),
        ("https://user:{}@h/x", "p/w0rd"),
        ("mysql://u:{}@h", "12"),
        ("redis://:{}@h:6379/0", "hunter"),
        ("https://{}@github.com/x", "ghtokenabcdefghij"),
        ("https://{}:x-oauth-basic@github.com/x", "ghtokenabcdefghij"),
        (r'{{"url": "https:\/\/ana:{}@db\/x"}}', "correct-horse"),
        ('password = "{}"', "$ecret99xyz"),
        ('password = "{}"', "%ecret99xyz"),
        ('password = "{}"', "[ecret99xyz"),
        ("password = '{}'", "(a@b/c"),
        ('dict(password="{}")', "pa ss w0rd"),
        ('passphrase = "{}"', "correct horse battery staple"),
        ('password = """{}"""', "correcthorse"),
        ("api_key='''{}'''", "abcd1234efgh5678"),
        ("PASSWORD={}", "correcthorsebattery"),
        ("mysql --password={} x", "correcthorsebattery"),
        ("db:\n  password: {}\n", "correcthorsebattery"),
        ("password: {}", "correct-horse-battery"),
        (r'"{{\"password\": \"{}\"}}"', "hunter2abc"),
        (r'"{{\\\"token\\\": \\\"{}\\\"}}"', "hunter2abc"),
        ('API_KEY: str = "{}"', "abcd1234efgh5678"),
        ('token: Final[str | None] = "{}"', "abcd1234efgh5678"),
        ('os.environ["API_KEY"] = "{}"', "abcd1234efgh5678"),
        ('apiKey: "{}"', "abcd1234efgh5678"),
        ('accessKey="{}"', "abcd1234efgh5678"),
        ('secretKey="{}"', "abcd1234efgh5678"),
        ('"clientSecret": "{}"', "abcd1234efgh5678"),
        ('authToken = "{}"', "abcd1234efgh5678"),
        ('DbPassWord = "{}"', "abcdefgh"),
        ("Authorization: BEARER {}", "abcdefghijklmnop12345678"),
        ("Authorization: token {}", "abcdefghijklmnop12345678"),
        ("\u0130 API_KEY='{}'", "abcd1234efgh5678"),
    ],
)
def test_secrets_in_every_spelling_are_masked(context: str, secret: str) -> None:
    masked = mask_secrets(context.format(secret))
    assert secret not in masked
    assert "[masked: " in masked
    assert mask_secrets(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "password = getpass()",
        "password = getpass.getpass('Password: ')",
        "token = tokens[0]",
        "key=lambda x: x",
        "token: str",
        "token: str = ''",
        "password: SecretStr",
        "password: str | None = None",
        "self.token = token",
        "self.password = password",
        "connect(user=user, password=password, token=my_token_2)",
        "password = settings.db.password1",
        'tokens = ["a","b"]',
        'tokens = ["first-token-1", "second-token-2"]',
        'password = f"{user}-{number1}"',
        'password = "${DB_PASSWORD}"',
        'password = "<password>"',
        'password = "%(pw)s"',
        'password = "$DB_PASSWORD"',
        'parser.add_argument("--password", help="Enter your password")',
        '{"password": "Enter your password"}',
        '{"type": "string", "password": "string"}',
        "postgresql://ana:${DB_PASSWORD}@db/churn",
        "postgresql://${USER}:${PASSWORD}@db/churn",
        "postgresql://ana:%(pw)s@db/churn",
        "postgresql://{user}:{password}@{host}/db",
        "postgresql://user:<password>@host",
        "https://host:8080/@scope/name and https://medium.com/@somebody-with-a-name",
        "docker://python:3.11@sha256:0123456789abcdef",
        "PWD=/srv/ana/project1",
        "def score(y_true, y_pred, *, token_pattern=r'(?u)\\b\\w\\w+\\b', lowercase=True):",
        "X_train, X_test = train_test_split(X, y, random_state=0)",
        "the token: it is read once; the secret: none",
        "Basic understanding of statistics2",
    ],
)
def test_ordinary_lines_of_programs_are_left_alone(text: str) -> None:
    assert mask_secrets(text) == text


NAMES = st.sampled_from(["password", "password:", "api_key='", "token"])
VALUES = st.recursive(
    st.sampled_from(
        [
            "hunter2abc",
            'pass"word1',
            "back\\slash\\",
            "password='x",
            'password="',
            "token: abcdefgh12345678",
            "postgres://u:p@ss\\w@h",
            "--password=hunter22",
            '{"password": "hunter2abc"}',
            "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIE",
            "'",
            "\\",
            1e10,
            12345678,
            True,
            None,
        ]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=6,
)  # fmt: skip


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_masking_json_leaves_json(value: object, indent: int | None, twice: bool) -> None:
    text = json.dumps({"password": value, "m": [value, "'"]}, indent=indent)
    text = json.dumps(text) if twice else text
    json.loads(mask_secrets(text))


def test_scanning_is_linear() -> None:
    pieces = (
        "password=",
        "://a:",
        "://a:b@",
        'token: "',
        "password: a[b] |",
        "-----BEGIN A PRIVATE KEY-----",
        "\\" * 9,
    )
    for piece in pieces:
        start = time.perf_counter()
        mask_secrets(piece * (200_000 // len(piece)))
        assert time.perf_counter() - start < 5.0


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('DB_PASS = "hunter2pass9"', "hunter2pass9"),
        ('senha = "corr3ta-cavalo"', "corr3ta-cavalo"),
        ('os.environ.get("API_TOKEN", "ab12cd34ef56")', "ab12cd34ef56"),
        ("os.getenv('DB_PASSWORD', default='hunter2')", "hunter2"),
        ('os.environ.setdefault(\n    "DB_PASS",\n    "hunter2pass9",\n)', "hunter2pass9"),
    ],
)
def test_passwords_of_databases_and_defaults_of_the_environment_are_masked(text: str, secret: str) -> None:
    masked = mask_secrets(text)
    assert secret not in masked
    assert "[masked: " in masked


@pytest.mark.parametrize(
    "text",
    [
        "first_pass = True",
        'os.environ.get("API_TOKEN", "")',
        'os.environ.get("HOME", "/srv/data1")',
        'os.environ.get("TOKENIZERS_PARALLELISM", "false")',
    ],
)
def test_other_defaults_are_left_alone(text: str) -> None:
    assert mask_secrets(text) == text
