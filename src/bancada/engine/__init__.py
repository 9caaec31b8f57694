"""The engine: plan, schedule, execute, cache; the workers that fit and predict."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine._binding import Binding, bind
    from bancada.engine._claims import BASELINE, Request
    from bancada.engine._commanded import commanded
    from bancada.engine._live import log, log_artifact
    from bancada.engine._plan import Plan
    from bancada.engine._requests import check_words, request_of, requests_for
    from bancada.engine._underway import Answer
    from bancada.engine._workbench import FittedModel, Outcome, Workbench

__all__ = [
    "BASELINE",
    "Answer",
    "Binding",
    "FittedModel",
    "Outcome",
    "Plan",
    "Request",
    "Workbench",
    "bind",
    "check_words",
    "commanded",
    "log",
    "log_artifact",
    "request_of",
    "requests_for",
]

_WHERE = {
    "BASELINE": "_claims",
    "Answer": "_underway",
    "Binding": "_binding",
    "FittedModel": "_workbench",
    "Outcome": "_workbench",
    "Plan": "_plan",
    "Request": "_claims",
    "Workbench": "_workbench",
    "bind": "_binding",
    "check_words": "_requests",
    "commanded": "_commanded",
    "log": "_live",
    "log_artifact": "_live",
    "request_of": "_requests",
    "requests_for": "_requests",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
