"""A pytest plugin for mutmut, which has no order of its own: the tests that took least time run first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

STATS = Path("mutmut-stats.json")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by the seconds that mutmut measured; before it has measured, the order stays."""
    seconds = json.loads(STATS.read_text("utf-8"))["duration_by_test"] if STATS.is_file() else {}
    items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))
