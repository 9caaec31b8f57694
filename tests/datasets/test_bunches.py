"""What scikit-learn's loaders return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_linnerud
from sklearn.utils import Bunch

from bancada.datasets import Dataset
from bancada.exceptions import DataError, DefinitionError

if TYPE_CHECKING:
    from pathlib import Path


def test_features_and_codes_come_as_the_loader_gives_them(tmp_path: Path) -> None:
    data = Dataset.from_sklearn(load_breast_cancer).at(tmp_path, tmp_path)
    bunch = load_breast_cancer()
    assert (data.name, data.id, data.identity().n_rows) == ("breast_cancer", None, 569)
    assert data.schema().names == [*bunch.feature_names, "target"]
    np.testing.assert_array_equal(data.take(None, list(bunch.feature_names), "numpy"), bunch.data)
    np.testing.assert_array_equal(data.rows(["target"])["target"].to_numpy(), bunch.target)


def test_a_bunch_of_arrays_and_one_of_frames_are_the_same_data(tmp_path: Path) -> None:
    digests = {
        Dataset.from_sklearn(source, name="iris").at(tmp_path, tmp_path).identity().table
        for source in (load_iris, load_iris(), load_iris(as_frame=True))
    }
    assert len(digests) == 1


def test_labels_are_the_names_of_the_classes(tmp_path: Path) -> None:
    data = Dataset.from_sklearn(load_iris(), labels=True, target="species").at(tmp_path, tmp_path)
    assert data.name == "iris"
    assert data.rows(["species"])["species"].to_pylist()[::50] == ["setosa", "versicolor", "virginica"]


def test_several_targets_have_their_own_names(tmp_path: Path) -> None:
    data = Dataset.from_sklearn(load_linnerud).at(tmp_path, tmp_path)
    assert data.schema().names == ["Chins", "Situps", "Jumps", "Weight", "Waist", "Pulse"]


def test_the_loader_runs_when_it_is_needed() -> None:
    def load_nothing() -> Any:
        pytest.fail("the loader ran")

    assert Dataset.from_sklearn(load_nothing).name == "nothing"


def test_what_is_no_bunch_is_refused(tmp_path: Path) -> None:
    def identity(bunch: Any, **options: Any) -> Any:
        return Dataset.from_sklearn(bunch, name="d", **options).at(tmp_path, tmp_path).identity()

    with pytest.raises(DefinitionError, match=r"A dataset must have a name\. .* Say `name='churn'`"):
        Dataset.from_sklearn(Bunch(data=[[1]], target=[0]))
    with pytest.raises(DataError, match=r"a bunch with `data` and `target`\. It is of type `tuple`"):
        identity((1, 2))
    with pytest.raises(DataError, match="It is a sparse csr_array"):
        identity(Bunch(data=sparse.csr_array([[1]]), target=[0]))
    with pytest.raises(DataError, match=r"`labels=True` needs a target of integer codes"):
        identity(load_diabetes, labels=True)
    with pytest.raises(DataError, match=r"X has 2, y has 1"):
        identity(Bunch(data=[[1], [2]], target=[0]))
