"""What identifies the code of a function."""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.metrics import fbeta_score

from bancada.exceptions import DefinitionError
from bancada.identity import tree_digest
from bancada.metrics._source import carried, code_digest, name_of

if TYPE_CHECKING:
    from collections.abc import Callable


def hits(y_true: Any, y_pred: Any) -> float:
    """Count hits."""
    return float((y_true == y_pred).sum())


def power(y_true: Any, y_pred: Any, exponent: float = 1.0, scale: Any = None) -> float:
    return float(((y_true - y_pred) ** exponent).sum()) * (scale or 1)


def scaled(factor: Any) -> Callable[[Any, Any], float]:
    def inner(y_true: Any, y_pred: Any) -> float:
        return factor * hits(y_true, y_pred)  # type: ignore[no-any-return]  # the factor is whatever the test gives

    return inner


def wrapped(function: Callable[..., float]) -> Callable[..., float]:
    @functools.wraps(function)
    def outer(*args: Any) -> float:
        return function(*args)

    return outer


def same_as_hits() -> Callable[..., float]:
    def hits(y_true: Any, y_pred: Any) -> float:
        # A comment and no docstring: the same code.
        return float((y_true == y_pred).sum())

    return hits


def test_comments_docstrings_and_indentation_are_no_code() -> None:
    assert code_digest(same_as_hits()) == code_digest(hits)


def test_other_code_has_another_digest() -> None:
    assert code_digest(power) != code_digest(hits)


def test_a_partial_has_the_code_of_its_function_and_a_wrapper_one_of_its_own() -> None:
    assert code_digest(partial(power, exponent=2)) == code_digest(power)
    assert (
        len({code_digest(function) for function in (hits, wrapped(hits), wrapped(wrapped(hits)), wrapped(power))}) == 4
    )
    assert code_digest(wrapped(hits)) == code_digest(wrapped(hits))
    assert name_of(partial(power, exponent=2)) == name_of(wrapped(power)) == "power"


@pytest.mark.parametrize("function", [lambda y_true, y_pred: y_true + y_pred, max, len])
def test_what_has_no_def_is_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(DefinitionError, match="has no `def` that can be read"):
        code_digest(function)


def test_a_lambda_has_no_name() -> None:
    with pytest.raises(DefinitionError, match="Say `name=…`"):
        name_of(lambda y_true, y_pred: y_true + y_pred)


def test_values_that_the_source_does_not_show_are_carried() -> None:
    assert carried(hits) == {}
    assert carried(partial(power, exponent=2)) == {"exponent": 2}
    assert carried(partial(partial(power, exponent=2, scale=3), exponent=4)) == {"exponent": 4, "scale": 3}
    assert carried(scaled(2.5)) == {"factor": 2.5}


def test_a_carried_function_is_known_by_its_code() -> None:
    assert carried(scaled(hits)) == {"factor": {"code": code_digest(hits)}}
    assert carried(scaled(partial(power, scale=2))) != carried(scaled(partial(power, scale=3)))


def test_what_is_carried_and_installed_is_known_by_its_name() -> None:
    assert carried(scaled(DefinitionError)) == {"factor": "bancada.exceptions.DefinitionError"}
    assert carried(scaled(np.mean)) == {"factor": "numpy.mean"}


def test_a_carried_class_of_the_users_is_known_by_what_it_says() -> None:
    def made(factor: float) -> type:
        class Cost:
            def of(self, error: float) -> float:
                return error * factor

        return Cost

    assert carried(scaled(made(1.0))) == carried(scaled(made(1.0)))
    assert carried(scaled(made(1.0))) != carried(scaled(made(2.0)))


def test_a_function_of_an_installed_package_is_known_by_its_definition_alone() -> None:
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(fbeta_score))))
    assert code_digest(fbeta_score) == tree_digest(tree.body[0])


def test_what_cannot_be_identified_is_not_carried() -> None:
    with pytest.raises(DefinitionError, match="`factor` is object"):
        carried(scaled(object()))
