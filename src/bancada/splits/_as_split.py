"""What may stand where a split is wanted."""

from __future__ import annotations

from typing import Any

from bancada.contracts import Split
from bancada.exceptions import DefinitionError
from bancada.splits._kfold import KFold
from bancada.splits._splitter import from_splitter

__all__ = ["as_split"]


def as_split(value: Any) -> Split:
    """Return a split: one as it is, `KFold` for a whole number, `from_splitter` for a splitter of scikit-learn's shape.

    Args:
        value: The split, the number or the splitter.

    Raises:
        DefinitionError: If it is none of these, or a splitter that `from_splitter` refuses.

    Examples:
        >>> as_split(3).identity()["k"]
        3
    """
    if isinstance(value, type):
        raise DefinitionError(
            "A split must be an instance.", f"`{value.__name__}` is a class.", f"Call it, as in `{value.__name__}()`."
        )
    if isinstance(value, Split):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return KFold(value)
    if callable(getattr(value, "split", None)) and hasattr(value, "get_n_splits"):
        return from_splitter(value)
    raise DefinitionError(
        "A split must be one of `bc.splits`, a splitter of scikit-learn's shape, or the count of folds.",
        f"It is {value!r}.",
        "Say `KFold(5, repeats=3)`.",
    )
