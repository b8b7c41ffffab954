"""Inclusive gateways: the join waits for what can still come, and for nothing else."""

from tests.bpmn_builder import Process
from tests.engine.execution.play import Play


def services() -> Process:
    p = Process("process")
    p.start().user("plan").inclusive("choose", default="none").user("meals").user("cleaning").user("doctor")
    p.inclusive("join").user("review").end()
    p.flow("start", "plan", "choose").flow("choose", "meals", when="m").flow("choose", "cleaning", when="c")
    p.flow("choose", "doctor", when="d").flow("choose", "join", id="none")
    for task in ("meals", "cleaning", "doctor"):
        p.flow(task, "join")
    p.flow("join", "review", "end")
    return p


def test_the_join_waits_for_just_the_branches_that_were_chosen() -> None:
    play = Play(services()).start()
    play.complete("plan", m=True, c=False, d=True)
    assert play.open == ["meals", "doctor"]
    play.complete("doctor")
    assert play.open == ["meals"]
    play.complete("meals")
    assert play.open == ["review"]
    play.complete("review")
    assert play.status == "completed"


def test_one_chosen_branch_is_not_held_up_by_the_others() -> None:
    play = Play(services()).start()
    play.complete("plan", m=False, c=True, d=False)
    play.complete("cleaning")
    assert play.open == ["review"]


def test_none_chosen_takes_the_default_flow_straight_through_the_join() -> None:
    play = Play(services()).start()
    play.complete("plan", m=False, c=None, d="no")
    assert play.open == ["review"]


def test_the_join_works_in_every_round_of_a_loop() -> None:
    p = Process("process")
    p.start().exclusive("merge").inclusive("choose").user("a").user("b").inclusive("join").user("decide")
    p.exclusive("again", default="back").end()
    p.flow("start", "merge", "choose").flow("choose", "a", when="true").flow("choose", "b", when="both")
    p.flow("a", "join").flow("b", "join").flow("join", "decide", "again").flow("again", "end", when="done")
    p.flow("again", "merge", id="back")
    play = Play(p).start(variables={"both": True, "done": False})
    for _ in range(3):
        assert play.open == ["a", "b"]
        play.complete("b")
        assert play.open == ["a"]
        play.complete("a")
        assert play.open == ["decide"]
        play.complete("decide", both=True)
    play.complete("a")
    assert play.open == ["b"]


def test_a_token_that_can_still_turn_off_before_the_join_frees_it_when_it_does() -> None:
    p = Process("process")
    p.start().parallel("split").user("a").user("b").exclusive("turn", default="on").end("off")
    p.inclusive("join").user("after").end()
    p.flow("start", "split", "a", "join").flow("split", "b", "turn").flow("turn", "off", when="stop")
    p.flow("turn", "join", id="on").flow("join", "after", "end")
    play = Play(p).start()
    play.complete("a")
    assert play.open == ["b"]
    play.complete("b", stop=True)
    assert play.open == ["after"]


def test_a_withdrawn_branch_frees_the_join() -> None:
    p = Process("process")
    p.start().parallel("split").user("a").end("gone").inclusive("join").user("after").end()
    with p.sub("work") as w:
        w.start("ws").user("b").end("we").flow("ws", "b", "we")
    p.boundary("stop", on="work", message="stop")
    p.flow("start", "split", "a", "join").flow("split", "work", "join").flow("stop", "gone")
    p.flow("join", "after", "end")
    play = Play(p).start()
    play.complete("a")
    assert play.open == ["b"]
    play.deliver("stop")
    assert play.open == ["after"]


def test_a_boundary_path_to_the_join_is_waited_for() -> None:
    p = Process("process")
    p.start().parallel("split").user("a").user("b").user("rest").user("late").end("done")
    p.inclusive("join").user("after").end()
    p.boundary("overdue", on="b", timer="P1D")
    p.flow("start", "split", "a", "join").flow("split", "b", "done").flow("overdue", "late", "join")
    p.flow("join", "after", "end")
    p.flow("split", "rest", "end")
    play = Play(p).start()
    play.complete("a")
    assert "after" not in play.open
    play.complete("b")
    assert "after" in play.open


def test_a_token_upstream_of_a_filled_flow_as_well_is_not_waited_for() -> None:
    """13.4.3: the token in the loop can reach the empty flow, but also the filled one, so the join fires."""
    p = Process("process")
    p.start().parallel("split").exclusive("m1").user("work").exclusive("out", default="left")
    p.task("left_task").inclusive("join").user("after").end()
    p.flow("start", "split").flow("split", "m1", id="one").flow("split", "m1", id="two")
    p.flow("m1", "work", "out").flow("out", "left_task", id="left").flow("left_task", "join")
    p.flow("out", "join", id="right", when="right").flow("join", "after", "end")
    play = Play(p).start()
    play.complete("work", right=False)
    assert sorted(play.open) == ["after", "work"]


def test_two_joins_that_wait_for_each_other_are_unlocked_in_the_order_of_the_diagram() -> None:
    p = Process("process")
    p.start().parallel("split").inclusive("second").inclusive("first").end()
    p.user("from_second", default="second_end").user("from_first", default="first_end")
    p.flow("start", "split", "first").flow("split", "second")
    p.flow("first", "from_first").flow("second", "from_second")
    p.flow("from_first", "second", when="back").flow("from_first", "end", id="first_end")
    p.flow("from_second", "first", when="back").flow("from_second", "end", id="second_end")
    play = Play(p).start()
    assert play.open == ["from_second"], "the one that comes first in the text"
    play.complete("from_second", back=False)
    assert play.open == ["from_first"]
    play.complete("from_first")
    assert play.status == "completed"


def test_no_condition_of_a_split_holds_and_there_is_no_default() -> None:
    p = Process("process")
    p.start().inclusive("choose").end("a").end("b")
    p.flow("start", "choose").flow("choose", "a", when="x = 1").flow("choose", "b", when="x = 2")
    play = Play(p).start()
    assert play.incident.code == "no_flow"
