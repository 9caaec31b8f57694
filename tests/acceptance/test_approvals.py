"""A team approves how its problem is judged, from the command line; the board says so, and a change lapses it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import Typed

JUDGED = """
def cost(y_true, y_pred):
    wrong = y_true != y_pred
    return float(5 * wrong.mean())


"""
EVALUATION = """bc.Evaluation(
    primary="roc_auc", metrics=[bc.metrics.from_function(cost, greater_is_better=False)], margin={margin},
    title="Who falls ill", rationale="Nurses call a hundred people.", reasons={{"roc_auc": "the order counts"}},
    alternatives=[bc.Alternative("accuracy", "nine of ten stay well")],
)"""
TESTS = "import {module}\nimport numpy as np\n\n\ndef test_cost():\n"
TESTS += "    assert {module}.cost(np.array([0, 1]), np.array([1, 1])) == 2.5\n"


def settings(typed: Typed, roles: str = 'product = ["ana@x.org"], data = ["rui@x.org"]') -> None:
    place = typed.root / "bancada.toml"
    text = f'modules = ["{typed.module}"]\nguide = "guide.md"\ntests = ["tests"]\n[team]\nroles = {{ {roles} }}\n'
    place.write_text(text, encoding="utf-8")


def write(typed: Typed, margin: float = 0.01, before: str = JUDGED) -> None:
    head = "import bancada as bc\n" + before
    typed.write("", head=head, evaluation=EVALUATION.format(margin=margin))
    settings(typed)


def git_says(root: Path, address: str) -> None:
    for words in (["init", "-q"], ["config", "user.name", "X"], ["config", "user.email", address]):
        subprocess.run(["git", *words], cwd=root, check=True, timeout=30, stdin=subprocess.DEVNULL)


@pytest.fixture
def team(typed: Typed) -> Typed:
    """Make a project with a team, a guide and tests, in which Ana works."""
    typed.write_data()
    write(typed)
    (typed.root / "guide.md").write_text("# How to judge\n")
    (typed.root / "tests").mkdir()
    (typed.root / "tests" / "test_cost.py").write_text(TESTS.format(module=typed.module))
    git_says(typed.root, "ana@x.org")
    return typed


def approve(typed: Typed, *subjects: str) -> None:
    words = [word for subject in subjects for word in ("--subject", subject)]
    answer = typed.types("evaluation", "approve", *words)
    assert answer.code == 0, answer.err


def outcomes(typed: Typed, *words: str) -> dict[str, str]:
    found = typed.types("evaluation", "status", "--json", *words).document
    return {item["id"]: item["status"] for item in found["outcomes"]}


def test_a_team_reaches_all_outcomes_and_a_change_lapses_what_it_is_about(team: Typed) -> None:
    approve(team, "evaluation", "code", "guide", "alternatives")
    assert set(outcomes(team).values()) == {"failed"}
    git_says(team.root, "rui@x.org")
    approve(team, "evaluation", "code", "guide", "alternatives")
    answer = team.types("evaluation", "status")
    assert (answer.code, set(outcomes(team).values())) == (0, {"passed"}), answer.out
    entries = (team.root / "approvals.toml").read_text()
    assert entries.count("evidence = { tests = 1, statements = 2 }") == 2

    write(team, before=JUDGED.replace("def cost", "# in EUR\ndef cost").replace("float(5 *", "float(  5 *"))
    assert set(outcomes(team, "--fresh").values()) == {"passed"}
    write(team, margin=0.02)
    lapsed = team.types("evaluation", "status", "--fresh")
    assert lapsed.code == 1
    assert "approved 0 of 2; lapsed, since margin changed" in lapsed.out
    write(team, margin=0.02, before=JUDGED.replace("5 *", "6 *"))
    stale = team.types("evaluation", "status")
    assert f"not in this: {team.module}.py. `--fresh` reads anew." in stale.out
    assert f"lapsed, since {team.module}:cost changed" in stale.out


def test_the_board_says_how_far_its_evaluation_is_approved_and_executes_nothing(team: Typed) -> None:
    team.write(evaluation='bc.Evaluation(primary="roc_auc", margin=0.01)')
    settings(team)
    assert team.runs().code == 0
    approve(team, "evaluation")
    (team.root / f"{team.module}.py").write_text("raise RuntimeError('executed')\n")
    board = team.types("leaderboard", "--json").document
    assert board["approved"] == {"needed": 2, "given": 1, "signed": 0, "missing": ["data"]}
    assert f"evaluation {board['evaluation_id'][:6]} approved 1 of 2" in team.types("leaderboard").out
    shown = team.types("evaluation", "show", "--json").document
    assert (shown["n_sealed"], shown["n_looks"]) == (0, None)
    assert (shown["schema"], shown["n_rows"], shown["changed"]) == ("bancada.evaluation/1", 30, [f"{team.module}.py"])
    (team.root / "approvals.toml").write_text("<<<<<<< HEAD\n")
    broken = team.types("leaderboard").out
    assert "approved 0 of 2" in broken
    assert "Approvals that do not count: Line 1 is '<<<<<<< HEAD', which a merge has left." in broken


def test_a_project_without_a_team_sees_nothing_of_it(team: Typed) -> None:
    team.write(evaluation='bc.Evaluation(primary="roc_auc")')
    assert team.runs().code == 0
    assert "approved" not in team.types("leaderboard", "--json").document
    assert "approved" not in team.types("leaderboard").out
    team.types("evaluation", "approve", "--subject", "evaluation").refuses("names no team.", "[tool.bancada.team]")


def test_the_document_is_written_in_each_form(team: Typed) -> None:
    team.types("evaluation", "show").refuses("They have not been imported yet", "Add `--fresh`")
    page = team.root / "evaluation.html"
    assert team.types("evaluation", "show", "--fresh", "--html", str(page)).err == f"wrote `{page}`\n"
    assert "<h1>Who falls ill</h1>" in page.read_text(encoding="utf-8")
    markdown = team.types("evaluation", "show", "--markdown").out
    assert markdown.startswith("# Who falls ill\n\nproblem risk · evaluation ")
    assert "| accuracy | nine of ten stay well |" in markdown
    assert "Nurses call a hundred people." in team.types("evaluation", "show").out
    team.types("evaluation", "show", "--markdown", "--json").refuses("The document is shown in one form.")
    team.types("evaluation", "show", "--html", "gone/x.html").refuses("`gone/x.html` cannot be written")


def test_what_is_mistyped_is_answered(team: Typed) -> None:
    team.types("evaluation", "approve", "--subject", "evaluatoin").refuses("Did you mean `evaluation`?")
    both = ("--subject", "evaluatoin", "--role", "nobody")
    team.types("evaluation", "approve", *both).refuses("Did you mean `evaluation`?")
    team.types("evaluation", "approve", "--subject", "guide", "--role", "prod").refuses("Did you mean `product`?")
    team.types("evaluation", "approve", "--subject", "guide", "--role", "data").refuses("its members are `rui@x.org`")
    team.types("evaluation", "approve", "--subject", "guide", "--withdraw").refuses("has none of `guide`")
    team.types("evaluation", "approve", "--subject", "guide", "--withdraw", "--sign").refuses("Drop one of them.")
    team.types("evaluation", "approve", "--subject", "guide", "--sign").refuses("names none.", "BANCADA_KEY")
    assert not (team.root / "approvals.toml").exists()


@pytest.mark.slow  # tests/judgement/approvals/test_evidence.py holds the same, without the command line
def test_code_whose_tests_leave_something_out_is_not_approved(team: Typed) -> None:
    write(team, before=JUDGED.replace("    return", "    if not len(wrong):\n        return 0.0\n    return"))
    refused = team.types("evaluation", "approve", "--subject", "code")
    refused.refuses("1 pass, and these are not executed", f"`{team.module}.py` line", "(`cost`)", "Write a test")
    assert not (team.root / "approvals.toml").exists()
