"""Whatever strangers send, a case, a question, a preset, a plan or a curve, ends in words and a documented exit.

``make fuzz`` looks at more of them all night. ``tests/fuzzing`` has what is done to them, and what is wrong with an
end.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from typing import TYPE_CHECKING

import pytest
from fuzzing.batch import looked
from fuzzing.corpus import differences, entries, restore
from fuzzing.ground import Ground, sound
from fuzzing.look import ASKED, judged

if TYPE_CHECKING:
    from pathlib import Path

LOOKS = 2000 * int(os.environ.get("FUZZ", "1"))
PARTS = 10
"""Tests that the looks are shared among, so that processes can share them."""
COMMANDS = sorted({words for _, _, commands in ASKED for words in commands})


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return sound(tmp_path_factory.mktemp("ground"))


@pytest.mark.parametrize("part", range(PARTS))
def test_input_when_damaged_then_ends_in_words_and_a_documented_exit(ground: Ground, tmp_path: Path, part: int) -> None:
    found = looked([{"seed": seed} for seed in range(part, LOOKS, PARTS)], ground, tmp_path)
    assert len(found) == LOOKS // PARTS
    assert not [(each.seed, each.done, each.words, each.wrong, each.said) for each in found if each.wrong]
    assert len({each.code for each in found}) > 1


def test_inputs_when_they_ended_badly_once_then_do_not_again(ground: Ground, tmp_path: Path) -> None:
    found = looked([json.loads(path.read_text("utf-8")) for path in entries()], ground, tmp_path)
    assert len(found) > 10
    assert not [(path.stem, each.wrong) for path, each in zip(entries(), found, strict=True) if each.wrong]


def test_ground_when_nothing_is_done_to_it_then_every_command_ends_well(ground: Ground, tmp_path: Path) -> None:
    found = looked([{"words": words} for words in COMMANDS], ground, tmp_path)
    assert [(each.words, each.code, each.wrong) for each in found] == [(words, 0, ()) for words in COMMANDS]


def test_end_when_something_is_wrong_with_it_then_is_seen(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = ground.copied(tmp_path)

    def careless() -> int:
        sys.stdout.write((own.outside / "secret.csv").read_text("utf-8") + "\x1b[2J")
        raise KeyError("site")

    monkeypatch.setattr("fuzzing.look.main", careless)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found = judged(0, "", ("audit", "runs/plan"), own)
    told = " · ".join(found.wrong)
    for wrong in ("ended with 1", "read secret.csv", "what is in another file", "says 'Traceback'", r"says '\x1b'"):
        assert wrong in told


def test_differences_when_restored_then_are_the_same(ground: Ground, tmp_path: Path) -> None:
    one, other = ground.copied(tmp_path / "one"), ground.copied(tmp_path / "other")
    table = one.folder / "tiny" / "offers.csv"
    table.unlink()
    table.symlink_to(one.outside / "offers.csv")
    os.mkfifo(one.folder / "tiny" / "stocks.csv.pipe")
    (one.folder / "ask.toml").write_bytes(b"\xff\xfe")
    found = differences(ground, one)
    restore(found, other)
    assert differences(ground, other) == found
    assert set(found) == {"tiny/offers.csv", "tiny/stocks.csv.pipe", "ask.toml"}
