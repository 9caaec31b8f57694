"""The replaceable blocks as Protocols, one a file."""

from bancada.contracts._dataset import Dataset
from bancada.contracts._environment_manager import EnvironmentManager
from bancada.contracts._executor import Executor
from bancada.contracts._metric import Metric
from bancada.contracts._model import Model
from bancada.contracts._placed_task import PlacedTask
from bancada.contracts._remarking_task import RemarkingTask
from bancada.contracts._row_metric import InfluentialMetric, LossMetric
from bancada.contracts._row_task import RowTask
from bancada.contracts._selective_metric import SelectiveMetric
from bancada.contracts._split import Split
from bancada.contracts._task import Task
from bancada.contracts._teaching_task import TeachingTask
from bancada.contracts._tolerant_task import TolerantTask

__all__ = [
    "Dataset",
    "EnvironmentManager",
    "Executor",
    "InfluentialMetric",
    "LossMetric",
    "Metric",
    "Model",
    "PlacedTask",
    "RemarkingTask",
    "RowTask",
    "SelectiveMetric",
    "Split",
    "Task",
    "TeachingTask",
    "TolerantTask",
]
