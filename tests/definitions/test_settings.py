"""Tests of settings and where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bancada.definitions._settings import Layer, Setting, merged, personal_file, read_toml
from bancada.exceptions import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path


def layers(home: Path, **values: dict[str, Any]) -> list[Layer]:
    return [
        Layer.flags(values.get("flags", {})),
        Layer.environment(values.get("environ", {})),
        Layer.personal(home / "config.toml", values.get("personal", {})),
        Layer.project(home / "bancada.toml", values.get("project", {})),
    ]


def test_an_earlier_layer_goes_before_a_later_one(tmp_path: Path) -> None:
    values: dict[str, dict[str, Any]] = {
        "flags": {"store": "flag", "cores": None},
        "environ": {"BANCADA_STORE": "environment", "BANCADA_CORES": "3"},
        "personal": {"store": "personal", "cores": 2},
        "project": {"store": "project", "modules": ["churn"]},
    }
    for name, source in [
        ("flags", "option --store"),
        ("environ", "BANCADA_STORE"),
        ("personal", str(tmp_path / "config.toml")),
        ("project", str(tmp_path / "bancada.toml")),
    ]:
        found = merged(layers(tmp_path, **values))["store"]
        assert found.source == source
        values[name] = {key: value for key, value in values[name].items() if "store" not in key.lower()}
    assert "store" not in merged(layers(tmp_path, **values))
    assert merged(layers(tmp_path, **values))["cores"] == Setting("cores", 3, "BANCADA_CORES")


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    assert merged(layers(tmp_path, environ={"BANCADA_STORE": "", "OTHER": "x"})) == {}


def test_modules_in_a_variable_are_separated_by_commas(tmp_path: Path) -> None:
    assert merged(layers(tmp_path, environ={"BANCADA_MODULES": "a.b, c,c"}))["modules"].value == ("a.b", "c")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"project": {"module": ["a"]}}, r"bancada\.toml .* Found `module`\. Did you mean `modules`\?"),
        (
            {"project": {"cache": "x"}},
            "Found `cache`. Known are `cores`, `guide`, `memory_mb`, `modules`, `snapshot`, `stage`, `store`, `team`",
        ),
        (
            {"personal": {"modules": ["a"]}},
            r"config\.toml .* Found `modules`\. Known are `cache`, `cores`, `key`, `locale`, `memory_mb`, `signers`",
        ),
        ({"project": {"trackin": {"uri": "x"}}}, r"Found `trackin`\. Did you mean `tracking`\?"),
        ({"project": {"teem": "x"}}, r"Found `teem`\. Did you mean `team`\?"),
        ({"personal": {"signer": "x"}}, r"Found `signer`\. Did you mean `signers`\?"),
        ({"project": {"key": "x"}}, r"bancada\.toml .* Found `key`"),
        ({"project": {"signers": "~/signers"}}, r"bancada\.toml .* Found `signers`"),
        ({"personal": {"signers": ".signers"}}, "`signers` is the path of .*: it must not depend on the project"),
        ({"personal": {"signers": ["ana"]}}, r"`signers` is the path of a file of allowed signers.* Found \['ana'\]"),
        ({"environ": {"BANCADA_KEY": "id_ed25519"}}, "`key` is the path of an SSH key, absolute .* in BANCADA_KEY"),
        ({"personal": {"team": "x"}}, r"config\.toml .* Found `team`"),
        ({"flags": {"team": "x"}}, r"option --team .* Found `team`"),
        ({"project": {"team": "growth"}}, r"`team` is a table. Found 'growth' in .*bancada\.toml"),
        (
            {"project": {"guide": 3}},
            r"`guide` names pages that say .*, relative to the root\. Found 3 in .*bancada\.toml",
        ),
        ({"project": {"tests": []}}, r"`tests` names files or folders with the tests .* Found \[\]"),
        ({"flags": {"sore": "x"}}, r"Found `sore`\. Did you mean `store`\?"),
        ({"project": {"modules": "churn"}}, "lists modules .* Found 'churn' in "),
        ({"project": {"modules": ["churn.py/x"]}}, "lists modules"),
        ({"project": {"modules": [3]}}, "lists modules"),
        ({"environ": {"BANCADA_CORES": "many"}}, "`cores` is a whole number above 0. Found 'many' in BANCADA_CORES"),
        ({"personal": {"cores": 0}}, "`cores` is a whole number above 0"),
        ({"personal": {"cores": True}}, "`cores` is a whole number above 0"),
        ({"project": {"store": 3}}, r"`store` is a folder\. Found 3 in .*bancada\.toml"),
        ({"project": {"store": ""}}, r"`store` is a folder\. Found ''"),
        ({"project": {"snapshot": "s3"}}, r"`snapshot` says where .* Found 's3' in .*bancada\.toml"),
        ({"project": {"snapshot": True}}, r"`snapshot` says where .* Found True"),
        ({"project": {"snapshot": "s3://me:secret@bucket/x"}}, r"holds no user, password or key, .* Found one in "),
        ({"project": {"snapshot": "https://x.org/y?sig=abc"}}, r"holds no user, password or key, .* Found one in "),
    ],
)
def test_what_is_no_setting_is_refused_with_its_source(
    values: dict[str, dict[str, Any]], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        merged(layers(tmp_path, **values))


def test_keys_that_no_verb_reads_yet_are_accepted_unread(tmp_path: Path) -> None:
    values: dict[str, dict[str, Any]] = {
        "project": {"stage": "pilot", "tracking": {"uri": "sqlite:///runs.db"}, "cores": 2},
        "personal": {"locale": "pt_BR"},
        "environ": {"BANCADA_TEAM": "x"},
    }
    assert merged(layers(tmp_path, **values)).keys() == {"cores"}


def test_the_personal_file_stands_in_the_users_configuration(tmp_path: Path) -> None:
    assert personal_file({}, tmp_path) == tmp_path / ".config" / "bancada" / "config.toml"
    assert personal_file({"XDG_CONFIG_HOME": "relative"}, tmp_path) == tmp_path / ".config" / "bancada" / "config.toml"
    elsewhere = str(tmp_path / "x")
    assert personal_file({"XDG_CONFIG_HOME": elsewhere}, tmp_path) == tmp_path / "x" / "bancada" / "config.toml"


def test_broken_toml_is_told_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "bancada.toml"
    path.write_text('modules = ["a"]\nstore = \n')
    with pytest.raises(ConfigurationError, match=r"bancada\.toml` is TOML in UTF-8\. Found an error: .*line 2"):
        read_toml(path)
    path.write_bytes(b"store = '\xff'")
    with pytest.raises(ConfigurationError, match="is TOML in UTF-8"):
        read_toml(path)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"can be read. Found "):
        read_toml(tmp_path)


@pytest.mark.parametrize("value", [0, -1, True, "soon", float("nan"), [3]])
@pytest.mark.parametrize(("key", "unit"), [("timeout_s", "seconds"), ("memory_mb", "million bytes")])
def test_a_limit_is_a_number_above_zero(tmp_path: Path, key: str, unit: str, value: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"`{key}` is a number of {unit}.*above 0.*Write it like `{key} = "):
        merged(layers(tmp_path, project={key: value}))


def test_limits_come_from_files_and_variables(tmp_path: Path) -> None:
    found = merged(layers(tmp_path, environ={"BANCADA_TIMEOUT_S": "2.5"}, personal={"memory_mb": 900}))
    assert (found["timeout_s"].value, found["memory_mb"].value) == (2.5, 900.0)
