"""The conformance call: the family of docs/write-a-rule.md passes it, and with any of two dozen mistakes does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from strangers import block_of_files, installed

from sourcing.testing import VERSION, NonConforming, conform

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.testing import Conformance

WORKED = {"quay": 2200.0, "shortage": 0.0}


def tried(folder: Path) -> Conformance:
    """Try the quay whose files are in a folder."""
    with installed(folder, "quay"):
        return conform("quay", binds=folder / "binds.toml", idle=folder / "idle.toml", worked=WORKED)


def test_family_of_a_stranger_when_tried_then_conforms(tmp_path: Path) -> None:
    block_of_files("write-a-rule.md", tmp_path)
    found = tried(tmp_path)
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
    # what others leave blank
    "a formulation that needs a quay": {
        ALGEBRA: [("    at, when, column", "    assert len(index.code), 'no site has a quay'\n    at, when, column")]
    },
    # names and order
    "a site known by its name": {
        ALGEBRA: [("~np.isnan(capacity[at])", 'sites["site"].isin(["PLANT", "STORE"]).to_numpy()[at]')]
    },
}
"""Mistakes by kind: sign, unit, period, counted twice, mass, money, words, blank columns, names."""


def spoil(folder: Path, family: str, mistakes: dict[str, list[tuple[str, str]]]) -> None:
    """Write the files of the page, a family's with mistakes: what stands in a file, and what stands there instead."""
    block_of_files("write-a-rule.md", folder)
    for name, edits in mistakes.items():
        file = folder / family / name
        for old, new in edits:
            text = file.read_text("utf-8")
            assert old in text, f"{name} has no {old!r}"
            file.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_family_of_a_stranger_when_it_has_a_mistake_then_does_not_conform(tmp_path: Path, mistake: str) -> None:
    spoil(tmp_path, "quay", MISTAKES[mistake])
    with pytest.raises(NonConforming) as found:
        tried(tmp_path)
    assert str(found.value).startswith("quay")


LIMITED = {
    "an amount read as a part": {"__init__.py": [('"landed", "amount", counts', '"landed", "share", counts')]},
    "a plan that says twice what limits count": {
        "measured.py": [
            (
                'yield count_landed(net, accounts["entry"]).at(x)',
                'yield count_landed(net, accounts["entry"]).at(2.0 * x)',
            )
        ]
    },
    "an audit that counts everybody": {
        "check.py": [("amount_in(window, amounts, of)", "amount_in(window, amounts, amounts)")]
    },
    "a most that is held as a least": {"algebra.py": [('(limits["sense"] == "max")', '(limits["sense"] == "min")')]},
}
"""Mistakes in a measure of limits."""


@pytest.mark.parametrize("mistake", LIMITED)
def test_measure_of_a_stranger_when_it_has_a_mistake_then_does_not_conform(tmp_path: Path, mistake: str) -> None:
    spoil(tmp_path, "landed", LIMITED[mistake])
    with installed(tmp_path, "landed"), pytest.raises(NonConforming) as found:
        conform("landed", binds=tmp_path / "landing.toml", idle=tmp_path / "wide.toml", worked=WORKED)
    assert str(found.value).startswith("landed")
