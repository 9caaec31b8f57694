"""Whose runs are: stamped when they are written, signed where a key is named, judged before anything executes."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.origins._consent import agreed
    from bancada.engine.origins._judging import Judge
    from bancada.engine.origins._plans import PackageOrigin, WouldRun, model_of
    from bancada.engine.origins._signing import sign_quietly, sign_runs
    from bancada.engine.origins._stamping import said, stamped

__all__ = ["Judge", "PackageOrigin", "WouldRun", "agreed", "model_of", "said", "sign_quietly", "sign_runs", "stamped"]

_WHERE = {
    "Judge": "_judging",
    "PackageOrigin": "_plans",
    "WouldRun": "_plans",
    "agreed": "_consent",
    "model_of": "_plans",
    "said": "_stamping",
    "sign_quietly": "_signing",
    "sign_runs": "_signing",
    "stamped": "_stamping",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
