"""What a record would execute: told in full, and nothing of it executed to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.engine.origins.conftest import PROBLEM, Person

import bancada as bc
from bancada.engine.origins._judging import Judge
from bancada.engine.origins._plans import model_of, would_run
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
        {"name": "numpy", "version": "2.0"},
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
    assert [(item.name, item.origin, item.why) for item in document.others] == [("own", "kept", "it is editable")]
    assert document.entry == "churn.models:boosting"
    assert document.data == "churn version 1, 10 rows"


def test_what_forms_would_import_is_shown_with_what_it_is_given(me: Person) -> None:
    task = {"class": "subprocess:Popen", "params": {"args": ["sh", "-c", "evil"]}}
    own = {"object": "bancada.tasks._binary:Binary", "state": {"positive": {"reference": "os:system"}}}
    metrics = [{"metric": "auc"}, own, {"class": "bancada.metrics:X", "params": {}}]
    job = me.store.objects.put(msgspec.json.encode({"task": task, "metrics": metrics, "schema": "store.job/1"}))
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


def test_very_many_and_very_large_files_are_cut(me: Person) -> None:
    put = me.store.objects.put
    large = put(b"x = 1\n" * 30_000)
    document = told(me, {"sources": {"large.py": large, "wide.py": put(b"y" * 100_000)}})
    by_path = {file.path: file for file in document.code}
    assert len(by_path["large.py"].diff) == 4_000
    assert by_path["large.py"].cut == 26_000
    assert max(map(len, by_path["wide.py"].diff)) < 2_100
    many = me.wrote("b", provenance={"sources": dict.fromkeys(map(str, range(50_000)), "0" * 64)})
    stored = me.store.runs.read(PROBLEM, many)
    assert stored is not None
    assert len(would_run("fit", stored, Origin("foreign"), me.store, me.project.root).code) == 20_000


def test_a_fit_that_names_no_model_is_told(me: Person) -> None:
    run_id = me.wrote("a")
    stored = me.store.runs.read(PROBLEM, run_id)
    assert stored is not None
    statement = Statement(kind="fit", said="2026-01-01T00:00:00+00:00", content={"format": 3})
    with pytest.raises(StoreError, match="names none"):
        model_of(statement, stored, Judge(me.store, me.project))
