"""The interpreter and the system."""

from __future__ import annotations

import platform
import sysconfig

from bancada.environments._interpreter import interpreter


def test_it_is_this_interpreter() -> None:
    found = interpreter()
    assert found["python"] == platform.python_version()
    assert found["tag"] == sysconfig.get_platform()
    assert platform.python_compiler() in found["build"]
    assert found["platform"]
    assert interpreter() is found
