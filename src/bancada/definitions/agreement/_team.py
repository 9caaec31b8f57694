"""Who decides: the roles of a team, and who has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bancada.exceptions import ConfigurationError, NotFoundError, nearest

__all__ = ["Team", "read_team"]

_KEYS = ("roles",)
_ROLE = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{0,39}")
_LONGEST = 200
_MOST_ROLES = 50
_MOST_MEMBERS = 500
_EXAMPLE = 'Write it like `roles = { product = ["ana@example.com"], data = ["rui@example.com"] }`.'


@dataclass(frozen=True)
class Team:
    """The roles that approve, and their members.

    Attributes:
        roles: The members of each role, by the address or the name that git knows them by.
    """

    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def members(self) -> tuple[str, ...]:
        """Everybody once, sorted."""
        return tuple(sorted({member for members in self.roles.values() for member in members}))

    def has(self, role: str, member: str) -> bool:
        """Tell whether somebody has a role; capitals do not matter."""
        return member.casefold() in {other.casefold() for other in self.roles.get(role, ())}

    def member(self, role: str, names: tuple[str, ...]) -> str:
        """Return who of a role somebody is.

        Args:
            role: The role.
            names: What git knows them by.

        Raises:
            NotFoundError: There is no such role, or nobody in it has one of these names.
        """
        if role not in self.roles:
            raise NotFoundError(
                "An approval is given in a role that `[tool.bancada.team]` names.",
                f"Found no role `{role}`.",
                nearest(role, self.roles) if self.roles else f"Name the roles there. {_EXAMPLE}",
            )
        for member in self.roles[role]:
            if member.casefold() in {name.casefold() for name in names if name}:
                return member
        shown = " or ".join(f"`{name}`" for name in names if name) or "nobody: git has neither `user.name` nor its mail"
        known = ", ".join(f"`{member}`" for member in self.roles[role])
        raise NotFoundError(
            f"Whoever approves as `{role}` is a member of that role.",
            f"Git says that you are {shown}; its members are {known}.",
            "Set `git config user.email`, or have yourself added in `[tool.bancada.team]`.",
        )


def read_team(value: Any, source: str) -> Team:
    """Return the team that a project's settings name.

    Args:
        value: The table as it was written.
        source: Where, for the errors.

    Raises:
        ConfigurationError: It is no such table.
    """
    if not isinstance(value, Mapping):
        raise _wrong("`team` is a table.", value, source)
    for key in value:
        if key not in _KEYS:
            rule = "`[tool.bancada.team]` has the key `roles`."
            raise ConfigurationError(rule, f"Found `{key}` in {source}.", nearest(str(key), _KEYS))
    roles = value.get("roles", {})
    if not isinstance(roles, Mapping) or len(roles) > _MOST_ROLES:
        raise _wrong(f"`roles` of a team is a table of up to {_MOST_ROLES} roles.", roles, source)
    return Team({str(role): _members(str(role), roles[role], source) for role in roles})


def _members(role: str, members: Any, source: str) -> tuple[str, ...]:
    if not _ROLE.fullmatch(role):
        raise _wrong("A role is a word of up to 40 letters, digits, spaces and dashes.", role, source)
    rule = f"Role `{role}` of a team lists its members, at least one, by their addresses or names in git."
    if not isinstance(members, list | tuple) or not 0 < len(members) <= _MOST_MEMBERS:
        raise _wrong(rule, members, source)
    for member in members:
        if not isinstance(member, str) or not member.strip() or not member.isprintable() or len(member) > _LONGEST:
            raise _wrong(rule, member, source)
    folded = [member.casefold() for member in members]
    if twice := sorted({member for member in members if folded.count(member.casefold()) > 1}):
        raise _wrong("Each member of a role is named once.", twice[0], source)
    return tuple(members)


def _wrong(rule: str, found: Any, source: str) -> ConfigurationError:
    return ConfigurationError(rule, f"Found {found!r} in {source}.", _EXAMPLE)
