"""Laws of patches: what is left applies, data and secrets are left out of it, and that is said."""

from __future__ import annotations

from bancada.provenance.repository import patch_of

TOKEN = "ghp_" + "Z7" * 18


def section(path: str, line: str, *, old: str | None = None) -> str:
    before = "/dev/null" if old is None else f"a/{old}"
    return f"diff --git a/{path} b/{path}\nindex 1..2 100644\n--- {before}\n+++ b/{path}\n@@ -1 +1 @@\n-x\n+{line}\n"


GONE = "diff --git a/old.csv b/old.csv\ndeleted file mode 100644\n--- a/old.csv\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
BINARY = "diff --git a/sub/b.bin b/sub/b.bin\nindex 1..2 100644\nBinary files a/sub/b.bin and b/sub/b.bin differ\n"


def test_a_patch_without_secrets_and_data_is_kept_as_it_is() -> None:
    text = section("a.py", "y = 1") + BINARY + section("c d.py", "y = 2", old="c d.py")
    assert patch_of(text).text == text
    assert patch_of(text).withheld == ()
    assert patch_of("").text == ""


def test_files_with_secrets_are_left_out_and_named() -> None:
    first, last = section("a.py", "y = 1"), section("z.py", "y = 2")
    kept = patch_of(first + section("deploy/conf.py", f"token = '{TOKEN}'") + last)
    assert kept.text == first + last
    assert kept.withheld == ("`deploy/conf.py`: it holds GitHub token, token",)


def test_a_removed_secret_is_a_secret_still() -> None:
    text = f"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-token = '{TOKEN}'\n+x = 1\n"
    assert patch_of(text).text == ""


def test_the_data_s_own_files_are_left_out() -> None:
    code = section("a.py", "y = 1", old="a.py")
    kept = patch_of(section("data/rows.csv", "1,2") + code + BINARY + GONE, ["rows.csv", "sub/b.bin", "old.csv"])
    assert kept.text == code
    assert kept.withheld == ("`data/rows.csv`: it is data", "`sub/b.bin`: it is data", "`old.csv`: it is data")
