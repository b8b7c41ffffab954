"""Standard loops and multi-instances."""

from datetime import timedelta
from decimal import Decimal

from tests.bpmn_builder import Process, each, loop, times
from tests.engine.execution.play import Play


def looping(characteristics: str, *, task: str = "user") -> Process:
    p = Process("process")
    p.start()
    getattr(p, task)("session", loop=characteristics)
    p.user("after").end()
    p.flow("start", "session", "after", "end")
    return p


def test_a_loop_repeats_while_its_condition_holds() -> None:
    play = Play(looping(loop("not(finished)"))).start()
    for _ in range(3):
        assert play.open == ["session"]
        play.complete("session", finished=False)
    play.complete("session", finished=True)
    assert play.open == ["after"]


def test_a_loop_that_tests_before_may_not_run_at_all() -> None:
    play = Play(looping(loop("wanted", before=True))).start(variables={"wanted": False})
    assert play.open == ["after"]
    assert "session" in play.trace()
    again = Play(looping(loop("wanted", before=True))).start(variables={"wanted": True})
    again.complete("session", wanted=False)
    assert again.open == ["after"]


def test_a_loop_that_tests_after_runs_once_even_when_the_condition_is_false() -> None:
    assert Play(looping(loop("false"))).start().open == ["session"]


def test_the_maximum_bounds_a_loop() -> None:
    play = Play(looping(loop("true", maximum=2))).start()
    play.complete("session")
    play.complete("session")
    assert play.open == ["after"]


def test_each_round_knows_its_number() -> None:
    play = Play(looping(loop("loopCounter < 3"))).start()
    for number in (1, 2, 3):
        (task,) = play.tasks.values()
        assert task.local == {"loopCounter": number}
        play.complete("session")
    assert play.open == ["after"]
    assert play.variables == {}


def test_a_loop_over_a_sub_process_starts_afresh_in_each_round() -> None:
    p = Process("process")
    p.start().user("after").end()
    with p.sub("round", loop=loop("not(agreed)")) as r:
        r.start("rs").parallel("split").user("a").user("b").parallel("join").user("decide").end("re")
        r.flow("rs", "split", "a", "join").flow("split", "b", "join").flow("join", "decide", "re")
    p.flow("start", "round", "after", "end")
    play = Play(p).start()
    for agreed in (False, False, True):
        assert play.open == ["a", "b"]
        play.complete("a")
        play.complete("b")
        play.complete("decide", agreed=agreed)
    assert play.open == ["after"]
    assert len(play.state.scopes) == 1


def test_parallel_instances_gather_their_results_in_the_order_of_the_input() -> None:
    characteristics = each("members", "member", result="opinion", results="opinions")
    play = Play(looping(characteristics)).start(variables={"members": ["a", "b", "c"]})
    assert [task.local["member"] for task in play.tasks.values()] == ["a", "b", "c"]
    first, second, third = play.tasks
    from engine.execution import CompleteTask

    play.step(CompleteTask(third, {"opinion": "three"}))
    play.step(CompleteTask(first, {"opinion": "one"}))
    assert play.open == ["session"]
    play.step(CompleteTask(second, {"opinion": "two"}))
    assert play.open == ["after"]
    assert play.variables == {"members": ["a", "b", "c"], "opinions": ["one", "two", "three"]}


def test_what_results_are_made_of_is_not_overwritten_by_the_neighbour_instance() -> None:
    p = Process("process")
    p.start().end()
    characteristics = each("[1, 2]", "n", result="{who: n, risk: risk, why: why}", results="risks")
    with p.sub("assess", loop=characteristics) as a:
        a.start("as").user("visit").user("write").end("ae").flow("as", "visit", "write", "ae")
    p.flow("start", "assess", "end")
    play = Play(p).start()
    play.complete("visit", risk="red", why="alone")
    play.complete("visit", risk="green", why="well")
    play.complete("write")
    play.complete("write")
    assert play.variables == {
        "risks": [{"who": 1, "risk": "red", "why": "alone"}, {"who": 2, "risk": "green", "why": "well"}]
    }


def test_sequential_instances_run_one_after_the_other() -> None:
    characteristics = each("names", "name", result="name + mark", results="marked", sequential=True)
    play = Play(looping(characteristics)).start(variables={"names": ["x", "y", "z"]})
    for name in ("x", "y", "z"):
        (task,) = play.tasks.values()
        assert task.local["name"] == name
        play.complete("session", mark="!")
    assert play.open == ["after"]
    assert play.variables["marked"] == ["x!", "y!", "z!"]


def test_the_collection_is_taken_once_and_later_changes_do_not_move_it() -> None:
    play = Play(looping(each("names", "name", sequential=True))).start(variables={"names": ["x", "y"]})
    play.complete("session", names=["other"])
    (task,) = play.tasks.values()
    assert task.local == {"loopCounter": 2, "name": "y"}
    play.complete("session")
    assert play.open == ["after"]


def test_an_empty_collection_passes_at_once_with_an_empty_result() -> None:
    for sequential in (False, True):
        characteristics = each("[]", "x", result="x", results="all", sequential=sequential)
        play = Play(looping(characteristics)).start()
        assert play.open == ["after"]
        assert play.variables == {"all": []}


