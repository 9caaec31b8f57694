"""What a fold may have changed in its process that the next fold would see, and how it is put back."""

from __future__ import annotations

import contextlib
import decimal
import gc
import locale
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
import warnings
from pathlib import Path
from types import BuiltinFunctionType, FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np
import threadpoolctl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    # What can be read and put back, with its name.
    _Knob = tuple[str, Callable[[], Any], Callable[[Any], Any]]

__all__ = ["LibraryState", "ProcessState"]

# Whose functions and classes models call; a project's own modules may remember what they like.
_WATCHED = ("numpy", "pandas", "scipy", "sklearn", "random", "math", "warnings", "builtins")
# Pools that wait for more work: they end with the worker, and the next fold takes them up.
_POOLS = ("joblib.externals.loky", "joblib._parallel_backends", "multiprocessing.pool")
# Those that programs handle; to ask for all of them takes longer than all else here.
_SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGALRM", "SIGCHLD", "SIGFPE", "SIGHUP", "SIGINT", "SIGPIPE", "SIGTERM", "SIGUSR1", "SIGUSR2")
    if hasattr(signal, name)
)
# A look through the libraries takes some milliseconds.
_SLOW_S = 0.2
_DESCRIPTORS = Path("/proc/self/fd")


class LibraryState:
    """What the functions and classes of libraries are, and which of them are other ones later.

    Attributes:
        pid: The process that looked first; those that it forks go on from there.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._names: dict[str, tuple[Mapping[str, Any], dict[str, Any]]] = {}
        self._seen: set[str] = set()

    def look(self) -> None:
        """Note the libraries that were loaded since the last look."""
        if self._seen.issuperset(loaded := list(sys.modules)):
            return
        fresh = [name for name in loaded if name not in self._seen]
        self._seen.update(fresh)
        for name, names in _watched(fresh):
            self._names[name] = (names, dict(names))

    def patched(self) -> str:
        """Return which function or class of a library is another one than before; empty where none is."""
        for name, (names, before) in self._names.items():
            # Equal names are compared at the speed of C, by identity first; only a module that differs is looked at.
            if names != before:
                for key, value in before.items():
                    if isinstance(value, FunctionType | BuiltinFunctionType | type) and names.get(key) is not value:
                        return f"`{name}.{key}` was replaced"
        return ""


class ProcessState:
    """The state of a fresh worker, to which it returns after each fold.

    What is cheap to put back is put back: the working folder, the environment, the import path, filters of warnings,
    handlers of signals, timers, locale, decimal context, collection of garbage, limits of recursion and of threads,
    the settings of NumPy, pandas, scikit-learn and torch, the root logger. What is not (a patched library, a thread or
    a process that lives on, a file that was closed) costs the worker: `restore` tells, and the worker is replaced.
    Seeds are no part of it, as each fold sets its own.

    Args:
        libraries: The libraries as the process saw them that this one was forked from; None to look now.
    """

    def __init__(self, libraries: LibraryState | None = None) -> None:
        self._pools = threadpoolctl.ThreadpoolController()
        self._libraries = libraries or LibraryState()
        self._settings: dict[str, Iterable[_Knob]] = {}
        self._own = tuple(self._knobs())
        self._values = {name: read() for name, read, _ in self._all_knobs()}
        self._threads = set(threading.enumerate())
        self._descriptors: set[str] = set()
        self._checked: object = None

    def begin(self) -> None:
        """Note, before a fold, which files are open and what the libraries are that were loaded since the last one."""
        self._descriptors = _open_descriptors()
        self._libraries.look()

    def restore(self, candidate: object, seconds: float) -> str:
        """Put back what a fold has changed.

        Args:
            candidate: Whose fold it was. Libraries are looked through after the first of several folds of a candidate,
                and after each that took long enough for that not to show.
            seconds: How long it took.

        Returns:
            What cannot be put back, as a clause; empty where nothing is left.
        """
        for name, read, write in self._all_knobs():
            # What cannot be read any more, such as a folder that was removed, has changed as well.
            with contextlib.suppress(Exception):
                if (now := read()) == self._values.setdefault(name, now):
                    continue
            try:
                write(self._values[name])
            except Exception:  # noqa: BLE001 - whatever a model did to it, the worker is replaced
                return f"{name} was changed"
        if self._descriptors - _open_descriptors():
            return "a file was closed"
        if left := [thread.name for thread in threading.enumerate() if self._is_left(thread)]:
            return f"the thread `{left[0]}` lives on"
        if _children() and not _pooling():
            return "a process lives on"
        if candidate != self._checked or seconds > _SLOW_S:
            self._checked = candidate
            return self._libraries.patched()
        return ""

    def _is_left(self, thread: threading.Thread) -> bool:
        return thread not in self._threads and not type(thread).__module__.startswith(_POOLS)

    def _all_knobs(self) -> Iterator[_Knob]:
        """Yield what can be read and put back, with its name; the settings of libraries from when they are loaded."""
        yield from self._own
        for name, knobs in _LIBRARY_KNOBS.items():
            if name not in self._settings and sys.modules.get(name) is not None:
                self._settings[name] = tuple(knobs(sys.modules[name]))
            yield from self._settings.get(name, ())

    def _knobs(self) -> Iterator[_Knob]:
        """Yield what Python and NumPy have."""
        yield "the working folder", os.getcwd, os.chdir
        yield from _environment_knob()
        yield "the import path", lambda: list(sys.path), lambda value: _fill(sys.path, value)
        yield "the filters of warnings", lambda: list(warnings.filters), _set_filters
        yield "handlers of signals", _handlers, _set_handlers
        yield "the timer", lambda: signal.getitimer(signal.ITIMER_REAL)[0] > 0, _stop_timer
        yield "blocked signals", lambda: signal.pthread_sigmask(signal.SIG_BLOCK, ()), _set_mask
        yield (
            "the locale",
            lambda: locale.setlocale(locale.LC_ALL),
            lambda value: locale.setlocale(locale.LC_ALL, value),
        )
        yield "the decimal context", _decimal_context, _set_decimal_context
        yield "the collection of garbage", lambda: (gc.isenabled(), gc.get_threshold()), _set_collection
        yield "the limit of recursion", sys.getrecursionlimit, sys.setrecursionlimit
        yield "the switch interval", sys.getswitchinterval, sys.setswitchinterval
        yield "the file mode mask", _mask, os.umask
        yield "the timeout of sockets", socket.getdefaulttimeout, socket.setdefaulttimeout
        yield "the temporary folder", lambda: tempfile.tempdir, lambda value: setattr(tempfile, "tempdir", value)
        yield "the root logger", _logging, _set_logging
        yield "the limits of thread pools", self._limits, self._set_limits
        yield "NumPy's handling of errors", np.geterr, lambda value: np.seterr(**value)

    def _limits(self) -> list[int | None]:
        return [pool.num_threads for pool in self._pools.lib_controllers]

    def _set_limits(self, value: list[int | None]) -> None:
        for pool, count in zip(self._pools.lib_controllers, value, strict=True):
            if count is not None:
                pool.set_num_threads(count)


def _environment_knob() -> Iterator[_Knob]:
    """Yield whether the environment is as it was: to decode all of it each time takes longer than to compare it."""
    before, raw = dict(os.environ), os.environ._data.copy()  # type: ignore[attr-defined]  # noqa: SLF001 - see above
    yield "the environment", lambda: os.environ._data == raw, lambda _: _set_environment(before)  # type: ignore[attr-defined]  # noqa: SLF001 - as above


def _sklearn_knobs(sklearn: Any) -> Iterator[_Knob]:
    yield "scikit-learn's settings", sklearn.get_config, lambda value: sklearn.set_config(**value)


def _pandas_knobs(pandas: Any) -> Iterator[_Knob]:
    """Yield whether all options are as they were: to ask for one after the other takes longer than the rest of all."""
    config = pandas._config.config  # noqa: SLF001 - pandas lists its options in a text alone
    # To read one that is deprecated is to be warned of it.
    keys = [key for key in config._registered_options if key not in config._deprecated_options]  # noqa: SLF001 - as above
    before, tree = {key: pandas.get_option(key) for key in keys}, _copied(config._global_config)  # noqa: SLF001 - as above

    def write(_: object) -> None:
        for key, value in before.items():
            if pandas.get_option(key) != value:
                pandas.set_option(key, value)

    yield "pandas' options", lambda: config._global_config == tree, write  # noqa: SLF001 - as above


def _copied(tree: Any) -> Any:
    """Return a copy of nested mappings; what they hold stays as it is."""
    return {key: _copied(value) for key, value in tree.items()} if isinstance(tree, dict) else tree


def _torch_knobs(torch: Any) -> Iterator[_Knob]:
    yield "torch's default type", torch.get_default_dtype, torch.set_default_dtype
    yield "torch's gradients", torch.is_grad_enabled, torch.set_grad_enabled
    yield "torch's threads", torch.get_num_threads, torch.set_num_threads


_LIBRARY_KNOBS: dict[str, Callable[[Any], Iterator[_Knob]]] = {
    "sklearn": _sklearn_knobs,
    "pandas": _pandas_knobs,
    "torch": _torch_knobs,
}


def _watched(modules: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the names of each of these modules that is of a watched library, and of each class that it defines."""
    for name in modules:
        names = getattr(sys.modules.get(name), "__dict__", None)
        if names is None or name.partition(".")[0] not in _WATCHED:
            continue
        yield name, names
        if name.startswith("sklearn."):
            for key, value in list(names.items()):
                if isinstance(value, type) and value.__module__ == name:
                    yield f"{name}.{key}", vars(value)


