"""Whatever a question's file says is read, or refused in sentences: no other error, no hang.

``FUZZ=100 python -m pytest tests/test_fuzz_questions.py`` looks at a hundred times as many, others each time.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from builders import write_tables
from cases.damage import SOUND, WEIRD, assert_sentence, now_and_then, read_or_refused
from cases.seeds import any_bytes, assert_both, look_at_each

from sourcing.question import apply, load_question
from sourcing.tables import column_dictionary, read_case, screen

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

HORIZON = 'horizon = { start = "2027-01", periods = 4, length = "quarter" }'
HEAD = f'schema = 1\nquestion = "What?"\ncase = "tiny"\n{HORIZON}\n'
LINES = r"""
schema = 2 | schema = '1' | question = '' | case = 7 | case = '' | case = '.' | case = "C:\data" | case = "C:\table"
case = 'C:\data' | case = '.\tiny' | case = 'tiny/' | extends = 'ask' | extends = 'ask.toml' | extends = 'gone'
extends = '' | extends = [1] | horizon = 1 | objective = 1 | solver = [] | limits = [1, {}] | limits = 1 | edits = {}
[horizon] | [objective] | [solver] | [[limits]] | [[edits]] | [limits] | [edits] | horizon.x = 1 | a.b.c = 1
start = 2027-01-01 | start = '31.01.2027' | periods = 0 | periods = 1e9 | length = 'moon' | length = 1
shortage = 'priced' | minimize = [] | minimize = ['cost', 'cost'] | discount_rate = nan | gap = inf
time_limit = -1 | threads = 99999999999999999999 | without = ['duty'] | without = [[]] | without = 'duty'
limit = 'a' | limit = '' | limit = 1 | measure = 'share' | by = 'country' | value = 0.5 | value = nan | value = '1,500'
from = 2027-01-01T00:00:00Z | until = 07:32:00 | element = 'Dy' | site = true | table = 'offers' | table = 7
where = {} | where = { offer = 'A' } | where = { offer = [] } | where = 1 | where = { 'site.country' = 'CHN' }
set = { price = 'x2' } | set = { price = 'x1e400' } | set = { price = '-3e15' } | set = { start = 2027-02-30 }
set = { offer = 'B' } | set = {} | set = [] | add = [] | add = [{}] | add = [{ offer = 'A' }] | add = [1]
remove = true | remove = 'yes' | x = [[[ | w = "\ | v = ''' | é = 1 | "" = 1 | = | # | "\u0007" = '\u0007'
""".replace("\n", " | ").split(" | ")
LINES += ["\x00", "\x1b[2J", "\ufeff", "x = " + "[" * 2_000, "y = 0x" + "F" * 5_000, "z = 1" + "0" * 5_000]
LINES += [f"case = '{'c' * 5_000}'", f"extends = '{'e' * 5_000}'"]
"""Lines of questions, sound and not; put together at random they break in every way a file can."""

VALUES = (*WEIRD, "x2", "+3", "-1e9", "x1e400", 0, -1, 1.5, 2027, float("nan"), float("inf"), 10**18, True, False)
WORDS = {
    **{"measure": ["share", "tonnes", "spend"], "sense": ["max", "min"], "per": ["period", "year", "horizon"]},
    **{"by": ["country", "owner", "supplier", "site", "recycled"], "member": ["CHN", "allied", "primary", "FAR"]},
    **{"element": ["Dy"], "stage": ["oxide", "metal"], "value": [0, 0.5, 1, 100], "site": ["PLANT"], "offer": ["A"]},
    **{"material": ["oxide", "metal"], "from": ["2027-06-01"], "until": ["2028-01-01"], "price": [1, "x1.5"]},
    **{"origin": ["FAR"], "destination": ["PLANT"], "period": ["2027"], "process": ["M"], "quantity": [1, -1]},
    **{
        "country": ["CHN", "AUS"],
        "owner_country": ["CHN"],
        "supplier": ["Far Co"],
        "kind": ["port"],
        "group": ["allied"],
    },
    **{"capacity": [0, 5.5], "tariff_code": ["2846"], "mode": ["sea"], "start": ["2027-02-01"], "end": ["2028-02-01"]},
    **{"counted_in": ["tonnes"], "confidence": ["cited"], "as_of": ["2026"], "owner": ["Far Co"], "made_in": ["AUS"]},
    **{"limit": ["a", "b", "spent"], "arrives": ["2027-03-01"], "group": ["allied"], "basis": ["fob"]},
}
"""Values that fit a column; most of the rest do not."""


def toml(value: object) -> str:
    """Return a value as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(str(key))} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "")
    return str(value).lower()


def some_value(name: str, chance: Random) -> object:
    value = chance.choice(VALUES) if now_and_then(chance, 10) else chance.choice(WORDS.get(name, [1]))
    return [value, chance.choice(VALUES)] if now_and_then(chance, 3) else value


def some_row(table: str, chance: Random, most: int) -> dict[str, object]:
    """Return values for some columns of a table, now and then for one it does not have."""
    columns = list(column_dictionary().tables.get(table, ["site"]))
    names = [chance.choice(columns) for _ in range(chance.randint(0, most))]
    names += [chance.choice(["site.country", "country", "prise", ""])] if now_and_then(chance, 5) else []
    return {name: some_value(name, chance) for name in names}


def some_limit(chance: Random) -> dict[str, object]:
    sound = {"limit": chance.choice("abc"), "measure": "share", "by": "country", "value": 0.5}
    return {**({} if now_and_then(chance, 5) else sound), **some_row("limits", chance, 3)}


def some_edit(chance: Random) -> dict[str, object]:
    name = chance.choice([*SOUND, *SOUND, *column_dictionary().tables, "offer", ""])
    edit: dict[str, object] = {"table": name}
    kind = chance.choice(["set", "set", "set", "set", "remove", "add", "add", "none"])
    if kind == "add":
        row = dict(chance.choice(SOUND[name])) if name in SOUND else {}
        edit["add"] = [{**row, **some_row(name, chance, 2)} for _ in range(chance.randint(0, 2))]
    else:
        edit["where"] = some_row(name, chance, 1)
    if kind in {"set", "none"}:
        edit["set"] = some_row(name, chance, 2)
    if kind in {"remove", "none"}:
        edit["remove"] = True
    return edit


def test_any_bytes_when_read_as_a_question_then_are_refused_in_sentences(tmp_path: Path) -> None:
    path = tmp_path / "ask.toml"

    def look(chance: Random) -> None:
        path.write_bytes(any_bytes(chance, 240))
        assert not read_or_refused(lambda: load_question(path))

    look_at_each("bytes as a question", look)


def test_question_of_any_lines_when_read_then_is_one_or_refused_in_sentences(tmp_path: Path) -> None:
    path = tmp_path / "ask.toml"
    write_tables(tmp_path / "tiny", SOUND)

    def look(chance: Random) -> bool:
        lines = [chance.choice(LINES) for _ in range(chance.randint(1, 6))]
        text = ("" if now_and_then(chance, 20) else HEAD) + chance.choice(["\n", "\r\n"]).join(lines)
        path.write_bytes(text.encode(chance.choice(["utf-8"] * 9 + ["utf-8-sig", "utf-16", "cp1252"]), "replace"))
        return read_or_refused(lambda: load_question(path))

    assert look_at_each("lines of a question", look)[True]


def test_limits_and_edits_of_any_kind_when_checked_then_are_made_or_refused_in_sentences(tmp_path: Path) -> None:
    path = tmp_path / "ask.toml"
    case = read_case(write_tables(tmp_path / "tiny", SOUND))

    def check() -> None:
        question = load_question(path)
        for finding in screen(apply(question, case), question):
            assert_sentence(finding.fault)

    def look(chance: Random) -> bool:
        limits = [some_limit(chance) for _ in range(chance.choice((0, 0, 1, 2)))]
        edits = [some_edit(chance) for _ in range(chance.randint(0, 2))]
        path.write_text(f"{HEAD}limits = {toml(limits)}\nedits = {toml(edits)}\n", encoding="utf-8")
        return read_or_refused(check)

    assert_both(look_at_each("limits and edits", look))