def test_a_cardinality_opens_as_many() -> None:
    play = Play(looping(times("1 + 2"))).start()
    assert play.open == ["session"] * 3
    assert [task.local["loopCounter"] for task in play.tasks.values()] == [1, 2, 3]


def test_the_completion_condition_withdraws_the_rest() -> None:
    p = looping(times(5, until="numberOfCompletedInstances >= 2"))
    play = Play(p).start()
    play.complete("session")
    assert play.open == ["session"] * 4
    play.complete("session")
    assert play.open == ["after"]
    assert play.trace("interrupted") == ["session"] * 3


def test_the_completion_condition_sees_the_variables_just_entered() -> None:
    play = Play(looping(each("[1, 2, 3]", "x", until="refused", sequential=True))).start()
    play.complete("session", refused=False)
    play.complete("session", refused=True)
    assert play.open == ["after"]


def test_results_of_withdrawn_instances_are_null() -> None:
    characteristics = each('["a", "b", "c"]', "x", result="y", results="ys", until="y = 2")
    play = Play(looping(characteristics)).start()
    second = list(play.tasks)[1]
    from engine.execution import CompleteTask

    play.step(CompleteTask(second, {"y": 2}))
    assert play.open == ["after"]
    assert play.variables["ys"] == [None, 2, None]


def test_the_boundary_event_is_on_the_whole_not_on_each_instance() -> None:
    p = Process("process")
    p.start().user("sign", loop=times(3)).user("chase").end()
    p.boundary("late", on="sign", timer="P1D")
    p.flow("start", "sign", "end").flow("late", "chase", "end")
    play = Play(p).start()
    assert len(play.timers) == 1
    play.complete("sign")
    play.wait(timedelta(days=1))
    assert play.open == ["chase"]
    play.complete("chase")
    assert play.status == "completed"


def test_a_boundary_event_beside_a_multi_instance_leaves_it_alone() -> None:
    p = Process("process")
    p.start().user("sign", loop=times(2)).user("chase").end()
    p.boundary("late", on="sign", timer="P1D", interrupting=False)
    p.flow("start", "sign", "end").flow("late", "chase", "end")
    play = Play(p).start()
    play.wait(timedelta(days=3))
    assert play.open == ["sign", "sign", "chase"]


def test_a_multi_instance_of_tasks_that_pass_at_once() -> None:
    p = looping(each("[1, 2, 3]", "x", result="double", results="doubles"), task="task")
    assert Play(p).start().variables == {"doubles": [None, None, None]}
    q = Process("process")
    q.start().script(
        "count", "double = 2 * x", loop=each("[1, 2, 3]", "x", result="double", results="doubles")
    )
    q.end().flow("start", "count", "end")
    play = Play(q).start()
    assert play.variables == {"doubles": [2, 4, 6]}


def test_multi_instances_inside_each_other() -> None:
    p = Process("process")
    p.start().end()
    with p.sub("household", loop=each("households", "h", result="visits", results="all")) as h:
        h.start("hs").user("visit", loop=each("h.members", "m", result="m + suffix", results="visits")).end(
            "he"
        )
        h.flow("hs", "visit", "he")
    p.flow("start", "household", "end")
    households = [{"members": ["a", "b"]}, {"members": ["c"]}]
    play = Play(p).start(variables={"households": households})
    for suffix in ("1", "2", "3"):
        play.complete("visit", suffix=suffix)
    assert play.status == "completed"
    assert play.variables["all"] == [["a1", "b2"], ["c3"]]


def test_inputs_and_outputs_belong_to_each_instance() -> None:
    p = Process("process")
    characteristics = each("[1, 2]", "n", result="answer", results="answers")
    p.start().user(
        "ask",
        loop=characteristics,
        inputs={"question": '"no. " + string(n)'},
        outputs={"answer": "upper case(a)"},
    ).end()
    p.flow("start", "ask", "end")
    play = Play(p).start()
    assert [task.local["question"] for task in play.tasks.values()] == ["no. 1", "no. 2"]
    play.complete("ask", a="x")
    play.complete("ask", a="y")
    assert play.variables == {"answers": ["X", "Y"]}


def test_an_impossible_number_of_instances_is_an_incident() -> None:
    for cardinality in (-1, Decimal("1.5"), "3", None, 100000, True):
        play = Play(looping(times("n"))).start(variables={"n": cardinality})
        assert play.incident.node == "session"
        assert play.incident.code in ("no_whole_number", "instance_limit")
        assert play.open == []


def test_a_collection_that_is_no_list_is_an_incident_and_can_be_mended() -> None:
    p = Process("process")
    p.start().parallel("split").user("fix").user("session", loop=each("names", "name")).end()
    p.boundary("late", on="session", timer="P1D")
    p.flow("start", "split", "fix", "end").flow("split", "session", "end").flow("late", "end")
    play = Play(p).start(variables={"names": "白鹭社"})
    assert play.incident.code == "no_collection"
    assert play.timers == []
    play.complete("fix", names=["白鹭社", "清河站"])
    play.retry("session")
    assert play.open == ["session", "session"]
    assert len(play.timers) == 1


def test_nothing_grows_with_the_rounds() -> None:
    from engine.execution import encode

    play = Play(looping(loop("true"))).start(variables={"n": 0})
    play.complete("session")
    size = len(encode(play.state))
    for _ in range(200):
        play.complete("session")
    assert len(encode(play.state)) <= size + 6  # numbers get longer
