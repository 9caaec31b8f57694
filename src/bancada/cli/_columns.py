"""Names of columns as they are typed."""

from __future__ import annotations

__all__ = ["columns_named"]


def columns_named(typed: str | None) -> tuple[str, ...] | None:
    """Return the columns that an option names between commas; None for `all` of them, nothing where it was not given.

    Examples:
        >>> columns_named("tenure, region"), columns_named("all"), columns_named(None)
        (('tenure', 'region'), None, ())
    """
    if typed is None:
        return ()
    return None if typed == "all" else tuple(name.strip() for name in typed.split(","))
