"""A limit on use has three figures wherever a share is told: by lots, as one heap, and as it arrived."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import pytest
from builders import tiny_case, write_question
from cases.chain import Answer, answer
from test_custody import CHINA, FREE, notices

from sourcing import run
from sourcing.charts.concentration import concentration
from sourcing.charts.mix import mix, stack
from sourcing.charts.theme import specification
from sourcing.report.comply import render_compliance, statement
from sourcing.report.figures import share
from sourcing.report.sources import sources
from sourcing.studies.compare.screen import comparison_as_json, render_comparison

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sourcing.plan import Plan

    Ask, Planned = Callable[..., Answer], Callable[..., Plan]

OXIDE = {**CHINA, "material": "oxide", "counts": "use"}
LATE = {**OXIDE, "from": "2028-01-01"}


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return a function that answers the tiny case with limits and no stock, of which the audit finds nothing."""

    def solved(*limits: dict[str, Any], text: str = "", **changes: Any) -> Answer:
        tiny_case(tmp_path, **{**FREE, "limits": [dict(row) for row in limits], "stocks": None, **changes})
        own = answer(write_question(tmp_path, text))
        assert own.verdict.findings == []
        return own

    return solved


@pytest.fixture
def planned(tmp_path: Path) -> Planned:
    """Return a function that plans the tiny case with a limit and no stock, as a user does."""

    def plan(limit: dict[str, Any], name: str = "", **changes: Any) -> Plan:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        tiny_case(folder, **{**FREE, "limits": [dict(limit)], "stocks": None, **changes})
        return run.optimize(write_question(folder), out=folder / "plan")

    return plan


def test_shares_when_a_limit_counts_use_then_lots_and_heap_stand_beside_what_arrives(ask: Ask) -> None:
    own = ask(LATE)
    use, shares = own.plan.tables["use"].iloc[0], own.plan.tables["shares"]
    told = shares[shares["lots"].notna()]
    key = ["counted", "what", "stage", "lens", "year", "group"]
    assert told[key].to_numpy().tolist() == [["material", "oxide", "", "country", 2028, "CHN"]]
    assert told[["share", "lots", "heap"]].to_numpy()[0] == pytest.approx(use[["arrived", "lots", "heap"]].tolist())
    assert shares["heap"].count() == 1


def test_shares_when_nothing_of_a_country_arrives_that_is_used_then_it_has_a_row(ask: Ask) -> None:
    own = ask({**LATE, "value": 0.9}, {**LATE, "limit": "bought", "counts": "arrivals", "value": 0.0})
    row = own.plan.tables["shares"].query("year == 2028 and group == 'CHN' and lens == 'country'").iloc[0]
    assert (row["tonnes"], row["share"]) == (0, 0)
    assert row["lots"] == pytest.approx(0.9)
    assert 0 < row["heap"] <= 1


@pytest.mark.parametrize(
    "other",
    [
        {"counts": "arrivals"},
        {"from": "2028-07-01"},
        {"site": "PLANT"},
        {"per": "horizon"},
        {"material": ""},
    ],
)
def test_shares_when_a_limit_counts_something_else_than_a_share_does_then_it_says_nothing(
    ask: Ask, other: dict[str, str]
) -> None:
    own = ask({**LATE, **other})
    assert own.plan.tables["shares"][["lots", "heap"]].isna().all(axis=None)


def test_shares_when_a_maximum_and_a_minimum_count_the_same_then_the_maximum_speaks(ask: Ask) -> None:
    least = {**OXIDE, "limit": "a-least", "sense": "min", "value": 0.1}
    own = ask(OXIDE, least, stocks=[{"site": "PLANT", "material": "oxide", "opening": 20, "maximum": 100}])
    shares, use = own.plan.tables["shares"], own.plan.tables["use"].set_index(["limit", "window"])
    told = shares.query("year == 2027 and group == 'CHN' and lens == 'country'").iloc[0]
    assert told["lots"] == use.loc[("china", "2027"), "lots"] > use.loc[("a-least", "2027"), "lots"]


def test_shares_when_any_cell_is_changed_or_any_row_gone_then_the_audit_says_so(ask: Ask) -> None:
    own = ask({**OXIDE, "member": "", "value": 0.65})
    assert own.plan.tables["shares"]["lots"].count() > 2
    notices(own, "shares")


def test_mix_when_a_limit_counts_use_then_its_figures_stand_below_and_nothing_is_said_of_a_line(
    planned: Planned,
) -> None:
    plan = planned(LATE)
    use, picture = plan.tables["use"].iloc[0], mix(plan, "Dy oxide")
    told = {row.Country: row.Share for row in picture.table.itertuples() if row.Year == "2028"}
    assert told["used, lots: China"] == f"{share(use['lots'])} ■"
    assert told["used, heap: China"] == share(use["heap"])
    words = str(specification(picture))
    assert "used: lots kept apart, or one heap · ■ at its limit" in words
    assert "lots: China" in words
    assert "not drawn" not in words + "".join(picture.notes)


def test_pictures_when_a_limit_counts_something_else_than_a_year_then_they_say_once_that_it_is_not_drawn(
    planned: Planned,
) -> None:
    plan = planned({**LATE, "per": "horizon"})
    for drawn in (mix, concentration):
        picture = drawn(plan)
        assert "".join(picture.notes).count("not drawn") == 1
        assert "lots" not in str(specification(picture))


