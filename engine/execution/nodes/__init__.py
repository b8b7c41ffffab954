"""What each kind of node does: a table for each stage of a visit, one file per kind or family."""

from collections.abc import Mapping

from engine.bpmn.graph import Kind
from engine.execution import activities, events, flows
from engine.execution.activities import entering
from engine.execution.nodes import (
    business_rule_task,
    call_activity,
    catch,
    end,
    event_based,
    exclusive,
    inclusive,
    parallel,
    receive_task,
    script_task,
    send_task,
    service_task,
    start,
    sub_process,
    task,
    throw,
    user_task,
)
from engine.execution.walk import Enter, Visit

ACTIVITIES = frozenset(
    {
        Kind.TASK,
        Kind.USER_TASK,
        Kind.MANUAL_TASK,
        Kind.SERVICE_TASK,
        Kind.SCRIPT_TASK,
        Kind.BUSINESS_RULE_TASK,
        Kind.SEND_TASK,
        Kind.RECEIVE_TASK,
        Kind.SUB_PROCESS,
        Kind.CALL_ACTIVITY,
    }
)

#: The token arrives.
ENTERS: Mapping[Kind, Enter] = {
    Kind.START: start.enter,
    Kind.END: end.enter,
    Kind.CATCH: catch.enter,
    Kind.THROW: throw.enter,
    Kind.EXCLUSIVE: exclusive.enter,
    Kind.PARALLEL: parallel.enter,
    Kind.INCLUSIVE: inclusive.enter,
    Kind.EVENT_BASED: event_based.enter,
    Kind.TASK: entering(task.open_),
    Kind.USER_TASK: entering(user_task.open_),
    Kind.MANUAL_TASK: entering(user_task.open_),
    Kind.SERVICE_TASK: entering(service_task.open_),
    Kind.SCRIPT_TASK: entering(script_task.open_),
    Kind.BUSINESS_RULE_TASK: entering(business_rule_task.open_),
    Kind.SEND_TASK: entering(send_task.open_),
    Kind.RECEIVE_TASK: entering(receive_task.open_),
    Kind.SUB_PROCESS: entering(sub_process.open_),
    Kind.CALL_ACTIVITY: entering(call_activity.open_),
}

#: What it waited for has happened; results are applied.
LEAVES: Mapping[Kind, Visit] = {
    **{kind: events.leave for kind in Kind if kind not in ACTIVITIES},
    **dict.fromkeys(ACTIVITIES, activities.leave),
    Kind.SUB_PROCESS: sub_process.leave,
    Kind.CALL_ACTIVITY: call_activity.leave,
}

#: Flows are chosen and taken.
ROUTES: Mapping[Kind, Visit] = {
    **dict.fromkeys(Kind, flows.conditional),
    Kind.EXCLUSIVE: flows.first,
    Kind.PARALLEL: flows.every,
}
