"""What machines do: disks that fill up, inputs that vanish, clocks that go back, two writers; each ends in words."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from forked import Ending, Server
from fuzzing.ground import Ground, sound, told

from sourcing import run
from sourcing.answer import manifest
from sourcing.terminal import runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRITERS = (
    ("optimize", "ask.toml", "--out", "new"),
    ("optimize", "ask.toml", "--out", "new", "--write-model", "m.mps"),
    ("target", "ask.toml", "--limit", "one-country", "--from", "75%", "--to", "70%", "--out", "new"),
    ("frontier", "ask.toml", "--of", "cost", "--of", "lead-time", "--points", "2", "--out", "new"),
    ("alternatives", "runs/plan", "--plans", "1", "--out", "new"),
    ("tornado", "runs/plan", "--kind", "price", "--out", "new"),
    ("compare", "runs/plan", "runs/other", "--out", "new"),
    ("comply", "runs/plan", "--rule", "own.toml", "--out", "new.md"),
    ("init", "new"),
)
FULL = 400
"""Bytes of a file that the disk has room for: fewer than any of these write, more than they say."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("temporary"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return sound(tmp_path_factory.mktemp("ground"))


@pytest.fixture
def folder(ground: Ground, tmp_path: Path) -> Path:
    return ground.copied(tmp_path).folder


def files(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*")}


def in_words(ending: Ending) -> bool:
    return bool(ending.err.strip()) and "Traceback" not in ending.err and "a bug in sourcing" not in ending.err


@pytest.mark.parametrize("words", WRITERS, ids=lambda words: " ".join(words[:1] + words[-2:]))
def test_disk_when_it_is_full_then_every_writer_says_so_and_leaves_nothing_behind(
    server: Server, folder: Path, words: tuple[str, ...]
) -> None:
    threads = () if words[0] in {"compare", "comply", "init"} else ("--threads", "1")
    before = files(folder)
    ending = server.run([*words, *threads], folder, largest=FULL)
    assert ending.code == 7, ending
    assert in_words(ending), ending
    assert files(folder) == before


def test_picture_when_the_disk_is_full_then_the_old_one_stays(server: Server, folder: Path) -> None:
    (folder / "mix.svg").write_text("<svg/>")
    ending = server.run(["chart", "runs/plan", "mix", "--out", "mix.svg"], folder, largest=FULL)
    assert (ending.code, (folder / "mix.svg").read_text()) == (7, "<svg/>"), ending
    assert in_words(ending), ending


@pytest.mark.parametrize("moment", ["formulate", "plan_tables", "with_verdict"])
def test_inputs_when_they_are_removed_in_mid_run_then_the_plan_is_that_of_what_was_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    module = import_module("sourcing.answer.optimize")
    usual = getattr(module, moment)

    def with_nothing_left(*given: Any, **named: Any) -> Any:
        shutil.rmtree(folder / "tiny", ignore_errors=True)
        (folder / "ask.toml").unlink(missing_ok=True)
        return usual(*given, **named)

    monkeypatch.setattr(module, moment, with_nothing_left)
    code, said = told(["optimize", "ask.toml", "--out", "new"], folder)
    assert code == 0, said
    assert not (folder / "tiny").exists()
    assert run.audit_plan(folder / "new").is_clean


def test_plan_when_it_is_removed_while_it_is_read_then_that_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("sourcing.studies.explain.call")
    usual = module.agreed_plan

    def gone(place: Path) -> Any:
        shutil.rmtree(place)
        return usual(place)

    monkeypatch.setattr(module, "agreed_plan", gone)
    code, said = told(["explain", "runs/plan"], folder)
    assert code in {3, 7}, said
    assert "a bug in sourcing" not in said


def test_clock_when_it_is_moved_back_then_plans_are_made_and_named_as_ever(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Yesterday(date):
        @classmethod
        def today(cls) -> date:
            return date.fromtimestamp(datetime.now().timestamp()) - timedelta(days=1)

    class Earlier(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz or UTC) - timedelta(days=1)

    assert told(["optimize", "ask.toml", "--quiet"], folder)[0] == 0
    monkeypatch.setattr(runs, "date", Yesterday)
    monkeypatch.setattr(manifest, "datetime", Earlier)
    code, said = told(["optimize", "ask.toml", "--quiet"], folder)
    assert code == 0
    assert said.strip().startswith(f"runs/{Yesterday.today().isoformat()}-ask")
    assert run.audit_plan(folder / said.strip()).is_clean


def test_writers_when_two_name_the_same_folder_then_one_writes_and_the_other_is_refused(
    server: Server, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    words = ["target", "ask.toml", "--limit", "one-country", "--out", "new", "--threads", "1"]
    with ThreadPoolExecutor(2) as both:
        second = Server(tmp_path_factory.mktemp("other"))
        endings = [each.result() for each in [both.submit(one.run, words, folder) for one in (server, second)]]
        second.close()
    assert sorted(ending.code for ending in endings) in ([0, 2], [0, 7]), endings
    assert (folder / "new" / "curve.csv").exists()
