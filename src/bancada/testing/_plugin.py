"""The plugin for pytest: an item for each law of each block that a project defines.

pytest finds it by its entry point and imports it at every start, so nothing is loaded here before `--bancada` asks.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any
from unittest import SkipTest

import pytest

from bancada import testing
from bancada.exceptions import BancadaError, LawBroken

if TYPE_CHECKING:
    from os import PathLike

    from bancada.testing._project_checks import ProjectCheck

__all__ = ["LawItem", "pytest_addoption", "pytest_collection_modifyitems", "pytest_configure"]

_OPTION = "hold every block that this bancada project defines to the laws of its contract"
_WAIVE = "laws that blocks break knowingly, one a line: `churn/metric cost::better_is_never_worse: the reason`"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the settings."""
    parser.getgroup("bancada").addoption("--bancada", action="store_true", default=False, help=_OPTION)
    parser.addini("bancada", _OPTION, type="bool", default=False)
    parser.addini("bancada_waive", _WAIVE, type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known by which `-m bancada` chooses these items."""
    config.addinivalue_line("markers", "bancada: a law of a block that a bancada project defines")


# First, so that `-k` and `-m` choose among these items as well.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the items of the project around pytest's root folder."""
    if not (config.getoption("--bancada") or config.getini("bancada")):
        return
    try:
        checks = testing.project_checks(config.rootpath, waive=_waived(config.getini("bancada_waive")))
    except BancadaError as error:
        raise pytest.UsageError(str(error)) from error
    items.extend(LawItem.from_parent(session, name=f"bancada::{each}", each=each) for each in checks)


class LawItem(pytest.Item):
    """One law of one block.

    Args:
        each: The check.
        **options: What every item is made from.
    """

    def __init__(self, *, each: ProjectCheck, **options: Any) -> None:
        super().__init__(nodeid=f"bancada::{each}", **options)
        self.each = each
        self.add_marker("bancada")

    def runtest(self) -> None:
        """Hold the block to the law; what it warns of is not what is asked for."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.each.check()
        except SkipTest as reason:
            pytest.skip(str(reason))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the three sentences, one a line, and nothing of what is inside."""
        error = excinfo.value
        if not isinstance(error, LawBroken):
            return super().repr_failure(excinfo, style)
        cause = _place(error.__cause__)
        return "\n".join([error.rule, error.found, *cause, error.remedy])

    def reportinfo(self) -> tuple[PathLike[str] | str, int | None, str]:
        """Return where the problem is defined, and the name of the law."""
        return self.each.path, self.each.line - 1, str(self.each)


def _place(error: BaseException | None) -> list[str]:
    """Return the line of the user's code in which an error arose; none where it did not."""
    lines = []
    trace = None if error is None else error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if "site-packages" not in file and "/bancada/testing/" not in file.replace("\\", "/"):
            lines = [f"In {file}:{trace.tb_lineno}."]
        trace = trace.tb_next
    return lines


def _waived(lines: list[str]) -> dict[str, str]:
    """Return reasons by pattern.

    Raises:
        pytest.UsageError: A line has no reason.
    """
    found = {}
    for line in lines:
        pattern, colon, reason = line.partition(": ")
        if not (colon and pattern.strip() and reason.strip()):
            message = f"Each line of `bancada_waive` is a pattern and its reason. Found {line!r}. Write: {_WAIVE}"
            raise pytest.UsageError(message)
        found[pattern.strip()] = reason.strip()
    return found
