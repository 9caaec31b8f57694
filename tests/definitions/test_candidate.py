"""Tests of candidates."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import cloudpickle
import pytest

from bancada.definitions import Candidate, candidate
from bancada.exceptions import DefinitionError, NotFoundError


@candidate
def boosting(learning_rate: float = 0.1, max_depth: int | None = None) -> tuple[str, float, int | None]:
    """Boost shallow trees.

    More words.
    """
    return "boosting", learning_rate, max_depth


@candidate(name="deep.net", frame="numpy", reads=["data/lookup.csv"])
def net(sizes: list[int] = [64, 32], *, depth: int) -> tuple[list[int], int]:  # noqa: B006 - a mutable default, as users write it
    return sizes, depth


def test_a_candidate_is_called_like_its_function() -> None:
    assert boosting(max_depth=3) == ("boosting", 0.1, 3)
    assert boosting.__doc__ is not None
    assert boosting.__doc__.startswith("Boost shallow trees.")
    assert list(inspect.signature(boosting).parameters) == ["learning_rate", "max_depth"]


def test_a_candidate_knows_where_it_lives() -> None:
    assert (boosting.name, boosting.module, boosting.qualname) == ("boosting", __name__, "boosting")
    assert (boosting.frame, boosting.reads) == ("pandas", ())
    assert (net.name, net.frame, net.reads) == ("deep.net", "numpy", ("data/lookup.csv",))


def test_resolve_writes_defaults_out_in_the_order_of_the_signature() -> None:
    assert boosting.resolve({}) == {"learning_rate": 0.1, "max_depth": None}
    resolved = boosting.resolve({"max_depth": 3, "learning_rate": 1})
    assert list(resolved.items()) == [("learning_rate", 1.0), ("max_depth", 3)]
    assert isinstance(resolved["learning_rate"], float)


def test_resolve_is_idempotent() -> None:
    once = boosting.resolve({"max_depth": 3})
    assert boosting.resolve(once) == once


def test_a_default_list_is_never_shared() -> None:
    net.resolve({"depth": 1})["sizes"].append(0)
    assert net.resolve({"depth": 1})["sizes"] == [64, 32]


def test_plain_parameters_are_json() -> None:
    assert net.plain({"depth": 2}) == {"sizes": [64, 32], "depth": 2}


def test_resolve_refuses_what_the_signature_does_not_say() -> None:
    with pytest.raises(NotFoundError, match=r"Found no `learning_rat`\. Did you mean `learning_rate`\?"):
        boosting.resolve({"learning_rat": 0.1})
    with pytest.raises(
        DefinitionError, match=r"`max_depth` of candidate `boosting` takes `int \| None`\. Found 'x', a `str`"
    ):
        boosting.resolve({"max_depth": "x"})
    with pytest.raises(DefinitionError, match=r"without a default is given\. Found no value for `depth`"):
        net.resolve({})


@pytest.mark.parametrize("thing", [dict, len, 3, boosting])
def test_only_a_function_becomes_a_candidate(thing: Any) -> None:
    with pytest.raises(DefinitionError, match="A candidate is a function that returns a fresh model"):
        candidate(thing)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "a b"}, "The name of a candidate begins with"),
        ({"frame": "panda"}, r"Found 'panda'\. Did you mean `pandas`\?"),
        ({"reads": "data.csv"}, "lists files and folders below the root"),
        ({"reads": ["../data.csv"]}, "Found '../data.csv'"),
        ({"reads": ["/data.csv"]}, "Found '/data.csv'"),
        ({"reads": [3]}, "Found 3"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):

        @candidate(**options)
        def model() -> None: ...


def test_a_name_that_python_allows_and_paths_do_not_is_refused() -> None:
    with pytest.raises(DefinitionError, match="Found 'é'"):

        @candidate
        def é() -> None: ...  # noqa: PLC2401 - the name that is refused


def test_a_candidate_of_a_module_travels_by_name(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "travelling.py").write_text(
        "from bancada.definitions import candidate\n@candidate\ndef forest(trees: int = 3): return trees\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    forest = __import__("travelling").forest
    assert pickle.loads(pickle.dumps(forest)) is forest  # noqa: S301 - bytes that this very line has pickled


def test_a_candidate_within_a_function_travels_by_value() -> None:
    offset = 2

    @candidate(frame="arrow")
    def shifted(by: int = 1) -> int:
        return by + offset

    copy = pickle.loads(cloudpickle.dumps(shifted))  # noqa: S301 - bytes that this very line has pickled
    assert isinstance(copy, Candidate)
    assert (copy(by=3), copy.frame, copy.parameters) == (5, "arrow", shifted.parameters)
