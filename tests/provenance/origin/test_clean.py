"""The environment of code of a record: what a computation needs, and no credentials."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bancada.provenance.origin import clean_environment, package_environment

HOME = Path("/tmp/a home")  # noqa: S108 - a name, nothing is written there
SECRETS = (
    "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY", "AZURE_CLIENT_SECRET", "DATABASE_URL", "DB_PASSWORD",
    "DOCKER_AUTH_CONFIG", "GH_TOKEN", "GITHUB_TOKEN", "GOOGLE_APPLICATION_CREDENTIALS", "HF_TOKEN", "KUBECONFIG",
    "MLFLOW_TRACKING_URI", "NPM_TOKEN", "OPENAI_API_KEY", "PGPASSWORD", "SSH_AUTH_SOCK", "VAULT_TOKEN",
    "WANDB_API_KEY", "DBUS_SESSION_BUS_ADDRESS", "LD_PRELOAD", "PYTHONPATH", "PYTHONSTARTUP", "BASH_ENV", "LC_API_KEY",
)  # fmt: skip
WAYS = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "SSL_CERT_FILE")


def test_no_credential_reaches_the_runner_or_the_package_manager() -> None:
    environ = dict.fromkeys(SECRETS, "secret")
    assert "secret" not in clean_environment(environ, HOME).values()
    assert package_environment(environ) == {}


def test_ways_to_packages_are_for_the_package_manager_alone() -> None:
    environ = dict.fromkeys(WAYS, "way")
    assert "way" not in clean_environment(environ, HOME).values()
    assert package_environment(environ) == environ


def test_what_a_computation_needs_is_kept() -> None:
    needed = {
        "PATH": "/bin",
        "LANG": "pt_BR.UTF-8",
        "LC_ALL": "C",
        "TZ": "UTC",
        "TMPDIR": "here",
        "OMP_NUM_THREADS": "1",
    }
    assert needed.items() <= clean_environment(needed, HOME).items()
    assert needed.items() <= package_environment(needed).items()


def test_the_home_folder_is_the_one_that_is_given() -> None:
    found = clean_environment({"HOME": "/ana", "XDG_CONFIG_HOME": "/ana/.config"}, HOME)
    assert found["HOME"] == str(HOME)
    assert {
        value for name, value in found.items() if name.startswith("XDG_") and not value.startswith(str(HOME))
    } == set()


@given(st.dictionaries(st.from_regex(r"[A-Z][A-Z0-9_]{0,20}", fullmatch=True), st.text(max_size=5)))
def test_nothing_that_names_a_secret_is_kept(environ: dict[str, str]) -> None:
    kept = set(clean_environment(environ, HOME)) & set(environ)
    assert not [name for name in kept if re.search("TOKEN|SECRET|PASSWORD|CREDENTIAL|API_KEY", name)]
