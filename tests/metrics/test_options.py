"""Settings of built-in metrics: by argument or after an `@`, in name and identity."""

from __future__ import annotations

from typing import Any

import pytest

from bancada.exceptions import DefinitionError, NotFoundError
from bancada.metrics import get
from bancada.metrics._options import choice, count


def test_an_argument_and_the_name_say_the_same() -> None:
    assert get("ndcg", k=10) == get("ndcg@10")
    assert get("precision", k=5).name == get("precision@5").name == "precision@5"
    assert get("token_f1@plain").identity().ingredients["parameters"]["normalise"] == "plain"


def test_the_bare_name_is_the_setting_that_it_stands_for() -> None:
    assert get("ndcg", k=None) == get("ndcg")
    assert get("token_f1@squad") == get("token_f1")
    assert get("precision@10").setting == 10


def test_a_setting_changes_the_identity() -> None:
    assert len({get(name).identity().digest for name in ("ndcg", "ndcg@5", "ndcg@10")}) == 3


def test_a_setting_leaves_tasks_without_it_to_the_bare_metric() -> None:
    assert get("exact_match").tasks == ("text", "multilabel")
    assert get("exact_match@squad").tasks == ("text",)


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "ten", "00", "٣", "1" * 30, [3]])
def test_another_value_is_refused(value: Any) -> None:
    with pytest.raises(DefinitionError, match=r"`k` of a metric is a whole number from 1, or None for all\."):
        get("ndcg", k=value)


def test_a_word_that_is_no_choice_is_refused_with_the_choices() -> None:
    with pytest.raises(DefinitionError, match=r"`normalise` of a metric is 'plain', 'fold' or 'squad'\. Found 'sqad'"):
        get("exact_match@sqad")


def test_a_required_setting_has_no_default() -> None:
    with pytest.raises(DefinitionError, match="`k` of a metric is a whole number from 1"):
        get("recall", k=None)


def test_an_option_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"`ndcg` has one option\. Found `n=3`\. Write `k=10`"):
        get("ndcg", n=3)
    with pytest.raises(DefinitionError, match=r"`rmse` has no option\. Found `k=3`\. Leave it out"):
        get("rmse", k=3)


def test_an_at_behind_a_metric_without_options_is_no_name() -> None:
    with pytest.raises(NotFoundError, match=r"There is no metric `rmse@3`\. Did you mean `rmse`\?"):
        get("rmse@3")


def test_names_tell_what_differs_from_the_bare_metric() -> None:
    assert count("k").named("map", 3) == "map@3"
    assert choice("form", ("a", "b"), "a").named("x", "a") == "x"
