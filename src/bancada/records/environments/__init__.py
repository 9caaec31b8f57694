"""The environment of a run as it is kept, and what a manager knows of the environments that it made."""

from bancada.records.environments._facts import Lock, ManagerFacts
from bancada.records.environments._record import EnvironmentRecord, Package, read_environment

__all__ = [
    "EnvironmentRecord",
    "Lock",
    "ManagerFacts",
    "Package",
    "read_environment",
]
