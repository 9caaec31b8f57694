"""Where folds run: processes forked from a zygote, or the calling process."""

from bancada.executors._child import die_with_parent
from bancada.executors._cores import bound_threads, thread_environment, usable_cores
from bancada.executors._hazard import fork_hazard
from bancada.executors._in_process import InProcessExecutor
from bancada.executors._process import ProcessExecutor
from bancada.executors._worker import LastAnswer

__all__ = [
    "InProcessExecutor",
    "LastAnswer",
    "ProcessExecutor",
    "bound_threads",
    "die_with_parent",
    "fork_hazard",
    "thread_environment",
    "usable_cores",
]
