"""Sub-processes, call activities, mappings: which variable is seen and written where."""

from datetime import timedelta

from engine.execution import Budget, variables_of
from tests.bpmn_builder import Process
from tests.engine.execution.play import Play, graph_of


def test_a_sub_process_sees_and_writes_its_parents_variables() -> None:
    p = Process("process")
    p.start().end()
    with p.sub("care") as care:
        care.start("cs").script("count", "visits = visits + 1", 'note = "first"').end("ce")
        care.flow("cs", "count", "ce")
    p.flow("start", "care", "end")
    play = Play(p).start(variables={"visits": 1})
    assert play.variables == {"visits": 2, "note": "first"}
    assert play.status == "completed"


def test_input_mappings_of_a_sub_process_are_local_to_it() -> None:
    p = Process("process")
    p.start().end()
    with p.sub("care", inputs={"n": "visits * 10"}, outputs={"last": "n"}) as care:
        care.start("cs").script("count", "n = n + 1").user("look").end("ce").flow("cs", "count", "look", "ce")
    p.flow("start", "care", "end")
    play = Play(p).start(variables={"visits": 1})
    assert variables_of(play.state, play.waiting("look")) == {"visits": 1, "n": 11}
    assert play.variables == {"visits": 1}
    play.complete("look")
    assert play.variables == {"visits": 1, "last": 11}


def test_parallel_branches_keep_each_others_updates() -> None:
    p = Process("process")
    p.start().parallel("split").user("a").user("b").parallel("join").user("after")
    p.flow("start", "split", "a", "join").flow("split", "b", "join").flow("join", "after")
    play = Play(p).start(variables={"x": 0})
    play.complete("a", x=1, from_a=True)
    play.complete("b", from_b=True)
    assert play.variables == {"x": 1, "from_a": True, "from_b": True}


def test_a_task_without_mappings_gives_its_variables_as_they_are_and_with_outputs_only_those() -> None:
    p = Process("process")
    p.start().user("a").user("b", inputs={"draft": "x"}, outputs={"x": "draft + y"}).end()
    p.flow("start", "a", "b", "end")
    play = Play(p).start()
    play.complete("a", x=1, z=[1, {"k": None}])
    assert play.tasks[play.token("b")].local == {"draft": 1}
    play.complete("b", y=5, secret="s")
    assert play.variables == {"x": 6, "z": [1, {"k": None}]}


def test_what_a_person_enters_under_the_name_of_an_input_is_not_lost() -> None:
    p = Process("process")
    p.start().user("a", inputs={"phone": '"unknown"'}).end().flow("start", "a", "end")
    play = Play(p).start()
    play.complete("a", phone="known")
    assert play.variables == {"phone": "known"}


def test_outputs_are_all_evaluated_before_any_is_written() -> None:
    p = Process("process")
    p.start().user("swap", outputs={"a": "b", "c": "a"}).end().flow("start", "swap", "end")
    play = Play(p).start(variables={"a": 1, "b": 2})
    play.complete("swap")
    assert play.variables == {"a": 2, "b": 2, "c": 2}


def called(**call: object) -> tuple[Process, Process]:
    p = Process("process")
    p.start().call("transfer", "TRANSFER", **call).user("after").end()
    p.boundary("refused", on="transfer", error="refused")
    p.user("other").flow("start", "transfer", "after", "end").flow("refused", "other", "end")
    t = Process("TRANSFER")
    t.start("ts").user("answer").exclusive("how", default="te").script("mark", "result = reason")
    t.end("done").end("no", error="refused")
    t.flow("ts", "answer", "how").flow("how", "no", when="not(accepted)").flow("how", "mark", id="te")
    t.flow("mark", "done")
    return p, t


def test_a_called_process_in_the_same_diagram_gets_a_copy_and_gives_all_back() -> None:
    play = Play(*called()).start(variables={"reason": "near home", "result": "open"})
    assert play.open == ["answer"]
    child = play.state.scopes[max(play.state.scopes)]
    assert (child.kind, child.definition) == ("process", None)
    play.complete("answer", accepted=True)
    assert play.open == ["after"]
    assert play.variables == {"reason": "near home", "result": "near home", "accepted": True}


def test_a_called_process_is_isolated_where_there_are_mappings() -> None:
    p, t = called(inputs={"reason": 'why + "!"'}, outputs={"outcome": "result"})
    play = Play(p, t).start(variables={"why": "near", "hidden": 1})
    assert variables_of(play.state, play.token("answer")) == {"reason": "near!"}
    play.complete("answer", accepted=True)
    assert play.variables == {"why": "near", "hidden": 1, "outcome": "near!"}


def test_an_error_end_of_the_called_process_is_caught_on_the_call_activity() -> None:
    play = Play(*called()).start()
    play.complete("answer", accepted=False)
    assert play.open == ["other"]
    assert len(play.state.scopes) == 1


def test_a_called_process_of_another_diagram_runs_by_its_own_definition() -> None:
    p, t = called()
    play = Play(graph=graph_of(p), others={"v2": graph_of(t)}).start(variables={"reason": "r"})
    assert play.state.scopes[max(play.state.scopes)].definition == "v2"
    play.complete("answer", accepted=True)
    assert play.variables["result"] == "r"


def test_a_sub_process_inside_a_called_process_belongs_to_the_called_definition() -> None:
    p = Process("process")
    p.start().call("go", "INNER").end().flow("start", "go", "end")
    inner = Process("INNER")
    inner.start("s").end("e")
    with inner.sub("sub") as sub:
        sub.start("ss").user("deep").end("se").flow("ss", "deep", "se")
    inner.boundary("late", on="sub", timer="P1D")
    inner.flow("s", "sub", "e").flow("late", "e")
    play = Play(graph=graph_of(p), others={"d": graph_of(inner)}).start()
    assert [scope.definition for scope in play.state.scopes.values()] == [None, "d", "d"]
    play.wait(timedelta(days=2))
    assert play.status == "completed"


def test_settings_are_seen_by_each_definition_and_kept_by_no_state() -> None:
    p = Process("process")
    p.start().script("outside", "a = settings.days").call("go", "INNER").end().flow(
        "start", "outside", "go", "end"
    )
    inner = Process("INNER")
    inner.start("s").script("inside", "b = settings.days").end("e").flow("s", "inside", "e")
    play = Play(graph=graph_of(p), others={"d": graph_of(inner)})
    play.world.settings = {None: {"settings": {"days": 3}}, "d": {"settings": {"days": 5}}}
    assert play.start().variables == {"a": 3, "b": 5}


def test_an_unknown_called_process_is_an_incident() -> None:
    p = Process("process")
    p.start().call("go", "NOWHERE").end().flow("start", "go", "end")
    play = Play(p).start()
    assert play.incident.node == "go"
    assert play.incident.code == "not_found"


def test_a_process_that_calls_itself_is_stopped_by_an_incident() -> None:
    p = Process("process")
    p.start().call("again", "process").end().flow("start", "again", "end")
    play = Play(p, budget=Budget(depth=10)).start()
    assert play.incident.code == "depth_limit"
    assert len(play.state.scopes) == 10


def test_a_sub_process_completes_when_its_last_token_ends_and_only_then() -> None:
    p = Process("process")
    p.start().user("after").end()
    with p.sub("care") as care:
        care.start("cs").parallel("split").user("a").user("b").end("e1").end("e2")
        care.flow("cs", "split", "a", "e1").flow("split", "b", "e2")
    p.flow("start", "care", "after", "end")
    play = Play(p).start()
    play.complete("a")
    assert play.open == ["b"]
    play.complete("b")
    assert play.open == ["after"]
