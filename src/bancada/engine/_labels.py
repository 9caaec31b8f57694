"""Names by which the claims of one sweep can be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.identity import told_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.engine._claims import Claim

__all__ = ["claim_labels"]


def claim_labels(claims: Sequence[Claim]) -> tuple[str, ...]:
    """Return a label for each claim: the candidate, and what differs from its other claims in this sweep."""
    families: dict[str, list[Claim]] = {}
    for item in claims:
        families.setdefault(item.label, []).append(item)
    told = {label: iter(_told_apart(twins)) for label, twins in families.items()}
    return tuple(next(told[item.label]) for item in claims)


def _told_apart(twins: Sequence[Claim]) -> list[str]:
    """Return a label for each of several claims of one candidate."""
    names = dict.fromkeys(name for item in twins for name in item.recorded)
    values = {name: [item.recorded.get(name) for item in twins] for name in names}
    differing = {name: _brief(items) for name, items in values.items() if len(set(map(_text, items))) > 1}
    seeded = len({item.seed for item in twins}) > 1
    labels = []
    for position, item in enumerate(twins):
        words = [f"{name}={differing[name][position]}" for name in item.recorded if name in differing]
        labels.append(" ".join([item.label, *words, *([f"seed={item.seed}"] if seeded else [])]))
    return labels


def _brief(values: Sequence[object]) -> list[str]:
    """Return the text of each value of a parameter, a number in as few digits as tell the claims apart."""
    texts = told_apart(value for value in values if isinstance(value, float))
    return [texts[value] if isinstance(value, float) else _text(value) for value in values]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "none" if value is None else msgspec.json.encode(value).decode()
