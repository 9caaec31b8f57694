"""Metrics of installed packages: found by name, known by package and code, and told apart from bancada's own."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

from bancada.exceptions import DefinitionError, NotFoundError
from bancada.metrics import _packages, as_metric

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Install = Callable[..., None]

MODULE = """
from bancada import metrics

def _gap(y_true, y_pred):
    return float(abs(y_true - y_pred).mean())

gap = metrics.from_function(_gap, name="gap", greater_is_better=False)
other_name = gap

def plain(y_true, y_pred):
    return 0.0

plain.greater_is_better = True
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a package into a folder on the path, as pip lays it out."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    known = set(sys.modules)

    def of(name: str, version: str, text: str = MODULE, **points: str) -> None:
        site = tmp_path / "site-packages"
        if str(site) not in sys.path:
            site.mkdir()
            monkeypatch.syspath_prepend(str(site))
        module = name.replace("-", "_")
        (site / f"{module}.py").write_text(text)
        info = site / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        lines = [f"{key} = {module}:{value}" for key, value in points.items()]
        (info / "entry_points.txt").write_text("[bancada.metrics]\n" + "\n".join(lines) + "\n")
        importlib.invalidate_caches()
        forget()

    def forget() -> None:
        for loaded in set(sys.modules) - known:
            del sys.modules[loaded]

    yield of
    forget()


def test_a_metric_of_a_package_is_found_by_its_name(install: Install) -> None:
    install("acme-metrics", "2.1", gap="gap", plain="plain")
    metric = as_metric("gap")
    assert (metric.name, metric.greater_is_better) == ("gap", False)
    assert as_metric("plain").greater_is_better is True
    assert str(metric.identity().ingredients["code"]).startswith("acme-metrics 2.1: ")


def test_another_version_or_other_code_is_another_metric(install: Install, tmp_path: Path) -> None:
    digests = []
    for name, version, text in (
        ("one-metrics", "1.0", MODULE),
        ("two-metrics", "1.0", MODULE),
        ("one-metrics", "1.1", MODULE),
        ("one-metrics", "1.2", MODULE.replace("mean()", "max()")),
    ):
        for left in (tmp_path / "site-packages").glob("*"):
            for file in left.iterdir() if left.is_dir() else ():
                file.unlink()
            left.rmdir() if left.is_dir() else left.unlink()
        install(name, version, text, gap="gap")
        digests.append(as_metric("gap").identity().digest)
    assert len(set(digests)) == 4


def test_a_built_in_name_stays_built_in_and_the_clash_is_told(install: Install) -> None:
    install("acme-metrics", "2.1", mae="gap", gap="gap")
    assert as_metric("mae").identity().ingredients["version"] == 1
    with pytest.warns(UserWarning, match=r"`acme-metrics 2\.1` offers a metric `mae`, which is bancada's own"):
        as_metric("gap")


@pytest.mark.parametrize(
    ("text", "points", "told"),
    [
        (
            "import no_such_library\n",
            {"gap": "gap"},
            r"`acme_metrics:gap` of `acme-metrics 2\.1` raised ModuleNotFound",
        ),
        (MODULE, {"gap": "missing"}, r"`acme_metrics:missing` of `acme-metrics 2\.1` raised AttributeError"),
        (MODULE, {"odd": "other_name"}, r"offers `odd`, and the metric is called `gap`"),
        ("gap = 7\n", {"gap": "gap"}, r"Found 7"),
    ],
)
def test_a_broken_package_is_named(install: Install, text: str, points: dict[str, str], told: str) -> None:
    install("acme-metrics", "2.1", text, **points)
    with pytest.raises(DefinitionError, match=told):
        as_metric(next(iter(points)))


def test_two_packages_with_one_name_are_told_apart(install: Install) -> None:
    install("acme-metrics", "2.1", gap="gap")
    install("best-metrics", "1.0", gap="gap")
    with pytest.raises(DefinitionError, match=r"Found it in `acme-metrics 2\.1`, `best-metrics 1\.0`"):
        as_metric("gap")


def test_a_mistyped_name_is_helped_with_names_of_packages(install: Install) -> None:
    install("acme-metrics", "2.1", customer_gap="gap")
    with pytest.raises(NotFoundError, match=r"There is no metric `customr_gap`\. Did you mean `customer_gap`\?"):
        as_metric("customr_gap")


def test_built_in_names_ask_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_packages, "entry_points", None)
    assert [as_metric(name).name for name in ("roc_auc", "ndcg@10")] == ["roc_auc", "ndcg@10"]
