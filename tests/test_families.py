"""Which families there are: the built-in ones in the order they are built, then those that other packages bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sourcing import families

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = {
    "toll/__init__.py": 'from sourcing.card import Card\nCARD = Card(name="toll", purpose="Tolls on roads.")\n',
    "toll/check.py": "def residuals(facts, plan):\n    return iter(())\n",
    "ferry/__init__.py": 'from sourcing.card import Card\nCARD = Card(name="ferry", purpose="Fares on ferries.")\n',
    "ferry/algebra.py": "",
    "roads-1.dist-info/METADATA": "Name: roads\nVersion: 1\n",
    "roads-1.dist-info/entry_points.txt": "[sourcing.families]\ntoll = toll\nferry = ferry\n",
}


@pytest.fixture
def roads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another package is installed, with two families."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    families._outside.cache_clear()
    yield
    families._outside.cache_clear()


def test_families_when_none_comes_from_outside_then_are_the_built_in_ones_in_order() -> None:
    assert list(families.packages()) == list(families.BUILT_IN)
    assert families.packages()["stock"] == "sourcing.families.stock"
    assert [module.__name__ for module in families.algebras()][:2] == [
        "sourcing.families.purchase.algebra",
        "sourcing.families.contracts.algebra",
    ]
    assert families.checks()[0].__name__ == "sourcing.families.purchase.check"


@pytest.mark.usefixtures("roads")
def test_families_when_another_package_brings_two_then_they_come_last_by_name() -> None:
    assert list(families.packages().items())[-2:] == [("ferry", "ferry"), ("toll", "toll")]
    assert families.cards()["toll"].purpose == "Tolls on roads."
    assert families.checks()[-1].__name__ == "toll.check"
    assert families.algebras()[-1].__name__ == "ferry.algebra"
