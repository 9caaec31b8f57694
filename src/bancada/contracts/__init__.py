"""The replaceable blocks as Protocols, one a file."""

from bancada.contracts._dataset import Dataset
from bancada.contracts._executor import Executor
from bancada.contracts._metric import Metric
from bancada.contracts._model import Model
from bancada.contracts._remarking_task import RemarkingTask
from bancada.contracts._split import Split
from bancada.contracts._task import Task

__all__ = ["Dataset", "Executor", "Metric", "Model", "RemarkingTask", "Split", "Task"]
