"""Errors: thrown outwards to the nearest catcher; uncaught, the instance fails."""

import pytest

from tests.bpmn_builder import Process, each
from tests.engine.execution.play import Play


def paying() -> Process:
    p = Process("process")
    p.start().service("pay", "pay").user("poor").user("any").end()
    p.boundary("no_money", on="pay", error="no money")
    p.boundary("anything", on="pay", error=True)
    p.flow("start", "pay", "end").flow("no_money", "poor", "end").flow("anything", "any", "end")
    return p


@pytest.mark.parametrize(("code", "expected"), [("no money", "poor"), ("other", "any"), (None, "any")])
def test_the_code_decides_and_a_catcher_without_code_takes_the_rest(code: str | None, expected: str) -> None:
    play = Play(paying()).start()
    play.fail("pay", code, amount=3)
    assert play.open == [expected]
    assert play.variables == {"amount": 3}


def test_a_task_may_end_in_an_error_too() -> None:
    p = Process("process")
    p.start().user("visit").user("police").end().boundary("violence", on="visit", error="violence")
    p.flow("start", "visit", "end").flow("violence", "police", "end")
    play = Play(p).start()
    play.fail("visit", "violence")
    assert play.open == ["police"]


def test_the_nearest_level_catches_even_when_a_better_match_is_further_out() -> None:
    p = Process("process")
    p.start().user("far").end()
    with p.sub("outer") as o:
        with o.sub("inner") as i:
            i.start("is").end("ie", error="x").flow("is", "ie")
        o.start("os").end("oe").end("caught").boundary("all", on="inner", error=True)
        o.user("near_task").flow("os", "inner", "oe").flow("all", "near_task", "caught")
    p.boundary("exact", on="outer", error="x")
    p.flow("start", "outer", "end").flow("exact", "far", "end")
    assert Play(p).start().open == ["near_task"]


def test_an_uncaught_error_fails_the_instance() -> None:
    p = Process("process")
    p.start().parallel("split").user("visit").end("boom", error="boom").end()
    p.flow("start", "split", "visit", "end").flow("split", "boom")
    play = Play(p).start()
    assert play.status == "failed"
    assert play.open == []
    assert play.incidents == []
    error = next(entry for entry in play.entries if entry.kind == "error")
    assert error.node == "boom"
    assert error.data == {"code": "boom", "text": ""}
    assert play.entries[-1].data == {"status": "failed", "error": "boom"}


def test_an_error_in_one_instance_of_many_is_caught_on_the_whole() -> None:
    p = Process("process")
    p.start().service("ask", "ask", loop=each("[1, 2, 3]", "n")).user("after").end()
    p.boundary("failed", on="ask", error="no")
    p.flow("start", "ask", "end").flow("failed", "after", "end")
    play = Play(p).start()
    play.serve("ask")
    play.fail("ask", "no")
    assert play.open == ["after"]
    assert play.services == {}


def test_an_error_waits_until_the_other_branches_have_moved() -> None:
    p = Process("process")
    p.start().user("after").end()
    with p.sub("work") as w:
        w.start("ws").parallel("split").end("bad", error="bad").task("t1").script("t2", "seen = true").end(
            "we"
        )
        w.flow("ws", "split", "bad").flow("split", "t1", "t2", "we")
    p.boundary("caught", on="work", error="bad")
    p.flow("start", "work", "end").flow("caught", "after", "end")
    play = Play(p).start()
    assert play.open == ["after"]
    assert play.variables == {"seen": True}


def test_the_error_end_that_was_reached_first_wins() -> None:
    p = Process("process")
    p.start().user("one").user("two").end()
    with p.sub("work") as w:
        w.start("ws").parallel("split").end("e1", error="1").end("e2", error="2")
        w.flow("ws", "split", "e1").flow("split", "e2")
    p.boundary("b1", on="work", error="1")
    p.boundary("b2", on="work", error="2")
    p.flow("start", "work", "end").flow("b1", "one", "end").flow("b2", "two", "end")
    assert Play(p).start().open == ["one"]
