"""Rule presets: what they make of a case, how a plan stands to them, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import answer
from test_origins import THAI, YEAR, ordered
from test_twin import differences
from twin import solve_twin

from sourcing.audit.compliance import EMPTY, MET, MISSED, UNSHOWN
from sourcing.cli import main
from sourcing.errors import InfeasiblePlan, QuestionError
from sourcing.presets import load_preset
from sourcing.report.comply import render_compliance, statement
from sourcing.resources import preset_names
from sourcing.run import comply, optimize

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

HEAD = """schema = 1
title = "A rule"
source = "a test"
as_of = "2026-11-24"
confidence = "estimate"
covers = ["Dy"]
groups = { BLOC = ["CHN", "TJK"] }
[[requirements]]
name = "rule"
says = "what is asked"
source = "a test"
"""
BLOC = 'stages = ["mine", "oxide"]\nby = "origin"\nmember = "BLOC"\nsense = "max"\nvalue = 0.4\nfrom = "2027-01-01"\n'
EACH = BLOC.replace('member = "BLOC"', 'each_but = "BLOC"')
OWNED = (
    'stages = ["mine"]\nby = "origin_owner"\nmember = "BLOC"\nowned = 0.75\nsense = "max"\nvalue = 0.0\n'
    'from = "2027-01-01"\n'
)


def preset(folder: Path, requirement: str, *, limits: bool = True, head: str = HEAD) -> Path:
    path = folder / "house-rule.toml"
    path.write_text(f"{head}{requirement}limits = {str(limits).lower()}\n")
    return path


def plan_of(tmp_path: Path, requirement: str, *, limits: bool = True, **changes: Any) -> Plan:
    """Answer the Thai case, held to a requirement; 100 t of oxide, cheap from T in Thailand (refined in China)."""
    preset(tmp_path, requirement, limits=limits)
    tiny_case(tmp_path, **(THAI | changes))
    question = write_question(tmp_path, f'presets = ["house-rule.toml"]\n{YEAR}')
    return optimize(question, out=tmp_path / "plan")


def verdicts(plan: Plan, rule: str | Path) -> dict[tuple[str, int], str]:
    ((_, standings),) = comply(plan.folder or "", [str(rule)]).found
    return {(each.stage, each.year): each.verdict for each in standings}


@pytest.mark.parametrize(
    ("requirement", "from_thailand"),
    [
        (BLOC, 40),  # all of T is of the bloc at both stages
        (BLOC.replace('"mine", "oxide"', '"mine"').replace("0.4", "0.6"), 60),
        (EACH.replace('["CHN", "TJK"]', "[]").replace("0.4", "0.5"), 100),  # China and Tajikistan are the bloc
        (OWNED, 100),  # 0.7 of T's mine is Chinese, less than 0.75
        (OWNED.replace("0.75", "0.7"), 0),
        (BLOC.replace("2027-01-01", "2028-01-01"), 100),  # not in force yet
    ],
)
def test_question_when_it_takes_a_preset_then_is_held_to_it(
    tmp_path: Path, requirement: str, from_thailand: float
) -> None:
    plan = plan_of(tmp_path, requirement)
    assert plan.manifest["audit"]["clean"]
    assert ordered(plan, "T") == pytest.approx(from_thailand, abs=1e-6)


def test_preset_when_taken_then_its_limits_say_where_they_come_from(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, BLOC)
    limits = plan.case["limits"]
    assert limits["limit"].tolist() == ["house-rule-rule-Dy-mine-BLOC", "house-rule-rule-Dy-oxide-BLOC"]
    assert plan.case.place("limits", int(limits["row"].iloc[1])) == "house-rule.toml requirements #1"
    assert set(plan.case["groups"].query("group == 'house-rule BLOC'")["member"]) == {"CHN", "TJK"}


def test_preset_when_it_is_a_benchmark_then_holds_nothing_and_is_shown_all_the_same(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, BLOC, limits=False)
    assert ordered(plan, "T") == pytest.approx(100)
    assert verdicts(plan, tmp_path / "house-rule.toml") == {("mine", 2027): MISSED, ("oxide", 2027): MISSED}


def test_plan_when_it_was_held_to_a_preset_then_meets_it_as_far_as_is_known(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, BLOC)
    assert verdicts(plan, tmp_path / "house-rule.toml") == {("mine", 2027): UNSHOWN, ("oxide", 2027): MET}
    ((_, (mine, oxide)),) = comply(plan.folder or "", [str(tmp_path / "house-rule.toml")]).found
    assert (mine.counted, mine.unsaid, mine.total) == pytest.approx((20, 30, 50))  # nobody says where A's is mined
    assert (oxide.counted, oxide.unsaid, oxide.total) == pytest.approx((20, 0, 50))


@pytest.mark.parametrize(
    ("requirement", "verdict"),
    [
        (BLOC.replace('"mine", "oxide"', '"mine"').replace('"max"', '"min"'), MET),
        (BLOC.replace('"mine", "oxide"', '"mine"').replace('"max"', '"min"').replace("BLOC", "AUS"), MISSED),
        (OWNED, UNSHOWN),  # 0.7 is Chinese and 0.3 nobody's: it might be more than 0.75
        (OWNED.replace("0.75", "0.7"), MISSED),
        (EACH.replace('"mine", "oxide"', '"mine"'), MET),
        (BLOC.replace('"mine", "oxide"', '"oxide"') + 'counted_in = "value"\n', MISSED),
    ],
)
def test_plan_from_thailand_alone_when_held_against_a_rule_then_stands_so(
    tmp_path: Path, requirement: str, verdict: str
) -> None:
    plan = plan_of(tmp_path, requirement, limits=False)
    assert set(verdicts(plan, tmp_path / "house-rule.toml").values()) == {verdict}


def test_plan_of_nothing_when_held_against_a_rule_then_says_that_nothing_arrives(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, BLOC, limits=False, demand=[{**TINY["demand"][0], "quantity": 0}])
    assert set(verdicts(plan, tmp_path / "house-rule.toml").values()) == {EMPTY}


def test_plan_without_anything_a_rule_looks_at_when_held_against_it_then_that_is_said(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    plan = optimize(write_question(tmp_path), out=tmp_path / "plan")
    found = comply(plan.folder or "", ["dfars-7052-2027"])
    for said in (render_compliance(found, 200).plain, statement(found)):
        assert "Nothing to say: the tables (contents.csv) hold no element that it looks at." in said


def test_share_when_counted_in_value_then_dear_goods_count_for_more(tmp_path: Path) -> None:
    metal = {"material": "metal", "name": "Dy metal", "stage": "metal", "value": 900_000}
    offers = [*THAI["offers"], {**TINY["offers"][0], "offer": "M", "material": "metal", "price": 900_000}]
    demand = [TINY["demand"][0], {**TINY["demand"][0], "material": "metal", "quantity": 10}]
    limit = {"limit": "L", "measure": "share", "by": "shipped_from", "member": "THA", "value": 0.3}
    value = next(row["value"] for row in TINY["materials"] if row["material"] == "oxide")
    folder = tiny_case(
        tmp_path,
        **THAI
        | {
            "materials": [row for row in TINY["materials"] if row["material"] != "metal"] + [metal],
            "offers": offers,
            "demand": demand,
            "limits": [{**limit, "counted_in": "value"}],
        },
    )
    question = write_question(tmp_path, YEAR)
    own = answer(question)
    assert own.verdict.findings == []
    assert differences(solve_twin(folder, question), own) == []
    everything = 100 * value + 10 * 900_000
    assert ordered(own.plan, "T") == pytest.approx(min(100, 0.3 * everything / value))
    row = own.plan.tables["limits"].iloc[0]
    assert (row["counted"], row["total"]) == pytest.approx((0.3 * everything, everything))


def test_share_of_value_when_it_cannot_be_kept_then_gives_way_in_money(tmp_path: Path) -> None:
    limit = {"limit": "L", "measure": "share", "by": "shipped_from", "member": "THA", "value": 0.9, "sense": "min"}
    tiny_case(
        tmp_path, **THAI | {"limits": [{**limit, "counted_in": "value"}], "offers": THAI["offers"][:1], "origins": None}
    )
    with pytest.raises(InfeasiblePlan) as none:
        optimize(write_question(tmp_path, YEAR + '[objective]\nshortage = "none"\n'))
    assert any("USD below the limit" in words for words in none.value.explanation.words)


def test_value_when_something_else_than_a_share_is_counted_in_it_then_is_refused(tmp_path: Path) -> None:
    limit = {"limit": "L", "measure": "tonnes", "by": "country", "member": "CHN", "value": 9, "counted_in": "value"}
    tiny_case(tmp_path, **THAI | {"limits": [limit]})
    with pytest.raises(Exception, match="value is counted for shares only"):
        answer(write_question(tmp_path, YEAR))


@pytest.mark.parametrize(
    ("requirement", "said"),
    [
        (BLOC + 'each_but = "BLOC"\n', "it names nobody"),
        (EACH.replace('"max"', '"min"'), "cannot be met"),
        (EACH.replace('"BLOC"', '"BLOK"'), "no such group"),
        (BLOC + "owned = 0.25\n", "owned shuts sources out"),
        (BLOC.replace("2027-01-01", "soon"), '"soon" is not a date'),
        (BLOC + "words = 1\n", "there is no key"),
        ("stages =", "it is not TOML"),
    ],
)
def test_preset_when_broken_then_is_refused_with_its_key(tmp_path: Path, requirement: str, said: str) -> None:
    with pytest.raises(QuestionError, match=said) as refused:
        load_preset(preset(tmp_path, requirement))
    assert {fault.code for fault in refused.value.faults} == {"QUESTION-217"}


def test_question_when_it_takes_a_preset_that_is_not_there_then_is_refused_with_the_nearest(tmp_path: Path) -> None:
    tiny_case(tmp_path, **THAI)
    with pytest.raises(QuestionError, match=r"there is no such preset.*did you mean 'eu-crma-2030'"):
        optimize(write_question(tmp_path, f'presets = ["eu-crma-230"]\n{YEAR}'))


def test_question_when_the_preset_speaks_of_nothing_in_the_case_then_is_refused(tmp_path: Path) -> None:
    tiny_case(tmp_path, **THAI | {"contents": [{"material": "oxide", "element": "Sb", "share": 0.5}]})
    with pytest.raises(QuestionError, match="the case holds none of them; take it out"):
        optimize(write_question(tmp_path, f'presets = ["dfars-7052-2027"]\n{YEAR}'))


def test_ready_presets_when_read_then_each_says_its_source_and_date() -> None:
    assert preset_names() == ["china-days-off", "dfars-7052-2027", "eu-crma-2030", "feoc-25", "mofcom-0.1pct"]
    for name in preset_names():
        found = load_preset(name)
        assert found.source and found.as_of and found.note  # noqa: PT018
        assert all(asked.source for asked in [*found.requirements, *found.closures])
    assert not {"Sb", "Ge"} & set(load_preset("dfars-7052-2027").covers)


def test_statement_when_written_then_says_what_the_screen_and_the_json_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_of(tmp_path, BLOC)
    file = tmp_path / "statement.md"
    command = ["comply", str(plan.folder), "--rule", str(tmp_path / "house-rule.toml")]
    assert main([*command, "--out", str(file), "--json"]) == 0
    found = comply(plan.folder or "", [str(tmp_path / "house-rule.toml")])
    assert file.read_text() == statement(found)
    assert "| Dy | mined | open 40-100 % |" in statement(found)
    assert "| Dy | refined | met 40 % |" in statement(found)
    screen = render_compliance(found, 100).plain
    assert "Dy       refined  met 40 %" in screen
    standings = json.loads(capsys.readouterr().out)["presets"][0]["standings"]
    assert [(each["stage"], each["verdict"]) for each in standings] == [("mine", UNSHOWN), ("oxide", MET)]


def test_plan_when_it_was_made_before_a_table_was_known_then_is_read_all_the_same(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, BLOC)
    file = (plan.folder or tmp_path) / "inputs" / "places.json"
    places = json.loads(file.read_text())
    del places["governance"]
    file.write_text(json.dumps(places))
    assert comply(plan.folder or "", [str(tmp_path / "house-rule.toml")]).found


@pytest.mark.parametrize(("recycled", "counted"), [(0.0, 50.0), (0.6, 20.0), (1.0, 0.0)])
def test_extraction_when_goods_are_recycled_then_their_country_extracted_nothing(
    tmp_path: Path, recycled: float, counted: float
) -> None:
    bloc = BLOC.replace('"max"\nvalue = 0.4', '"min"\nvalue = 0.1')
    head = HEAD.replace('["CHN", "TJK"]', '["AUS"]')
    sources = [{"offer": "A", "stage": "mine", "country": "AUS", "owner_country": "AUS", "share": 1}]
    tiny_case(tmp_path, **(THAI | {"origins": sources, "recycled": {"A": recycled}, "capacity": {"T": 50}}))
    rule = preset(tmp_path, bloc, limits=False, head=head)
    plan = optimize(write_question(tmp_path, YEAR), out=tmp_path / "plan")
    ((_, (mine, oxide)),) = comply(plan.folder or "", [str(rule)]).found
    assert (mine.counted, mine.total) == pytest.approx((counted / 2, 50))  # half a tonne of Dy in each of 100 t
    assert oxide.counted == pytest.approx(25)  # refined it was all the same
    assert mine.verdict == (UNSHOWN if recycled == 1.0 else MET)