def _fill(target: list[Any], value: list[Any]) -> None:
    target[:] = value


def _set_environment(value: dict[str, str]) -> None:
    for name in set(os.environ) - set(value):
        del os.environ[name]
    os.environ.update(value)


def _set_filters(value: list[Any]) -> None:
    # Resetting tells the module that what it remembers of earlier matches is void.
    warnings.resetwarnings()
    _fill(warnings.filters, value)  # type: ignore[arg-type] # typed as a sequence, documented as a list


def _handlers() -> dict[int, Any]:
    return {number: signal.getsignal(number) for number in _SIGNALS}


def _set_handlers(value: dict[int, Any]) -> None:
    for number, handler in value.items():
        if handler is not None and signal.getsignal(number) is not handler:
            signal.signal(number, handler)


def _stop_timer(value: bool) -> None:  # noqa: FBT001 - a value like that of the other settings
    if not value:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _set_mask(value: set[int]) -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, value)


def _decimal_context() -> str:
    return repr(decimal.getcontext())


def _set_decimal_context(value: str) -> None:
    decimal.setcontext(eval(value, vars(decimal)))  # noqa: S307 - what `repr` of a context of our own gave


def _set_collection(value: tuple[bool, tuple[int, int, int]]) -> None:
    gc.set_threshold(*value[1])
    (gc.enable if value[0] else gc.disable)()


def _mask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _logging() -> tuple[int, int, list[logging.Handler]]:
    return logging.root.level, logging.root.manager.disable, list(logging.root.handlers)


def _set_logging(value: tuple[int, int, list[logging.Handler]]) -> None:
    logging.root.setLevel(value[0])
    logging.disable(value[1])
    _fill(logging.root.handlers, value[2])


def _open_descriptors() -> set[str]:
    try:
        return set(os.listdir(_DESCRIPTORS))  # noqa: PTH208 - names alone, in a third of the time
    except OSError:
        return set()


def _children() -> bool:
    try:
        return bool(Path(f"/proc/self/task/{os.getpid()}/children").read_bytes().strip())
    except OSError:
        return False


def _pooling() -> bool:
    return any(name.startswith("joblib.externals.loky") for name in tuple(sys.modules))
