"""The list of steps beside the diagram."""

from engine.bpmn.graph import Trigger
from engine.bpmn.reading import read
from tests.bpmn_builder import Process, diagram


def ids(p: Process) -> list[str]:
    return [step.id for step in read(diagram(p)).steps(p.id)]


def test_steps_follow_the_work_not_the_order_of_the_file() -> None:
    p = Process("p")
    p.end("e").task("c").task("b").task("a").start("s").flow("s", "a", "b", "c", "e")
    assert ids(p) == ["s", "a", "b", "c", "e"]


def test_branches_stand_one_after_the_other_before_what_joins_them() -> None:
    p = Process("p")
    p.start("s").parallel("fork").task("a1").task("a2").task("b").parallel("join").end("e")
    p.flow("s", "fork", "a1", "a2", "join", "e").flow("fork", "b", "join")
    assert ids(p) == ["s", "fork", "a1", "a2", "b", "join", "e"]


def test_a_way_back_does_not_disturb_the_order() -> None:
    p = Process("p")
    p.start("s").user("do", role="w").exclusive("ok", default="ok_do").end("e")
    p.flow("s", "do", "ok").flow("ok", "do").flow("ok", "e", when="good")
    assert ids(p) == ["s", "do", "ok", "e"]


def test_exceptions_follow_their_activity_and_their_way_comes_after_the_main_one() -> None:
    p = Process("p")
    p.start("s").user("do", role="w").boundary("late", on="do", timer="PT1H").task("remind").task("next").end(
        "e"
    )
    p.flow("s", "do", "next", "e").flow("late", "remind", "e")
    steps = read(diagram(p)).steps("p")
    assert [step.id for step in steps] == ["s", "do", "late", "next", "remind", "e"]
    assert (steps[2].attached_to, steps[2].trigger) == ("do", Trigger.TIMER)


def test_what_is_inside_a_sub_process_is_deeper_and_inherits_its_lane() -> None:
    p = Process("p")
    with p.sub("group") as group:
        group.start("gs").task("meet", name="小组").end("ge").flow("gs", "meet", "ge")
    with p.event_sub("stop") as stop:
        stop.start("ss", signal="stop").end("se").flow("ss", "se")
    p.start("s").end("e").flow("s", "group", "e").lane("l", "group", name="社工")
    steps = read(diagram(p)).steps("p")
    assert [(step.id, step.depth) for step in steps] == [
        ("s", 0),
        ("group", 0),
        ("gs", 1),
        ("meet", 1),
        ("ge", 1),
        ("e", 0),
        ("stop", 0),
        ("ss", 1),
        ("se", 1),
    ]
    assert [step.lane for step in steps if step.name] == ["社工"]


def test_a_refused_diagram_can_still_be_read() -> None:
    p = Process("p")
    p.start("s").node("complexGateway", "strange").task("a").end("e").flow("s", "strange", "a", "e")
    reading = read(diagram(p))
    assert reading.graph is None
    assert {step.id for step in reading.steps("p")} == {"s", "a", "e"}
    assert reading.steps("unknown") == ()
