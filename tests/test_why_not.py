"""Why an offer is not bought: the price at which it would be, worked out by hand, and what else keeps it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question
from test_compare import DOOR, FAR_MOST, YEARS, answer

from sourcing import run
from sourcing.errors import QuestionError
from sourcing.outcome.names import dollars
from sourcing.studies.explain.offers import closed_words
from sourcing.studies.explain.why_not import when_closed, why_not

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.reasons import Explanation

LANDED = 200_200
"""USD/t of Far Co at the plant; what Near Ltd asks and 100 of freight have to stay below it."""


def asked(folder: Path, offer: str = "A", **changes: Any) -> Explanation:
    return why_not(answer(folder, **changes), offer)


def test_dear_offer_when_asked_about_then_enters_where_its_landed_price_is_the_others(tmp_path: Path) -> None:
    found = asked(tmp_path)
    price = found.tables["price"].iloc[0]
    assert price["enters"] == pytest.approx(LANDED - 100)
    assert (price["tonnes"], price["tonnes_above"], bool(price["exact"])) == (pytest.approx(120), 0, True)
    name, asks = "Near Ltd Dy oxide (A)", "It asks USD 300,000 a tonne"
    assert found.words[0] == f"{name} is not bought. {asks} and would enter below USD 200,100, 33.3 % less."
    below, above = dollars(price["bought_at"]), dollars(price["not_at"])
    assert found.words[1:] == [
        f"Solved again to confirm: at {below} a tonne the best plan buys 120 t of it, at {above} none."
    ]


def test_dear_offer_when_duty_is_owed_on_it_then_its_price_makes_up_for_that_too(tmp_path: Path) -> None:
    duties = [{"importer": "USA", "origin": "AUS", "rate": 0.1, "basis": "fob"}]
    price = asked(tmp_path, tariffs=duties).tables["price"].iloc[0]
    assert price["enters"] == pytest.approx((LANDED - 100) / 1.1)


def test_dear_offer_when_it_cannot_serve_all_the_time_then_the_price_is_that_of_when_it_can(tmp_path: Path) -> None:
    """The dear source B2 is needed in 2028 only, where A, which starts then, would replace it."""
    found = asked(
        tmp_path, offers={"A": {"start": "2028-01-01"}, "B": {"capacity": 100}}, stocks=None, most=100, ask=YEARS
    )
    assert found.words[0].startswith("Near Ltd Dy oxide (A) is bought already")
    assert "2027: it can be ordered from 2028-01-01 on." in found.words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"start": "2031-01-01"}, "2027 to 2028: it can be ordered from 2031-01-01 on."),
        ({"end": "2026-01-01"}, "2027 to 2028: it can be ordered before 2026-01-01 only."),
        ({"capacity": 0}, "2027 to 2028: it has no capacity then."),
        ({"lead_days": 900}, "2027 to 2028: what is ordered then takes 900 days and arrives after the horizon."),
    ],
)
def test_offer_that_cannot_be_had_when_asked_about_then_the_reason_is_not_its_price(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    tiny_case(tmp_path, **DOOR | {"offers": {"A": change}})
    closed = when_closed(run.ask(write_question(tmp_path, YEARS)).network, "A")
    assert closed_words(closed) == [said]


def test_offer_that_cannot_be_had_when_explained_then_it_is_not_its_price(tmp_path: Path) -> None:
    words = asked(tmp_path, offers={"A": {"capacity": 0}}).words
    assert "for nothing it would not be either" in words[0]
    assert "2027 to 2028: it has no capacity then." in words


def test_offer_that_a_limit_shuts_out_when_asked_about_then_the_limit_is_named(tmp_path: Path) -> None:
    ask = YEARS + FAR_MOST.format(most=0).replace("Far Co", "Near Ltd").replace("far-most", "not-near")
    found = asked(tmp_path, ask=ask)
    assert "for nothing it would not be either" in found.words[0]
    assert any(word.startswith("not-near: Near Ltd") for word in found.words)


def test_offer_that_is_bought_when_asked_about_then_what_keeps_it_from_more_has_its_price(tmp_path: Path) -> None:
    found = asked(tmp_path, "B", most=100)
    assert found.tables["bought"]["tonnes"].sum() == pytest.approx(100)
    rule = found.tables["what keeps it from more"].iloc[0]
    assert (rule["subject"], rule["price"]) == ("far-most: Far Co", pytest.approx(300_100 - LANDED))
    assert f"far-most: Far Co, the whole horizon: it would save {dollars(99_900)} a tonne." in found.words


def test_offer_that_a_limit_on_others_favours_when_asked_about_then_no_rule_stands_against_it(tmp_path: Path) -> None:
    """More of A lets more of B be bought under B's share: that limit speaks for A."""
    share = '[[limits]]\nlimit = "far-share"\nmeasure = "share"\nby = "supplier"\nmember = "Far Co"\nvalue = 0.9\n'
    third = {**TINY["offers"][0], "offer": "C", "supplier": "Third", "price": 290_000}
    found = asked(tmp_path, ask=YEARS + share, offers=[*TINY["offers"], third])
    assert found.tables["what keeps it out"].empty
    assert len(found.words) == 2


def test_offer_that_is_bought_when_nothing_holds_it_then_more_is_of_no_use(tmp_path: Path) -> None:
    assert "No rule keeps it from more: at its price no more of it is of use." in asked(tmp_path, "B").words


def test_offer_with_a_cost_per_order_when_asked_about_then_its_price_makes_up_for_it(tmp_path: Path) -> None:
    """An order of 60 t at 1 M: it is worth placing where 60 t save as much."""
    price = asked(tmp_path, offers={"A": {"order_cost": 1_000_000}}).tables["price"].iloc[0]
    assert price["enters"] == pytest.approx(LANDED - 100 - 1_000_000 / 60, rel=1e-6)
    assert price["tonnes"] >= 60 - 1e-6


def test_offer_when_what_is_spent_is_limited_then_the_trials_count_the_new_price(tmp_path: Path) -> None:
    """Of 20 M all goes into 100 t of B; A for nothing leaves nobody short."""
    ask = YEARS + '[[limits]]\nlimit = "purse"\nmeasure = "spend"\nper = "horizon"\nvalue = 20_000_000\n'
    price = asked(tmp_path, ask=ask).tables["price"].iloc[0]
    assert price["tonnes"] > 0
    assert price["bought_at"] < 200_000


def test_offer_that_is_unknown_when_asked_about_then_the_nearest_is_named(tmp_path: Path) -> None:
    plan = answer(tmp_path)
    with pytest.raises(QuestionError, match="did you mean A"):
        why_not(plan, "aa")
