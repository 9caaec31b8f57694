"""Whether a run can be repeated, and in what two runs differ."""

from __future__ import annotations

__all__: list[str] = []
