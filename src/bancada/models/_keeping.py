"""Fitted models as bytes: skops where it loads without trust, else cloudpickle, which executes code on load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bancada.exceptions import UsageError

__all__ = ["KeptModel", "dump", "load"]

SKOPS, CLOUDPICKLE = "skops", "cloudpickle"


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A model as it is stored.

    Attributes:
        data: The bytes.
        format: `skops` or `cloudpickle`.
        executes_code: True where loading runs code that the bytes choose.
        packages: Versions of the packages that the format depends on.
    """

    data: bytes
    format: str
    executes_code: bool
    packages: dict[str, str]


def dump(model: object) -> KeptModel:
    """Return a fitted model as bytes, in the safest format that holds it."""
    import sklearn  # noqa: PLC0415 - loaded only when a model is kept

    packages = {"scikit-learn": sklearn.__version__}
    data = _skops_bytes(model)
    if data is not None:
        import skops  # noqa: PLC0415 - loaded only when a model is kept

        return KeptModel(data, SKOPS, executes_code=False, packages=packages | {"skops": skops.__version__})
    import cloudpickle  # noqa: PLC0415 - loaded only when a model is kept

    return KeptModel(
        cloudpickle.dumps(model),
        CLOUDPICKLE,
        executes_code=True,
        packages=packages | {"cloudpickle": cloudpickle.__version__},
    )


def load(data: bytes, form: str, *, trusted: bool) -> Any:
    """Return the model.

    Args:
        data: What `dump` gave.
        form: Its format.
        trusted: True where the bytes are the user's own, or the user agreed that they may execute code.

    Raises:
        UsageError: The format executes code and nobody agreed to that, or the format is unknown.
    """
    if form == SKOPS:
        import skops.io  # noqa: PLC0415 - loaded only when a model is read

        return skops.io.loads(data)
    if form == CLOUDPICKLE and trusted:
        import pickle  # noqa: PLC0415 - reached only with the user's consent

        return pickle.loads(data)  # noqa: S301 - as above
    raise UsageError(
        "A model that executes code on load is read only with consent.",
        f"This one is kept as {form!r}.",
        "Fit it again with `bancada fit`, or say that you trust where it comes from.",
    )


def _skops_bytes(model: object) -> bytes | None:
    """Bytes by skops, or None where it cannot hold the model or would ask for trust to load it."""
    import skops.io  # noqa: PLC0415 - loaded only when a model is kept

    try:
        data: bytes = skops.io.dumps(model)
        if skops.io.get_untrusted_types(data=data):
            return None
        skops.io.loads(data)
    except Exception:  # noqa: BLE001 - any failure of the safer format means the other one
        return None
    return data
