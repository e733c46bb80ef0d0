"""A small plan made by hand for the tests of the screens, and the proof that it adds up."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from sourcing.question.schema import Horizon

YEARS = {2027: (620.0, 240.0, 140.0), 2028: (480.0, 310.0, 210.0), 2029: (350.0, 340.0, 310.0)}
"""Tonnes of NdPr by China, Malaysia and the United States: 1,000 t a year."""


def days(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Turn columns of text into dates."""
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in names})


def purchases() -> pd.DataFrame:
    """Return four orders of the first period and one of the second."""
    rows = [
        ("LYN-NDPR", "Lynas", "KUANTAN", "MYS", "ndpr_oxide", 0, 310.0, "2027-04-01", "2027-06-30", 24.8e6),
        ("MP-NDPR", "MP Materials", "MOUNTAIN PASS", "USA", "ndpr_oxide", 0, 140.0, "2027-01-31", "2027-04-30", 15.4e6),
        ("BAO-DY", "Northern Rare Earth", "BAOTOU", "CHN", "dy_oxide", 0, 11.0, "2027-04-14", "2027-07-12", 3.3e6),
        ("BAO-TB", "Northern Rare Earth", "BAOTOU", "CHN", "tb_oxide", 0, 0.4, "2027-04-14", "2027-07-12", 0.42e6),
        ("MP-NDPR", "MP Materials", "MOUNTAIN PASS", "USA", "ndpr_oxide", 1, 90.0, "2027-05-02", "2027-07-30", 9.9e6),
    ]
    names = ["offer", "supplier", "site", "country", "material", "node", "tonnes", "arrives_from", "arrives_until"]
    frame = pd.DataFrame(rows, columns=[*names, "purchase"])
    frame = frame.assign(destination="SUMTER", mode="sea", late_tonnes=0.0, freight=0.0, duty=0.0)
    frame["period"] = frame["node"].map({0: "2027-Q1", 1: "2027-Q2"})
    frame["order_from"] = frame["node"].map({0: "2027-01-01", 1: "2027-04-01"})
    frame["order_until"] = frame["node"].map({0: "2027-03-31", 1: "2027-06-30"})
    return days(frame, "arrives_from", "arrives_until", "order_from", "order_until")


def shares() -> pd.DataFrame:
    """Return where the elements come from, by country and year."""
    rows = [
        ("element", "NdPr", "country", year, group, tonnes, tonnes / 1000.0)
        for year, split in YEARS.items()
        for group, tonnes in zip(("CHN", "MYS", "USA"), split, strict=True)
    ]
    rows += [("element", "Tb", "country", year, "CHN", 1.6, 1.0) for year in YEARS]
    rows += [("element", "Tb", "owner", year, "Northern Rare Earth", 1.6, 1.0) for year in YEARS]
    bought = pd.DataFrame(rows, columns=["counted", "what", "lens", "year", "group", "tonnes", "share"])
    return bought.assign(stage="")


def case_tables() -> dict[str, pd.DataFrame]:
    """Return the tables the screens look things up in."""
    return {
        "sites": pd.DataFrame({"site": ["BAOTOU", "KUANTAN", "MOUNTAIN PASS", "SUMTER"]}),
        "materials": pd.DataFrame(
            {
                "material": ["dy_oxide", "ndpr_oxide", "tb_oxide"],
                "name": ["Dy oxide", "NdPr oxide", "Tb oxide"],
                "stage": "oxide",
                "value": [250_000.0, 80_000.0, 1_000_000.0],
                "least_sensible": 0.001,
            }
        ),
        "contents": pd.DataFrame(
            {"material": ["ndpr_oxide", "tb_oxide"], "element": ["NdPr", "Tb"], "share": [0.8, 0.85]}
        ),
        "stocks": pd.DataFrame(
            {"site": ["SUMTER"] * 2, "material": ["ndpr_oxide", "tb_oxide"], "maximum": [150.0, 2.0]}
        ),
        "recipes": pd.DataFrame(columns=["process", "material", "quantity"]),
        "offers": pd.DataFrame(
            {
                "offer": ["LYN-NDPR", "MP-NDPR", "BAO-DY", "BAO-TB"],
                "lead_days": [60.0, 30.0, 10.0, 10.0],
                "days": "calendar",
            }
        ),
        "lanes": pd.DataFrame(
            [
                ("KUANTAN", "SUMTER", "", "sea", 30.0),
                ("BAOTOU", "SUMTER", "", "sea", 30.0),
                ("BAOTOU", "SUMTER", "ndpr_oxide", "sea", 99.0),
            ],
            columns=["origin", "destination", "material", "mode", "transit_days"],
        ),
        "contracts": pd.DataFrame({"contract": []}),
        "closures": pd.DataFrame({"stops": []}),
        "limits": pd.DataFrame(
            {
                "limit": ["one-country"],
                "measure": ["share"],
                "counts": ["arrivals"],
                "element": ["NdPr"],
                "material": [""],
                "stage": [""],
            }
        ),
    }


