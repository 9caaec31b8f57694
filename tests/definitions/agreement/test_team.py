"""Tests of roles and members."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from bancada.definitions.agreement import Team, read_team
from bancada.exceptions import ConfigurationError, NotFoundError

TEAM = Team({"product": ("ana@example.org",), "data": ("rui@example.org", "Eva Costa")})


def test_members_are_everybody_once() -> None:
    team = Team({"a": ("x", "y"), "b": ("y",)})
    assert team.members == ("x", "y")
    assert pickle.loads(pickle.dumps(team)) == team  # noqa: S301 - our own bytes, as workers get them


def test_a_member_is_known_by_address_or_name_whatever_the_capitals() -> None:
    assert TEAM.member("product", ("Ana@Example.org", "Ana")) == "ana@example.org"
    assert TEAM.member("data", ("eva@example.org", "Eva Costa")) == "Eva Costa"
    assert TEAM.has("data", "RUI@example.org")
    assert not TEAM.has("product", "rui@example.org")


def test_an_unknown_role_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFoundError, match=r"Found no role `prodct`\. Did you mean `product`\?"):
        TEAM.member("prodct", ("ana@example.org",))
    with pytest.raises(NotFoundError, match=r"Found no role `product`\. Name the roles there"):
        Team().member("product", ("ana@example.org",))


def test_who_is_no_member_is_told_who_is() -> None:
    message = r"Git says that you are `eve@example\.org` or `Eve`; its members are `ana@example\.org`\. Set `git config"
    with pytest.raises(NotFoundError, match=message):
        TEAM.member("product", ("eve@example.org", "Eve"))
    with pytest.raises(NotFoundError, match="Git says that you are nobody"):
        TEAM.member("product", ("", ""))


def test_a_team_is_read_from_settings() -> None:
    assert read_team({"roles": {"product": ["ana@example.org"]}}, "x.toml") == Team({"product": ("ana@example.org",)})
    assert read_team({}, "x.toml") == Team()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("growth", r"`team` is a table\. Found 'growth' in x\.toml"),
        ({"role": {}}, r"has the key `roles`\. Found `role` in x\.toml\. Did you mean `roles`\?"),
        ({"roles": ["ana"]}, r"`roles` of a team is a table"),
        ({"roles": {"": ["ana"]}}, r"A role is a word"),
        ({"roles": {"a\x1b[31m": ["ana"]}}, r"A role is a word"),
        ({"roles": {"product": "ana"}}, r"Role `product` of a team lists its members.*Found 'ana'"),
        ({"roles": {"product": []}}, r"at least one.*Found \[\]"),
        ({"roles": {"product": [3]}}, r"Role `product`.*Found 3"),
        ({"roles": {"product": ["ana\n"]}}, r"Role `product`.*Found 'ana\\n'"),
        ({"roles": {"product": ["ana", "Ana"]}}, r"named once\. Found 'Ana'"),
        ({"roles": {f"r{number}": ["a"] for number in range(51)}}, r"a table of up to 50 roles"),
    ],
)
def test_what_is_no_team_is_refused_with_its_source(value: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        read_team(value, "x.toml")
