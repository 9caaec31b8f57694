"""Names by which the claims of one sweep can be told apart."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from bancada.identity import told_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.engine._claims import Claim

__all__ = ["claim_labels"]


def claim_labels(claims: Sequence[Claim]) -> tuple[str, ...]:
    """Return a label for each claim: the candidate, and what differs from its other claims in this sweep."""
    counts = Counter(item.label for item in claims)
    return tuple(item.label if counts[item.label] == 1 else _told_apart(item, claims) for item in claims)


def _told_apart(item: Claim, claims: Sequence[Claim]) -> str:
    twins = [other for other in claims if other.label == item.label]
    names = [name for name in item.recorded if len({_text(twin.recorded.get(name)) for twin in twins}) > 1]
    words = [f"{name}={_brief(name, item, twins)}" for name in names]
    if len({twin.seed for twin in twins}) > 1:
        words.append(f"seed={item.seed}")
    return " ".join([item.label, *words])


def _brief(name: str, item: Claim, twins: Sequence[Claim]) -> str:
    """Return a parameter's text, a number in as few digits as tell the claims apart."""
    value = item.recorded[name]
    if not isinstance(value, float):
        return _text(value)
    others = (twin.recorded.get(name) for twin in twins)
    return told_apart(other for other in others if isinstance(other, float))[value]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "none" if value is None else msgspec.json.encode(value).decode()
