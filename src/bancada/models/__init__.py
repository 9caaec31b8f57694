"""Models as they are: canonical form, fitting, seeds, and keeping what was fitted."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.models._command import Command
    from bancada.models._fitting import (
        fit,
        fold_seed,
        fresh,
        seed_everything,
        seed_model,
        wants_groups,
        wants_validation,
    )
    from bancada.models._keeping import KeptModel, dump, load
    from bancada.models._quantile_bundle import QuantileBundle
    from bancada.models._values import describe, is_estimator, parts

__all__ = [
    "Command",
    "KeptModel",
    "QuantileBundle",
    "describe",
    "dump",
    "fit",
    "fold_seed",
    "fresh",
    "is_estimator",
    "load",
    "parts",
    "seed_everything",
    "seed_model",
    "wants_groups",
    "wants_validation",
]

_WHERE = {
    "Command": "_command",
    "KeptModel": "_keeping",
    "QuantileBundle": "_quantile_bundle",
    "describe": "_values",
    "dump": "_keeping",
    "fit": "_fitting",
    "fold_seed": "_fitting",
    "fresh": "_fitting",
    "is_estimator": "_values",
    "load": "_keeping",
    "parts": "_values",
    "seed_everything": "_fitting",
    "seed_model": "_fitting",
    "wants_groups": "_fitting",
    "wants_validation": "_fitting",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
