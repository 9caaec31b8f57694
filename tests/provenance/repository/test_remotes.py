"""Laws of addresses: what opens a door is cut out of them, and where the door is stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.provenance.repository._remotes import without_credentials

TOKEN = "ghp_" + "Z7" * 18


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://git.example.org/team/churn.git", "https://git.example.org/team/churn.git"),
        ("https://ana@git.example.org/churn.git", "https://git.example.org/churn.git"),
        (f"https://{TOKEN}@git.example.org/churn.git", "https://git.example.org/churn.git"),
        (f"https://oauth2:{TOKEN}@git.example.org:8443/churn.git", "https://git.example.org:8443/churn.git"),
        (f"https://git.example.org/{TOKEN}/churn.git", "https://git.example.org/[masked: GitHub token]/churn.git"),
        ("https://git.example.org/x/q8w7e6r5t4y3u2i1o0p9a8s7/c.git", "https://git.example.org/x/[masked: token]/c.git"),
        (f"https://git.example.org/churn.git?private_token={TOKEN}", "https://git.example.org/churn.git"),
        (f"https://git.example.org/churn.git#{TOKEN}", "https://git.example.org/churn.git"),
        ("ssh://git:secret@git.example.org:22/churn.git", "ssh://git.example.org:22/churn.git"),
        ("git@git.example.org:team/churn.git", "git@git.example.org:team/churn.git"),
        ("ana:secret@git.example.org:churn.git", "git.example.org:churn.git"),
        (f"{TOKEN}@git.example.org:churn.git", "git.example.org:churn.git"),
        ("../churn.git", "../churn.git"),
        ("/srv/git/churn.git", "/srv/git/churn.git"),
        ("https://[broken/churn.git", ""),
    ],
)
def test_credentials_are_cut_out_of_an_address(url: str, kept: str) -> None:
    assert without_credentials(url) == kept


word = st.text("abcdefgh_", min_size=6, max_size=12).map(lambda text: f"q{text}9")


@given(word, word, st.sampled_from(["https://{0}:{1}@git.example.org/a", "https://git.example.org/a?{0}={1}"]))
def test_no_user_and_no_password_is_left(user: str, password: str, form: str) -> None:
    kept = without_credentials(form.format(user, password))
    assert kept == "https://git.example.org/a"
    assert without_credentials(kept) == kept
