"""A plan small enough for a pencil: the arithmetic stands in the comments, and the audit agrees with all of it.

Two quarters of 2027: Q1 has 90 days, [0, 90) from the start; Q2 has 91, [90, 181). The year has 365.
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pandas as pd
import pytest

from sourcing.audit import Terms, Verdict, audit
from sourcing.replay import Facts, Replay

TERMS = Terms(date(2027, 1, 1), [("quarter", 2)], discount_rate=0.1, shortage="least")
CHECKS = (
    *("purchase", "duty", "transport", "conversion", "stock", "orders", "service", "balance", "shares", "amounts"),
    "grade",
)
D0 = 1.1 ** -(45 / 365)  # middle of Q1
D1 = 1.1 ** -(90 / 365 + 45.5 / 365)  # middle of Q2
DUTY = 4000 * 15 / 45  # USD/t of what C1 brings in Q2 on [90, 135): 10 % of 40,000 from 1 May, day 120


def frame(columns: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


def tiny_tables() -> dict[str, pd.DataFrame]:
    day = pd.Timestamp
    return {
        "materials": frame(
            "material name stage tariff_code value",
            ("oxide", "NdPr oxide", "oxide", "2846", 60_000.0),
            ("metal", "NdPr metal", "metal", "2805", 90_000.0),
        ),
        "contents": frame("material element share", ("oxide", "Nd", 0.6), ("metal", "Nd", 0.7)),
        "sites": frame(
            "site name country owner owner_country",
            ("kua", "Kuantan", "MYS", "Lynas", "AUS"),
            ("bao", "Baotou", "CHN", "", ""),
            ("bre", "Bremen", "DEU", "Maker", "DEU"),
            ("rot", "Rotterdam", "NLD", "Maker", "DEU"),
        ),
        "offers": frame(
            "offer supplier site material destination price capacity lead_days recycled",
            ("L1", "Lynas", "kua", "oxide", "", 50_000.0, 365.0, 0.0, 0.25),
            ("C1", "Northern", "bao", "oxide", "bre", 40_000.0, float("nan"), 45.0, 0.0),
        ),
        "lanes": frame(
            "origin destination material mode freight transit_days capacity",
            ("kua", "bre", "", "sea", 250.0, 45.0, 730.0),
            ("rot", "bre", "oxide", "truck", 10.0, 0.0, float("nan")),
        ),
        "tariffs": frame(
            "importer origin tariff_code from rate basis", ("EU", "CHN", "2846", day(2027, 5, 1), 0.1, "cif")
        ),
        "licences": frame("country material destination from lag_days", ("CHN", "oxide", "EU", day(2027, 4, 1), 10.0)),
        "groups": frame("group member", ("EU", "DEU"), ("EU", "NLD")),
        "processes": frame("process site capacity cost", ("reduce", "bre", 400.0, 1000.0)),
        "recipes": frame("process material quantity", ("reduce", "oxide", -1.25), ("reduce", "metal", 1.0)),
        "demand": frame(
            "site material period quantity", ("bre", "metal", "2027-Q1", 40.0), ("bre", "metal", "2027-Q2", 60.0)
        ),
        "stocks": frame(
            "site material opening holding_cost closing maximum",
            ("bre", "oxide", 45.0, 365.0, 3.6, 100.0),
            ("rot", "oxide", 10.0, 0.0, float("nan"), float("nan")),
        ),
        "open_orders": frame(
            "order site material arrives quantity offer", ("O1", "bre", "oxide", day(2027, 2, 10), 5.0, "L1")
        ),
        "limits": frame(
            "limit measure sense by member element material property per value counts",
            ("one-country", "share", "max", "country", "", "Nd", "", "", "horizon", 0.8, "arrivals"),
            ("lynas", "tonnes", "max", "supplier", "Lynas", "", "", "", "period", 25.0, ""),
            ("budget", "spend", "max", "", "", "", "", "", "year", 10e6, ""),
            ("coarse", "grade", "min", "", "", "", "metal", "microns", "period", 80.0, ""),
        ),
        "properties": frame("material property value", ("oxide", "microns", 90.0)),
    }  # fmt: skip


def tiny_moves() -> dict[str, pd.DataFrame]:
    day = pd.Timestamp
    q1, q2 = (day(2027, 1, 1), day(2027, 3, 31)), (day(2027, 4, 1), day(2027, 6, 30))
    return {
        # L1 takes 45 d at sea: [45, 135) is half in Q1, half in Q2. 40 t at 50,000 and 250 freight, MYS pays no duty.
        # C1 in Q1 takes 45 d: half and half; the half in Q2 pays duty. 20 t at 40,000.
        # C1 in Q2 takes 45 + 10 d of licence: [145, 236) has 36 of 91 d in Q2: 3.6 t of 9.1, 5.5 t late, all pay duty.
        "purchases": frame(
            "offer supplier site country material destination mode node period order_from order_until arrives_from "
            "arrives_until tonnes late_tonnes purchase freight duty",
            ("L1", "Lynas", "kua", "MYS", "oxide", "bre", "sea", 0, "2027-Q1", *q1, day(2027, 2, 15), day(2027, 5, 15),
             40.0, 0.0, 2_000_000.0, 10_000.0, 0.0),
            ("C1", "Northern", "bao", "CHN", "oxide", "bre", "", 0, "2027-Q1", *q1, day(2027, 2, 15), day(2027, 5, 15),
             20.0, 0.0, 800_000.0, 0.0, 10 * DUTY),
            ("C1", "Northern", "bao", "CHN", "oxide", "bre", "", 1, "2027-Q2", *q2, day(2027, 5, 26), day(2027, 8, 24),
             9.1, 5.5, 364_000.0, 0.0, 36_400.0),
        ),
        "shipments": frame(
            "origin destination material mode node period departs_from departs_until arrives_from arrives_until tonnes "
            "late_tonnes freight duty",
            ("rot", "bre", "oxide", "truck", 0, "2027-Q1", *q1, *q1, 10.0, 0.0, 100.0, 0.0),
        ),
        # 1.25 t of oxide per t of metal, 1,000 USD/t; the second quarter has oxide for 56 t only if 3.6 t are left.
        "conversions": frame(
            "process site node period tonnes late_tonnes conversion",
            ("reduce", "bre", 0, "2027-Q1", 40.0, 0.0, 40_000.0),
            ("reduce", "bre", 1, "2027-Q2", 56.0, 0.0, 56_000.0),
        ),
    }  # fmt: skip


def tiny_plan() -> dict[str, pd.DataFrame]:
    return tiny_moves() | {
        # oxide at Bremen: 45 + 20 + 10 bought + 10 shipped + 5 open - 50 used = 40, then + 20 + 10 + 3.6 - 70 = 3.6
        "stock": frame(
            "site material node period start bought shipped_in made open_orders used shipped_out demand short disposed "
            "end",
            ("bre", "metal", 0, "2027-Q1", 0.0, 0.0, 0.0, 40.0, 0.0, 0.0, 0.0, 40.0, 0.0, 0.0, 0.0),
            ("bre", "metal", 1, "2027-Q2", 0.0, 0.0, 0.0, 56.0, 0.0, 0.0, 0.0, 60.0, 4.0, 0.0, 0.0),
            ("bre", "oxide", 0, "2027-Q1", 45.0, 30.0, 10.0, 0.0, 5.0, 50.0, 0.0, 0.0, 0.0, 0.0, 40.0),
            ("bre", "oxide", 1, "2027-Q2", 40.0, 33.6, 0.0, 0.0, 0.0, 70.0, 0.0, 0.0, 0.0, 0.0, 3.6),
            ("rot", "oxide", 0, "2027-Q1", 10.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0, 0.0, 0.0, 0.0, 0.0),
            ("rot", "oxide", 1, "2027-Q2", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        ),
        "shortage": frame("site material node period demand short", ("bre", "metal", 1, "2027-Q2", 60.0, 4.0)),
        "cost": tiny_cost(),
        "shares": tiny_shares(),
        # 45/68.6 and 23.6/68.6 squared; recycled: 11.25 and 57.35
        "hhi": frame(
            "counted what stage lens year tonnes groups hhi",
            *(
                (counted, what, "", lens, 2027, total, 2, ((first / 68.6) ** 2 + ((68.6 - first) / 68.6) ** 2))
                for counted, what, total in (("material", "oxide", 68.6), ("element", "Nd", 41.16))
                for lens, first in (
                    ("country", 45), ("owner_country", 45), ("owner", 45), ("supplier", 45), ("recycled", 11.25)
                )
            ),
        ),
        # 40 t of metal take 50 t of oxide of 90 microns, 56 t take 70.
        # Nd: 27 and 14.16 of 41.16. Lynas in t: 20 + 5 open = 25 in Q1 (as much as allowed), 20 in Q2.
        "limits": frame(
            "limit measure sense by member site window node value counted total actual binds",
            ("one-country", "share", "max", "country", "CHN", "", "horizon", 1, 0.8, 14.16, 41.16, 0.344023324, False),
            ("one-country", "share", "max", "country", "MYS", "", "horizon", 1, 0.8, 27.0, 41.16, 27 / 41.16, False),
            ("lynas", "tonnes", "max", "supplier", "Lynas", "", "2027-Q1", 0, 25.0, 25.0, float("nan"), 25.0, True),
            ("lynas", "tonnes", "max", "supplier", "Lynas", "", "2027-Q2", 1, 25.0, 20.0, float("nan"), 20.0, False),
            ("budget", "spend", "max", "", "", "", "2027", 1, 10e6, 3_164_000.0, float("nan"), 3_164_000.0, False),
            ("coarse", "grade", "min", "", "", "bre", "2027-Q1", 0, 80.0, 4_500.0, 50.0, 90.0, False),
            ("coarse", "grade", "min", "", "", "bre", "2027-Q2", 1, 80.0, 6_300.0, 70.0, 90.0, False),
        ),
        "binding": frame(
            "rule key subject period node value unit price worth together words",
            ("tonnes", "lynas|Lynas||2027-Q1", "lynas: Lynas, 2027-Q1", "2027-Q1", 0, 25.0, "t", 120.0,
             float("nan"), "", "One tonne more for Lynas under lynas in 2027-Q1 would save at most USD 120"),
        ),
    }  # fmt: skip


def tiny_cost() -> pd.DataFrame:
    amounts = [
        ("purchase", 0, 2_800_000.0), ("purchase", 1, 364_000.0),
        ("freight", 0, 5_000.0 + 100.0), ("freight", 1, 5_000.0),
        ("duty", 1, 10 * DUTY + 36_400.0),
        ("conversion", 0, 40_000.0), ("conversion", 1, 56_000.0),
        ("holding", 0, 40 * 90.0), ("holding", 1, 3.6 * 91.0),  # 365 USD/t/year is 1 USD/t a day
    ]  # fmt: skip
    labels, weights = ("2027-Q1", "2027-Q2"), (D0, D1)
    return frame(
        "head node period amount discounted", *((head, n, labels[n], x, x * weights[n]) for head, n, x in amounts)
    )


def tiny_shares() -> pd.DataFrame:
    # oxide arriving in 2027: L1 40 + 5 open = 45, C1 20 + 3.6 = 23.6, together 68.6; Nd is 0.6 of each
    groups = {
        "country": {"MYS": 45.0, "CHN": 23.6},
        "owner_country": {"AUS": 45.0, "unknown": 23.6},
        "owner": {"Lynas": 45.0, "unknown": 23.6},
        "supplier": {"Lynas": 45.0, "Northern": 23.6},
        "recycled": {"recycled": 11.25, "primary": 33.75 + 23.6},
    }
    return frame(
        "counted what stage lens year group tonnes share lots heap",
        *(
            (counted, what, "", lens, 2027, group, tonnes * content, tonnes / 68.6, float("nan"), float("nan"))
            for counted, what, content in (("material", "oxide", 1.0), ("element", "Nd", 0.6))
            for lens, held in groups.items()
            for group, tonnes in held.items()
        ),
    )


def tiny_manifest() -> dict[str, Any]:
    # 4 t short at a value of 90,000
    return {"objective": {"shortage": 360_000.0, "cost": float(tiny_cost()["discounted"].sum())}}


def checks() -> list[Any]:
    return [import_module(f"sourcing.families.{name}.check") for name in CHECKS]


def verdict(tables: Any = None, plan: Any = None, manifest: Any = None, terms: Terms = TERMS) -> Verdict:
    return audit(tables or tiny_tables(), terms, plan or tiny_plan(), manifest or tiny_manifest(), checks())


def facts(tables: Any = None, terms: Terms = TERMS) -> Facts:
    return Facts.of(tables or tiny_tables(), terms)


def test_audit_of_the_pencil_plan_finds_nothing() -> None:
    found = verdict()
    assert found.findings == []
    assert found.is_clean
    assert found.discounted == pytest.approx(tiny_manifest()["objective"]["cost"])
    assert found.cost["holding"] == pytest.approx(3_600 + 327.6)
    assert found.short == pytest.approx(360_000)
    assert max(found.worst.values()) < 1e-9


def test_audit_counts_every_rule_of_the_pencil_case() -> None:
    # 3 points x 2 nodes balance and use; one limited offer, lane and process x 2; one closing; maximum x 2; the limits
    assert verdict().checked == {
        "offer": 2, "lane": 2, "process": 2, "closing": 1, "maximum": 2, "use": 6, "short": 2, "short_sign": 2,
        "balance": 6, "share": 2, "tonnes": 2, "spend": 1, "grade": 2,
    }  # fmt: skip


def test_residuals_of_the_pencil_plan_are_what_the_pencil_says() -> None:
    tiny, plan = facts(), Replay.of(tiny_plan())
    found = {(row.rule, row.key): row.residual for check in checks() for row in check.residuals(tiny, plan)}
    assert found["offer", ("L1", 0)] == pytest.approx(90 - 40)
    assert found["lane", ("kua", "bre", "", "sea", 0)] == pytest.approx(730 * 90 / 365 - 40)
    assert found["process", ("reduce", 1)] == pytest.approx(400 * 91 / 365 - 56)
    assert found["closing", ("bre", "oxide", 1)] == pytest.approx(0)
    assert found["maximum", ("bre", "oxide", 0)] == pytest.approx(60)
    # what 40 t of oxide may still serve after Q1: 1.25 x 60 t of metal, and 3.6 t that must be left
    assert found["use", ("bre", "oxide", 0)] == pytest.approx(1.25 * 60 + 3.6 - 40)
    assert found["share", ("one-country", "MYS", "", "horizon", 1)] == pytest.approx(0.8 * 41.16 - 27)
    assert found["spend", ("budget", "", "", "2027", 1)] == pytest.approx(10e6 - 3_164_000)
    assert found["short", ("bre", "metal", 1)] == pytest.approx(56)
    assert found["grade", ("coarse", "", "bre", "2027-Q2", 1)] == pytest.approx(70 * 90 / 80 - 70)


def test_audit_of_an_unasked_limit_family_skips_its_rows() -> None:
    plan = tiny_plan()
    plan["limits"] = plan["limits"][plan["limits"]["measure"] != "share"]
    kept = [check for check in checks() if not check.__name__.endswith("shares.check")]
    assert audit(tiny_tables(), TERMS, plan, tiny_manifest(), kept).findings == []
