"""A limit on use has three figures wherever a share is told: by lots, as one heap, and as it arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import tiny_case, write_question
from cases.chain import Answer, answer
from test_custody import CHINA, FREE, notices

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Ask = Callable[..., Answer]

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
