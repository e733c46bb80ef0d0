"""The cards are the only statement of the mathematics: names, keys, units, tables and symbols agree with the code."""

from __future__ import annotations

import csv
import inspect
import string
from collections import defaultdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cases.chain import Answer, answer
from cases.random_cases import seeded_cases, write_case

from sourcing import families
from sourcing.engine.formulation import formulate
from sourcing.outcome.names import words_of
from sourcing.report import mathematics
from sourcing.tables.dictionary import column_dictionary
from sourcing.testing.card import letters, unexplained

if TYPE_CHECKING:
    from sourcing.card import Card, ColumnSet, Rule

ROOT = Path(__file__).parent.parent
CARDS = families.cards()
COLUMNS: dict[str, ColumnSet] = {each.name: each for card in CARDS.values() for each in card.columns}
RULES: dict[str, Rule] = {each.name: each for card in CARDS.values() for each in card.rules}
WITHOUT_ALGEBRA = {
    "lead_time": "it decides and charges nothing: it is how the postings of other families are spread over time",
    "quotations": "it decides and charges nothing: it is until when an option of the plan can be decided",
    "call_offs": "it decides and charges nothing: it is when the orders of a plan are placed",
    "closures": "it decides and charges nothing: it is on which days things can happen, and what waits for them",
    "origins": "it decides and charges nothing: it is whose the tonnes are that limits of other families count",
}
WITHOUT_A_PRICE = {
    *("total", "switch", "multiple", "once", "tiers", "tier_from", "tier_to", "slice", "absent", "enough"),
    *("opens", "opened_once", "run", "arrival", "sent", "sold", "bought"),
    "changed",
    *("suppliers", "destinations", "facilities"),  # whole numbers
    *("called", "contract_use", "credited", "prepayment", "approved"),
    *("move", "arrived", "arrived_of", "tangent"),  # definitions
    *("hold_apart", "dispose_apart", "ship_apart", "make_apart", "lot_balance", "use_apart"),
}  # nobody could loosen them a little
FULL = """
extends = "diversified.toml"
[[limits]]
limit = "most-tonnes"
measure = "tonnes"
by = "country"
element = "Dy"
value = 100000
[[limits]]
limit = "most-spend"
measure = "spend"
by = "owner"
value = 100000000000
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    folder = tmp_path_factory.mktemp("cards")
    for name in ("diversified", "cheapest"):
        (folder / f"{name}.toml").write_text((ROOT / "models" / f"{name}.toml").read_text("utf-8"), encoding="utf-8")
    (folder / "full.toml").write_text("schema = 1\n" + FULL.strip() + "\n", encoding="utf-8")
    drawn = [*seeded_cases(12, seed=99), *seeded_cases(3, seed=96, whole=True), *seeded_cases(4, seed=17, awarded=True)]
    drawn += [*seeded_cases(4, seed=5, mixed=True), *seeded_cases(2, seed=6, covered=True)]
    drawn += seeded_cases(4, seed=71, apart=True)
    drawn[0].question["objective"] = {"shortage": "priced", "discount_rate": 0.1}
    cases = [write_case(folder / str(number), case) for number, case in enumerate(drawn)]
    return [answer(question) for question in [folder / "full.toml", *cases]]


def test_columns_when_models_are_full_then_are_those_on_the_cards(answers: list[Answer]) -> None:
    found = {name: block for own in answers for name, block in own.formulation.columns.items() if len(block)}
    assert set(found) == set(COLUMNS)
    for name, block in found.items():
        assert (*block.entities.columns, "node") == COLUMNS[name].key
        assert block.unit == COLUMNS[name].unit


def test_rows_when_models_are_full_then_are_those_on_the_cards(answers: list[Answer]) -> None:
    found = {name: block for own in answers for name, block in own.formulation.rows.items() if len(block)}
    assert set(found) == set(RULES)
    for name, block in found.items():
        assert (*block.entities.columns, "node") == RULES[name].key
        assert block.unit == RULES[name].relief, f"{name}: the unit in which it gives way"


def test_relief_when_explaining_then_is_for_the_rules_that_say_so(answers: list[Answer]) -> None:
    reliefs = {name for own in answers for name in formulate(own.network, explaining=True).reliefs}
    assert reliefs - {"demand"} == {rule.name for rule in RULES.values() if rule.relief}


def test_heads_when_models_are_full_then_are_those_on_the_cards(answers: list[Answer]) -> None:
    posted = {name for own in answers for name in own.formulation.accounts if name.startswith(("cost.", "weight."))}
    listed = {f"cost.{head}" for card in CARDS.values() for head, _ in card.heads}
    assert posted == listed | {f"weight.{head}" for card in CARDS.values() for head, _ in card.weights}


def test_rules_when_named_then_belong_to_one_family() -> None:
    names = [each.name for card in CARDS.values() for each in (*card.rules, *card.columns)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", sorted(CARDS))
def test_family_when_listed_then_has_a_card_an_algebra_or_a_reason_and_a_check(name: str) -> None:
    card, package = CARDS[name], families.packages()[name]
    assert card.name == name
    assert card.purpose
    has_algebra = find_spec(f"{package}.algebra") is not None
    assert has_algebra != (name in WITHOUT_ALGEBRA)
    if not has_algebra:
        assert (*card.columns, *card.rules, *card.heads) == ()
        return
    assert {"build", "close"} & set(dir(import_module(f"{package}.algebra")))
    check = import_module(f"{package}.check")
    assert inspect.isgeneratorfunction(check.residuals) or not card.rules
    # what a family charges is charged by its check too, unless it charges nothing
    assert hasattr(check, "charges") == bool(card.heads)
    assert hasattr(check, "weights") == bool(card.weights)


@pytest.mark.parametrize("name", sorted(CARDS))
def test_tables_of_a_card_when_looked_up_then_exist(name: str) -> None:
    dictionary, card = column_dictionary(), CARDS[name]
    assert set(card.tables) <= set(dictionary.tables)
    for rule in card.rules:
        assert rule.table == "" or rule.table in card.tables
        # a key is made of columns of the tables, of the node, of the limit's member, of who is used in lots, of
        # lots kept apart, and of days: the window of a contract, the first day on which something lands, a worst day
        known = {column for table in card.tables for column in dictionary.columns(table)}
        known |= {"kind", "code", "window", "landing", "day", "lot"}
        assert set(rule.key) - {"node"} <= known or card.name == "balance"


@pytest.mark.parametrize("name", sorted(CARDS))
def test_columns_of_a_family_when_written_down_then_are_in_the_dictionary_under_its_name(name: str) -> None:
    path = Path(str(import_module(families.packages()[name]).__file__)).parent / "columns.csv"
    if not path.exists():
        assert not set(CARDS[name].tables) - {table for other in CARDS.values() for table in other.tables}
        return
    dictionary = column_dictionary()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert row["table"] in CARDS[name].tables, f"{row['table']} is not among the tables of the card"
        column = dictionary.columns(row["table"])[row["column"]]
        assert column.family == name or set(row["choices"].split("|")) <= set(column.choices)


def test_sentences_of_rules_when_filled_in_then_know_every_name(answers: list[Answer]) -> None:
    seen = set()
    for own in answers:
        for name, block in own.formulation.rows.items():
            words = words_of(own.values, block, 0) if len(block) else {}
            if len(block) and RULES[name].worth:
                assert "{" not in RULES[name].subject.format(**words)
                assert "{" not in RULES[name].worth.format(**words, price="USD 1")
                seen.add(name)
    assert seen == set(RULES) - WITHOUT_A_PRICE
    for rule in RULES.values():
        fields = {field for _, field, _, _ in string.Formatter().parse(rule.worth) if field}
        assert ("price" in fields) == bool(rule.worth)


# Symbols --------------------------------------------------------------------------------------------------------------


def test_symbols_when_used_in_a_formula_then_are_explained() -> None:
    cards = list(CARDS.values())
    assert [text for card in cards for text in unexplained(card, cards)] == []


def test_letters_when_a_formula_is_read_then_symbols_and_indices_are_apart() -> None:
    assert letters(r"\sum_{r \in R_o} x_{r,n} \le K_{o,n}") >= {"x", "K", "_r", "_n", "_o"}
    assert letters(r"h_{p,n} \ge \underline{H}_p \quad \text{if } s_n \ge s_0") >= {"h", r"\underline{H}", "s"}


def test_units_when_a_symbol_is_on_several_cards_then_are_the_same() -> None:
    units: dict[str, set[str]] = defaultdict(set)
    for card in CARDS.values():
        for each in card.symbols:
            units[each.sign.split(" = ")[0]].add(each.unit)
        for each in card.columns:
            units[each.sign].add(each.unit)
    assert {sign: found for sign, found in units.items() if len(found) > 1} == {}


# The page -------------------------------------------------------------------------------------------------------------


def test_page_when_made_again_then_is_the_one_in_docs() -> None:
    committed = (ROOT / "docs" / "mathematics.md").read_text("utf-8")
    printed = {file.stem: file.read_text("utf-8") for file in (ROOT / "tests" / "golden").glob("*.txt")}
    assert committed == mathematics.page(CARDS.values(), printed), "run: make docs"
    assert committed.count("```text") == len(printed) == len(set(printed) & set(RULES))


@pytest.mark.parametrize("name", sorted(CARDS))
def test_page_when_read_then_says_everything_on_a_card(name: str) -> None:
    card: Card = CARDS[name]
    text = mathematics.page([card])
    said = [card.purpose, *(rule.formula for rule in card.rules), *(rule.promise for rule in card.rules)]
    said += [each.meaning for each in card.symbols] + [each.decides for each in card.columns]
    said += [formula for _, formula in card.heads]
    assert [each for each in said if each not in text] == []
    plain = text.replace("$", "")
    assert [note for note in card.notes if note not in plain] == []
    assert text.count("$") % 2 == 0
