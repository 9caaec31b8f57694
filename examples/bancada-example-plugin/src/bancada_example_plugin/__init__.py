"""A metric for bancada from a package of its own."""

from bancada_example_plugin._poisson import poisson_deviance

__all__ = ["poisson_deviance"]
