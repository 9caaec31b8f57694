"""Where decoded tables are kept when nobody says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from bancada.datasets._cache import user_cache


@pytest.mark.parametrize(
    ("environment", "platform", "wanted"),
    [
        ({"BANCADA_CACHE": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "linux", "/c"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "darwin", "/x/bancada"),
        ({"HOME": "/h"}, "linux", "/h/.cache/bancada"),
        ({"HOME": "/h", "BANCADA_CACHE": ""}, "darwin", "/h/Library/Caches/bancada"),
    ],
)
def test_the_nearest_setting_decides(environment: dict[str, str], platform: str, wanted: str) -> None:
    assert user_cache(environment, platform) == Path(wanted)
