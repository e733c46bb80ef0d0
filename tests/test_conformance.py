"""The conformance call: a stranger's family passes it untouched, and with any of two dozen mistakes does not."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import tiny_case, write_question

from sourcing import families
from sourcing.tables.dictionary import column_dictionary
from sourcing.testing import VERSION, NonConforming, conform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Install = Callable[..., None]

QUAY = Path(__file__).parent / "strangers" / "quay"
STORE = {"site": "STORE", "kind": "plant", "country": "USA"}
PLACES = [
    {"site": "NEAR", "kind": "supplier", "country": "AUS", "owner": "Near Ltd", "owner_country": "AUS"},
    {"site": "FAR", "kind": "supplier", "country": "CHN", "owner": "Far Co", "owner_country": "CHN"},
]
LANES = [
    {"origin": "NEAR", "destination": "PLANT", "mode": "sea", "freight": 100, "transit_days": 0},
    {"origin": "FAR", "destination": "STORE", "mode": "sea", "freight": 200, "transit_days": 0},
    {"origin": "STORE", "destination": "PLANT", "mode": "road", "freight": 10, "transit_days": 0},
]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return what installs the package with the quay, some of its text changed, as pip would."""

    def forget() -> None:
        families._outside.cache_clear()
        column_dictionary.cache_clear()
        for name in [name for name in sys.modules if name.partition(".")[0] == "quay"]:
            del sys.modules[name]

    def put(changes: dict[str, list[tuple[str, str]]] | None = None) -> None:
        site = tmp_path / "site"
        shutil.copytree(QUAY, site / "quay", ignore=shutil.ignore_patterns("__pycache__"))
        for file, edits in (changes or {}).items():
            text = (site / "quay" / file).read_text("utf-8")
            for old, new in edits:
                assert old in text, f"{file} has no {old!r}"
                text = text.replace(old, new)
            (site / "quay" / file).write_text(text, "utf-8")
        (site / "quay-1.dist-info").mkdir()
        (site / "quay-1.dist-info/METADATA").write_text("Name: quay\nVersion: 1\n", "utf-8")
        (site / "quay-1.dist-info/entry_points.txt").write_text("[sourcing.families]\nquay = quay\n", "utf-8")
        monkeypatch.syspath_prepend(str(site))
        forget()

    yield put
    forget()


def questions(folder: Path) -> dict[str, Path]:
    """Return the question in which the quays bind, and that in which they do not.

    The plant needs 100 t in 2027 and 120 t in 2028. Over its quay go 80 t a year, and more for 40 USD/t. What is bought
    of Far Co comes over the quay of the store as well, which takes 60 t a year and no more.
    """
    for name, plant, store in (("binds", 80, 60), ("idle", 8000, 6000)):
        sites = [
            *PLACES,
            {"site": "PLANT", "kind": "plant", "country": "USA", "quay_capacity": plant, "quay_surcharge": 40},
            {**STORE, "quay_capacity": store},
        ]
        orders = [{"order": "last-year", "site": "PLANT", "material": "oxide", "quantity": 5, "arrives": "2027-02-01"}]
        tiny_case(folder / name, sites=sites, lanes=LANES, stocks=None, open_orders=orders)
        write_question(folder / name)
    return {name: folder / name / "ask.toml" for name in ("binds", "idle")}


def worked() -> dict[str, float]:
    """Return what the plan comes to on paper: what lands beyond, at 40 USD, as early as it is needed."""
    return {"quay": 40 * (95 - 80 + 120 - 80), "shortage": 0.0}


def test_family_of_a_stranger_when_tried_then_conforms(install: Install, tmp_path: Path) -> None:
    install()
    found = conform("quay", **questions(tmp_path), worked=worked())
    assert (found.family, found.version) == ("quay", VERSION)
    assert found.tried == ("card", "agreement", "notice", "binding", "worked", "retelling")


