"""A helper that the candidate uses, and one that it does not."""

import pandas as pd


def scaled(X: pd.DataFrame) -> pd.DataFrame:
    """Halve the features."""
    return X / 2


def unused(X: pd.DataFrame) -> pd.DataFrame:
    """Return the features."""
    return X