def test_concentration_when_a_limit_counts_use_then_its_figures_stand_below_the_bars_of_what_arrives(
    planned: Planned,
) -> None:
    plan = planned(LATE)
    use, picture = plan.tables["use"].iloc[0], concentration(plan)
    lots, heap = share(use["lots"]), share(use["heap"])
    said = [
        f"of what is used, lots kept apart: China {lots} ■ in 2028",
        f"of what is used, all in one heap: China {heap}",
    ]
    assert all(line in str(specification(picture)) for line in said)
    assert "not drawn" not in "".join(picture.notes)


def test_pictures_when_a_limit_counts_arrivals_then_its_line_is_drawn_and_nothing_of_use(
    planned: Planned,
) -> None:
    plan = planned({**LATE, "counts": "arrivals"})
    assert stack(plan, sources(plan)[0]).lines == {2028: 0.35}
    assert not any("lots" in str(specification(drawn(plan))) for drawn in (mix, concentration))


def test_explain_when_a_limit_on_use_holds_then_it_says_three_figures(planned: Planned) -> None:
    plan = planned(LATE)
    use, found = plan.tables["use"].iloc[0], run.explain(plan.folder)
    lots, heap, arrived = map(share, use[["lots", "heap", "arrived"]])
    assert found.words[-1] == (
        f"Of the Dy oxide used in 2028, {lots} is from China if lots are kept apart (at most 35 % by china), {heap} if "
        f"all is mixed in one heap; {arrived} of what arrives"
    )
    assert found.tables["use"].to_dict("records") == plan.tables["use"].to_dict("records")
    arriving = run.explain(planned({**LATE, "counts": "arrivals"}, "arriving").folder)
    assert "use" not in arriving.tables
    assert "heap" not in "".join(arriving.words)


def test_compare_when_one_plan_counts_use_then_three_figures_of_it_and_blanks_of_the_other(planned: Planned) -> None:
    plans = [planned({**LATE, "counts": "arrivals"}, "one"), planned(LATE, "two")]
    found = run.compare([plan.folder for plan in plans])
    use, table = plans[1].tables["use"].iloc[0], found.tables["use"]
    assert table["figure"].tolist() == ["lots", "heap", "arrived"]
    assert table["B"].tolist() == use[["lots", "heap", "arrived"]].tolist()
    told = plans[0].tables["use"].iloc[0]
    assert table["A"].tolist()[1] == told["heap"]
    assert table["A"].isna().tolist() == [True, False, True]  # nothing arrives in 2028 that is not there before
    assert "lots kept apart" in str(render_comparison(found, 100))
    assert [row["figure"] for row in comparison_as_json(found)["comparison"]["tables"]["use"]] == table[
        "figure"
    ].tolist()


def test_compare_when_no_limit_counts_use_then_it_says_nothing_of_it(planned: Planned) -> None:
    plans = [planned({**LATE, "counts": "arrivals"}, name) for name in ("one", "two")]
    assert "USED" not in str(render_comparison(run.compare([plan.folder for plan in plans]), 100))


RULE = """schema = 1
title = "house rule"
source = "board paper"
as_of = "2026-11-01"
confidence = "recalled"
covers = ["Dy"]

[[requirements]]
name = "china"
says = "at most 35 % from China"
stages = ["oxide"]
by = "country"
member = "CHN"
counts = "{counts}"
sense = "max"
value = 0.35
from = "2028-01-01"
limits = true
source = "board paper, p. 2"
"""
OF_DY = {**LATE, "material": "", "element": "Dy", "stage": "oxide"}
DY = [{"material": "oxide", "element": "Dy", "share": 0.87}]


@pytest.mark.parametrize("counts", ["use", "arrivals"])
def test_comply_when_a_rule_counts_use_then_three_figures_and_of_arrivals_one(
    planned: Planned, tmp_path: Path, counts: str
) -> None:
    plan, rule = planned(OF_DY, contents=DY), tmp_path / "house.toml"
    rule.write_text(RULE.format(counts=counts), "utf-8")
    found = run.comply(plan.folder, [str(rule)])
    (before, late), use = found.found[0][1], plan.tables["use"].iloc[0]
    said = str(render_compliance(found, 100)), statement(found)
    if counts == "arrivals":
        assert (late.counts, late.lots, late.heap, late.arrived) == ("arrivals", None, None, None)
        assert not any("heap" in text for text in said)
        return
    assert (late.lots, late.heap) == pytest.approx((use["lots"], use["heap"]))
    assert late.arrived == (None if isnan(use["arrived"]) else pytest.approx(use["arrived"]))
    assert (late.verdict, before.verdict) == ("met", "not met")
    assert late.share == late.lots
    assert all("one heap" in text and "refined, lots" in text and "arrived" in text for text in said)


def test_comply_when_the_plan_keeps_no_lots_apart_then_the_heap_decides(planned: Planned, tmp_path: Path) -> None:
    plan, rule = planned({**OF_DY, "counts": "arrivals"}, contents=DY), tmp_path / "house.toml"
    rule.write_text(RULE.format(counts="use"), "utf-8")
    found = run.comply(plan.folder, [str(rule)])
    late, use = found.found[0][1][1], plan.tables["use"].iloc[0]
    assert (late.lots, late.share) == (None, pytest.approx(use["heap"]))
    assert "refined, one heap" in str(render_compliance(found, 100))
