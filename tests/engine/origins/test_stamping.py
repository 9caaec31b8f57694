"""What is written is stamped; without a key it is written all the same, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.origins.conftest import PROBLEM, Person
from tests.provenance.origin.origin_samples import run_record

from bancada.engine.origins import Judge, stamped

if TYPE_CHECKING:
    from pathlib import Path


def test_a_first_run_makes_the_key_and_is_own(me: Person) -> None:
    assert not me.project.personal.exists()
    run_id = me.wrote("a")
    assert (me.project.personal / "origin.key").is_file()
    assert Judge(me.store, me.project).run(PROBLEM, run_id).own


def test_without_a_home_a_run_is_written_and_its_evidence_says_so(me: Person, tmp_path: Path) -> None:
    (tmp_path / "me").write_text("no folder")
    record = stamped(run_record(), me.project)
    assert record.origin == ""
    assert record.evidence.grade == "incomplete"
    assert record.evidence.missing[-1].startswith("origin: the key ")
    run_id = me.wrote("a")
    assert Judge(me.store, me.project).run(PROBLEM, run_id).kind == "foreign"
