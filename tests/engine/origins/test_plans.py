"""What a record would execute: told in full, and nothing of it executed to tell."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.engine.origins.conftest import PROBLEM, Person
from tests.provenance.origin.origin_samples import run_record

import bancada as bc
from bancada.engine.origins._judging import Judge
from bancada.engine.origins._plans import model_of, would_run
from bancada.engine.runner._protocol import Template, TemplateSplit
from bancada.exceptions import StoreError
from bancada.identity import digest_bytes
from bancada.models import Command, describe
from bancada.provenance.origin import Origin
from bancada.records import Statement

if TYPE_CHECKING:
    from bancada.engine.origins import WouldRun


def told(person: Person, provenance: dict[str, Any], **changed: Any) -> WouldRun:
    run_id = person.wrote("a", provenance=provenance, **changed)
    stored = person.store.runs.read(PROBLEM, run_id)
    assert stored is not None
    return would_run("fit", stored, Origin("foreign"), person.store, person.project.root)


def test_code_is_held_against_the_project(me: Person) -> None:
    root, put = me.project.root, me.store.objects.put
    (root / "same.py").write_text("a = 1\n")
    (root / "changed.py").write_text("a = 1\nb = 2\n")
    sources = {
        "same.py": put(b"a = 1\n"),
        "changed.py": put(b"a = 1\nimport evil\n"),
        "new.py": put(b"print('new')\n"),
        "gone.py": digest_bytes(b"nowhere"),
        "../../etc/passwd": put(b"x"),
    }
    found = {file.path: file for file in told(me, {"sources": sources}).code}
    assert {path: file.state for path, file in found.items()} == {
        "same.py": "same",
        "changed.py": "changed",
        "new.py": "new",
        "gone.py": "missing",
        "../../etc/passwd": "refused",
    }
    assert {"-b = 2", "+import evil"} <= set(found["changed.py"].diff)
    assert "+print('new')" in found["new.py"].diff
    assert found["same.py"].diff == ()


def test_what_differs_comes_first(me: Person) -> None:
    (me.project.root / "a.py").write_text("a = 1\n")
    sources = {"a.py": me.store.objects.put(b"a = 1\n"), "z.py": me.store.objects.put(b"z = 1\n")}
    assert [file.path for file in told(me, {"sources": sources}).code] == ["z.py", "a.py"]


def test_observed_files_and_extracted_text_are_shown(me: Person) -> None:
    put = me.store.objects.put
    provenance = {
        "files": {"settings.toml": put(b"rate = 1\n")},
        "extracted": {"object": put(b"def make():\n    pass\n"), "name": "make"},
    }
    document = told(me, provenance)
    assert [file.path for file in document.code] == ["(text of a session)", "settings.toml"]
    assert "+def make():" in document.code[0].diff
    assert document.entry == "make"


def test_commands_packages_and_data_are_shown(me: Person) -> None:
    packages = [
        {"name": "numpy", "version": importlib.metadata.version("numpy")},
        {"name": "scipy", "version": "0.1"},
        {"name": "evil", "version": "1"},
        {"name": "pyarrow", "version": importlib.metadata.version("pyarrow"), "origin": "manager"},
        {"name": "own", "version": "1", "origin": "kept", "kept": "0" * 64, "why": "it is editable"},
    ]
    environment = {
        "manager": "uv", "python": "3.11.7", "implementation": "CPython", "tag": "t", "platform": "p",
        "packages": packages, "schema": "store.environment/1",
    }  # fmt: skip
    provenance = {
        "environment": me.store.objects.put(msgspec.json.encode(environment)),
        "command": {"words": ["python", "train.py"]},
        "reference": "churn.models:boosting",
    }
    document = told(me, provenance, params={"model": {"command": ["Rscript", "fit.R"]}})
    assert document.commands == ("python train.py", "Rscript fit.R")
    assert document.packages == 1
    assert [(item.name, item.origin, item.why) for item in document.others] == [
        ("scipy", "index", ""),
        ("evil", "index", ""),
        ("pyarrow", "manager", ""),
        ("own", "kept", "it is editable"),
    ]
    assert document.entry == "churn.models:boosting"
    assert document.data == "churn version 1, 10 rows"


def test_what_forms_would_import_is_shown_with_what_it_is_given(me: Person) -> None:
    task = {"class": "subprocess:Popen", "params": {"args": ["sh", "-c", "evil"]}}
    own = {"object": "bancada.tasks._binary:Binary", "state": {"positive": {"reference": "os:system"}}}
    metrics = [{"metric": "auc"}, own, {"class": "bancada.metrics:X", "params": {}}]
    template = Template(
        problem=PROBLEM, task=task, metrics=tuple(metrics), split=TemplateSplit(identity={}, kind="random")
    )
    job = me.store.objects.put(msgspec.json.encode(template))
    value = {"class": "churn.models:Own", "params": {"inner": {"object": "pickle:Unpickler", "state": {}}}}
    assert told(me, {"job": job}, claim={"value": value}).calls == (
        'bancada.metrics:X {"params":{}}',
        'churn.models:Own {"params":{"inner":{"object":"pickle:Unpickler","state":{}}}}',
        "os:system",
        'pickle:Unpickler {"state":{}}',
        'subprocess:Popen {"params":{"args":["sh","-c","evil"]}}',
    )


def test_nothing_is_hidden_but_the_tasks_of_bancada(me: Person) -> None:
    own = [
        bc.tasks.Binary(),
        bc.tasks.Forecast(2),
        bc.tasks.Multiclass(),
        bc.tasks.Multilabel(),
        bc.tasks.Quantile(),
        bc.tasks.Ranking("query"),
        bc.tasks.Regression(),
        bc.tasks.Text(),
    ]
    program = describe(Command(["sh", "-c", "evil"]))
    through = {"reference": "bancada.provenance.origin._ssh:subprocess.call"}
    method = {"method": "run", "of": {"object": "bancada.tasks._binary:Binary", "state": {}}}
    calls = told(me, {}, claim={"value": [program, through, method, *map(describe, own)]}).calls
    assert len(calls) == 3
    assert calls[1] == "bancada.provenance.origin._ssh:subprocess.call"
    assert calls[0].startswith("bancada.models._command:Command {")
    assert '"sh","-c","evil"' in calls[0]
    assert calls[2].startswith("method run of {")


def test_data_without_a_version_have_none(me: Person) -> None:
    problem = run_record("a" * 26).problem
    data = msgspec.structs.replace(problem.dataset, version="")
    assert told(me, {}, problem=msgspec.structs.replace(problem, dataset=data)).data == "churn, 10 rows"


@pytest.mark.parametrize(
    "provenance",
    [
        {},
        {"job": 3},
        {"job": "0" * 64},
        {"sources": 3, "files": [], "environment": 3, "command": "x", "extracted": "y"},
        {"sources": {"a": 3}, "environment": "0" * 64, "command": {"words": "rm"}, "extracted": {"object": 3}},
        {"sources": {"\x1b[2J": "0" * 64, "": "", "a" * 5000: "z"}, "extracted": {"object": "../x"}},
    ],
)
def test_a_hostile_record_is_shown_as_far_as_it_goes(me: Person, provenance: dict[str, Any]) -> None:
    document = told(me, provenance, params={"x": {"command": 3}})
    assert {file.state for file in document.code} <= {"missing", "refused"}
    assert document.commands == ()


LONG: dict[str, tuple[bytes, str]] = {
    "bytes": (b"x" * 20_000_001, r"cannot be read to be .*more than 20,000,000 bytes"),
    "lines": (b"x = 1\n" * 30_000, r"differs in 30,002 lines, of which 20,000 would be"),
    "characters": (b"y" * 100_000, r"a line of 'a\.py' has 100,001 characters"),
    "no text": (b"\xff\xfe\x00", r"'a\.py' is no text"),
}


@pytest.mark.parametrize("kind", LONG)
def test_what_cannot_be_shown_whole_is_refused(me: Person, kind: str) -> None:
    data, why = LONG[kind]
    with pytest.raises(StoreError, match=r"is shown whole before anybody agrees to it.*" + why):
        told(me, {"sources": {"a.py": me.store.objects.put(data)}})


@pytest.mark.parametrize("kind", LONG)
def test_text_of_a_session_that_cannot_be_shown_whole_is_refused(me: Person, kind: str) -> None:
    with pytest.raises(StoreError, match="shown whole before anybody agrees to it"):
        told(me, {"extracted": {"object": me.store.objects.put(LONG[kind][0]), "name": "make"}})


@pytest.mark.parametrize("field", ["job", "environment"])
def test_what_is_too_large_to_be_read_is_refused(me: Person, field: str) -> None:
    with pytest.raises(StoreError, match="cannot be read to be"):
        told(me, {field: me.store.objects.put(b" " * 20_000_001)})


def test_very_many_files_lines_and_calls_are_refused(me: Person) -> None:
    put = me.store.objects.put
    with pytest.raises(StoreError, match=r"50,000 files are laid out"):
        told(me, {"sources": dict.fromkeys(map(str, range(50_000)), "0" * 64)})
    long = put(b"x = 1\n" * 15_000)
    with pytest.raises(StoreError, match=r"in more lines than the 100,000"):
        told(me, {"sources": dict.fromkeys(map(str, range(10)), long)}, run_id="b" * 26)
    calls = [{"reference": f"os:x{number}"} for number in range(1_001)]
    with pytest.raises(StoreError, match=r"calls more than the 1,000 names"):
        told(me, {}, claim={"value": calls}, run_id="c" * 26)
    with pytest.raises(StoreError, match=r"what it calls has [\d,]+ characters"):
        told(me, {}, claim={"value": {"class": "os:x", "params": {"a": "y" * 20_000}}}, run_id="d" * 26)


@pytest.mark.parametrize("kind", [kind for kind in LONG if kind != "bytes"])
def test_what_is_the_same_here_need_not_be_shown(me: Person, kind: str) -> None:
    data = LONG[kind][0]
    (me.project.root / "a.py").write_bytes(data)
    document = told(me, {"sources": {"a.py": me.store.objects.put(data)}})
    assert [file.state for file in document.code] == ["same"]


def test_a_fit_that_names_no_model_is_told(me: Person) -> None:
    run_id = me.wrote("a")
    stored = me.store.runs.read(PROBLEM, run_id)
    assert stored is not None
    statement = Statement(kind="fit", said="2026-01-01T00:00:00+00:00", content={"format": 3})
    with pytest.raises(StoreError, match="names none"):
        model_of(statement, stored, Judge(me.store, me.project))
