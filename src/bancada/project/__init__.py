"""Projects that bancada writes: the demo."""

from bancada.project._demo import write_demo

__all__ = ["write_demo"]