ALGEBRA, CHECK, CARD, COLUMNS = "algebra.py", "check.py", "__init__.py", "columns.csv"
MISTAKES = {
    # sign
    "what pays is added to what lands": {ALGEBRA: [("beyond.ids, -1.0)", "beyond.ids, 1.0)")]},
    "a surcharge is a rebate": {ALGEBRA: [("beyond.ids, surcharge", "beyond.ids, -surcharge")]},
    "the least is taken for the most": {ALGEBRA: [("Bounds(upper=capacity", "Bounds(lower=capacity")]},
    "the check adds what lands": {CHECK: [("most + beyond - landed[site, n]\n", "most + beyond + landed[site, n]\n")]},
    # unit
    "a capacity in kilograms": {ALGEBRA: [("upper=capacity[site]", "upper=1000 * capacity[site]")]},
    "a surcharge by the kilogram in both": {
        ALGEBRA: [("beyond.ids, surcharge", "beyond.ids, 1000 * surcharge")],
        CHECK: [("quay_surcharge * tonnes", "quay_surcharge * 1000 * tonnes")],
    },
    "a unit that nobody knows": {COLUMNS: [("number,t/year", "number,t/yr")]},
    "a card that says kilograms": {CARD: [('"t",\n            "what is landed', '"kg",\n            "what is landed')]},
    # period
    "a capacity of a year in each quarter": {ALGEBRA: [(" * net.tree.years[node]", "")]},
    "a capacity of a year in each quarter, in both": {
        ALGEBRA: [(" * net.tree.years[node]", "")],
        CHECK: [("row.quay_capacity * facts.calendar.years(n)", "row.quay_capacity")],
    },
    "a surcharge paid in the first period": {ALGEBRA: [("beyond.node), beyond.ids", "0 * beyond.node), beyond.ids")]},
    "no capacity in the last period": {
        ALGEBRA: [("np.indices((len(sites), nodes))", "np.indices((len(sites), nodes - 1))")]
    },
    # counted twice, or not at all
    "own shipments count twice": {
        ALGEBRA: [("tonnes[limited])", "tonnes[limited] * np.where(at == 3, 2, 1)[limited])")]
    },
    "own shipments do not count in the check": {CHECK: [(", *moved.shipped_in.items()]", "]")]},
    "what was ordered before counts in the check": {
        CHECK: [("*moved.shipped_in.items()]", "*moved.shipped_in.items(), *moved.open_orders.items()]")]
    },
    "what arrives counts where it left": {
        ALGEBRA: [('net.ships["point"]', 'net.ships["from_point"]')],
    },
    # mass
    "what is landed beyond is there twice": {
        ALGEBRA: [
            (
                "    model.post(",
                '    model.post("balance", (0 * beyond.code, beyond.node), beyond.ids, 1.0)\n    model.post(',
            )
        ],
        CARD: [('"conversion"),', '"conversion"), before=("balance",),')],
    },
    # money
    "a surcharge on everything that lands": {
        ALGEBRA: [("beyond.ids, surcharge[beyond.code])", "beyond.ids, surcharge[beyond.code] + 1.0)")]
    },
    "a surcharge that is weighed and not paid": {ALGEBRA: [('"cost.quay"', '"weight.quay"')]},
    "a check that charges nothing": {
        CHECK: [("for (site, n), tonnes in plan.decided.get", "for (site, n), tonnes in {}.get")]
    },
    "a present value where dollars are asked": {
        ALGEBRA: [("surcharge[beyond.code])", "surcharge[beyond.code] * 0.95 ** beyond.node)")]
    },
    # words and promises
    "a sentence that names what is not there": {CARD: [('the quay of {site}",', 'the quay of {harbour}",')]},
    "a symbol that nobody explains": {CARD: [(r"A_{i,n} - b", r"\Xi_{i,n} - b")]},
    "a key in another order": {
        CARD: [('            ("site", "node"),\n            r"A_', '            ("node", "site"),\n            r"A_')]
    },
    "a rule that gives way in another unit": {CARD: [('relief="t above the capacity"', 'relief="t"')]},
    "a decision that the check does not know": {CHECK: [('yield "beyond", (site, n)', 'yield "under", (site, n)')]},
    "a rule that nothing checks": {
        CHECK: [('yield Residual("quay", (site, n), "<=", left', 'yield from () and ("quay", left')]
    },
    # names and order
    "a site known by its name": {
        ALGEBRA: [("~np.isnan(capacity[at])", 'sites["site"].isin(["PLANT", "STORE"]).to_numpy()[at]')]
    },
}
"""Mistakes by kind: sign, unit, period, counted twice, mass, money, words, names."""


@pytest.mark.parametrize("mistake", MISTAKES)
def test_family_of_a_stranger_when_it_has_a_mistake_then_does_not_conform(
    install: Install, tmp_path: Path, mistake: str
) -> None:
    install(MISTAKES[mistake])
    with pytest.raises(NonConforming) as found:
        conform("quay", **questions(tmp_path), worked=worked())
    assert str(found.value).startswith("quay")