class Case:
    """A case as the screens see it: tables by name."""

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        self.name, self.folder, self.tables = "magnet-maker", None, tables

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]


def tables(short: float) -> dict[str, pd.DataFrame]:
    """Return the tables of the plan; ``short`` tonnes of Tb oxide are missing in 2027-Q3."""
    stock = pd.DataFrame(
        [
            ("SUMTER", "ndpr_oxide", 2, "2027-Q3", 0.0, 400.0, 250.0, 0.0, 150.0),
            ("SUMTER", "ndpr_oxide", 3, "2027-Q4", 150.0, 0.0, 100.0, 0.0, 50.0),
            ("SUMTER", "ndpr_oxide", 4, "2028-Q1", 50.0, 0.0, 50.0, 0.0, 0.0),
            ("SUMTER", "tb_oxide", 2, "2027-Q3", 0.0, 2.1 - short, 2.1, short, 0.0),
        ],
        columns=["site", "material", "node", "period", "start", "bought", "demand", "short", "end"],
    ).assign(used=0.0, shipped_out=0.0, disposed=0.0)
    gone = stock[stock["short"] > 0]
    heads = {"purchase": 361.0e6, "freight": 6.2e6, "duty": 9.8e6, "holding": 4.1e6, "conversion": 31.5e6}
    return {
        "purchases": purchases(),
        "stock": stock,
        "shortage": gone[["site", "material", "period", "node", "demand", "short"]].reset_index(drop=True),
        "cost": pd.DataFrame(
            [(head, 0, "2027-Q1", amount, amount * 0.9) for head, amount in heads.items()],
            columns=["head", "node", "period", "amount", "discounted"],
        ),
        "conversions": pd.DataFrame(columns=["process", "node", "tonnes"]),
        "decisions": pd.DataFrame(columns=["decision", "key", "node", "period", "value", "unit", "words"]),
        "shares": shares(),
        "limits": pd.DataFrame(
            [("one-country", "share", "max", "country", "CHN", "", "2029", 11, 0.35, 350.0, 1000.0, 0.35, True)],
            columns=[
                *("limit", "measure", "sense", "by", "member", "site", "window"),
                *("node", "value", "counted", "total", "actual", "binds"),
            ],
        ),
        "binding": pd.DataFrame(
            [
                ("share", "one-country", "NdPr from one country", "2029", 11, 0.35, "", -9e7, "",
                 "NdPr from China, 2029: at most 35 %; one point more would save USD 0.9 M"),
                ("offer", "lynas", "Lynas", "2027-Q1", 0, 310.0, "t", -143.0, "",
                 "Lynas NdPr oxide is sold out at 310 t; one tonne more in 2027-Q1 would save USD 143"),
                ("offer", "lynas", "Lynas", "2027-Q2", 1, 310.0, "t", -120.0, "",
                 "Lynas NdPr oxide is sold out at 310 t; one tonne more in 2027-Q2 would save USD 120"),
            ],
            columns=["rule", "key", "subject", "period", "node", "value", "unit", "price", "together", "words"],
        ),
    }  # fmt: skip


def sample_plan(short: float = 0.4, **manifest: object) -> SimpleNamespace:
    """Return a plan of a magnet maker; keywords replace entries of its manifest."""
    plan_tables = tables(short)
    return SimpleNamespace(
        tables=plan_tables,
        case=Case(case_tables()),
        folder=Path("runs/2026-11-23-diversified"),
        question=SimpleNamespace(
            question="Where should a magnet maker buy NdPr, Dy and Tb from 2027 to 2029, with at most 35 % of NdPr from"
            " one country from 2029?",
            horizon=Horizon(start="2027-01", periods=12, length="quarter"),
            objective=SimpleNamespace(discount_rate=0.08),
        ),
        manifest={
            "schema": 1,
            "name": "2026-11-23-diversified",
            "question": "diversified",
            "case": "magnet-maker",
            "created": "2026-11-23T10:00:00Z",
            "status": "optimal",
            "shortage": "least",
            "objective": {"shortage": short, "cost": plan_tables["cost"]["discounted"].sum()},
            "gap": 0.0,
            "cheapest_cost": 0.9 * 388.1e6,
            "cheapest_shortage": short,
            "audit": {"clean": True},
            "sizes": {"columns": 14210, "rows": 9880, "nonzeros": 51200},
            "seconds": {"read": 0.21, "build": 0.1, "solve": 0.32, "compare": 0.28, "audit": 0.1, "write": 0.05},
            "notes": [],
            **manifest,
        },
    )


def test_sample_plan_adds_up() -> None:
    stock = sample_plan().tables["stock"]
    left = stock["start"] + stock["bought"] - (stock["demand"] - stock["short"])
    assert (left - stock["end"]).abs().max() < 1e-9
