"""What a record would execute, as text: all of it, and nothing that moves a cursor."""

from __future__ import annotations

import msgspec

from bancada.engine.origins import WouldRun
from bancada.engine.origins._plans import CodeFile, ModelFile, PackageOrigin
from bancada.report.consenting import consent_text

PLAIN = WouldRun(
    verb="fit",
    run_id="a" * 26,
    candidate="boosting",
    problem="churn",
    origin="foreign",
    signer="",
    author="Ana",
    started="2026-01-01T00:00:00+00:00",
    code=(
        CodeFile(path="models.py", digest="0" * 64, state="changed", diff=("-a = 1", "+import evil")),
        CodeFile(path="same.py", digest="1" * 64, state="same"),
    ),
    entry="models:boosting",
    params={"rate": 0.1, "depth": None},
    calls=("sklearn.linear_model:Ridge", "subprocess:run"),
    commands=("python train.py",),
    packages=62,
    others=(
        PackageOrigin(name="own", version="1", origin="kept", object="2" * 64, why="it is editable"),
        PackageOrigin(name="evil", version="2", origin="index"),
        PackageOrigin(name="gdal", version="3", origin="manager"),
    ),
    data="churn version 1, 10 rows",
    model=ModelFile(object="3" * 64, format="cloudpickle", said_by="foreign"),
)


def test_all_that_would_execute_is_told() -> None:
    assert consent_text(PLAIN).splitlines() == [
        "r-aaaaaa · boosting · churn · foreign: nothing that you trust tells who made it",
        "`bancada fit` would execute what this record says, with your rights:",
        "  run by      Ana, 2026-01-01 00:00:00 UTC, unverified",
        "  calls       models:boosting rate=0.1 depth=none",
        "  imports     sklearn.linear_model:Ridge",
        "              subprocess:run",
        "  command     python train.py",
        "  code        models.py  000000  differs from this project's",
        "              same.py  111111  as in this project",
        "  packages    62 packages from your index, as installed here",
        "              own 1 from the record, object 222222: it is editable",
        "              evil 2 from your index, not installed here in this version",
        "              gdal 3 from where the record tells its manager",
        "  model       object 333333 by cloudpickle: executes code when it is read; named by: foreign",
        "  data        churn version 1, 10 rows",
        "  -a = 1",
        "  +import evil",
    ]


def test_no_hidden_character_reaches_the_terminal() -> None:
    evil = "\x1b[2J\u202e\r\n\x07"
    file = CodeFile(path=evil, digest="0" * 64, state="new", diff=(evil,))
    document = WouldRun(
        verb="fit", run_id="a" * 26, candidate=evil, problem=evil, origin="colleague", signer=evil, author=evil,
        started=evil, code=(file,), entry=evil, params={evil: evil}, commands=(evil,), data=evil,
        others=(PackageOrigin(name=evil, version=evil, origin=evil, why=evil),),
        model=ModelFile(object="0" * 64, format=evil, said_by=evil),
    )  # fmt: skip
    text = consent_text(document)
    assert not {"\x1b", "\u202e", "\r", "\x07"} & set(text)
    assert len(text.splitlines()) == 11


def test_many_files_are_counted() -> None:
    files = tuple(CodeFile(path=f"{number}.py", digest="0" * 64, state="same") for number in range(100))
    assert "and 40 more files as in this project" in consent_text(msgspec.structs.replace(PLAIN, code=files))


def test_no_file_that_differs_is_only_counted() -> None:
    files = tuple(CodeFile(path=f"{number}.py", digest="0" * 64, state="new") for number in range(100))
    text = consent_text(msgspec.structs.replace(PLAIN, code=files))
    assert "99.py" in text
    assert "more files" not in text
