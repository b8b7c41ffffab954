"""User and manual tasks: wait for a person. Complete: the variables go out. Interrupted: the task is
withdrawn."""

from datetime import datetime
from decimal import Decimal

from engine.bpmn.graph import Node, Work
from engine.execution import activities
from engine.execution.effects import TaskOpened
from engine.execution.state import Token
from engine.execution.texts import label, text_of
from engine.execution.trouble import Trouble
from engine.execution.walk import Walk
from engine.feel import Expression
from engine.feel.temporal import format_datetime
from engine.text import Text

_NO_WORK = Work()


def open_(walk: Walk, token: Token, node: Node) -> None:
    work = node.work or _NO_WORK
    opened = TaskOpened(
        token.id,
        node.id,
        node.name,
        work.form,
        text_of(walk, token, work.role),
        text_of(walk, token, work.at),
        text_of(walk, token, work.assignee),
        _due(walk, token, work.due),
        work.calendar,
        work.roll,
        _priority(walk, token, node, work.priority),
        text_of(walk, token, work.title),
        work.remind,
        work.escalate,
        dict(token.local) if token.local else {},
    )
    activities.wait(walk, token, node, "task")
    walk.effects.append(opened)


def _due(walk: Walk, token: Token, due: Expression | str | None) -> str | None:
    """An amount (``3wd``), or a moment as ISO 8601; a local moment keeps no zone."""
    if due is None or isinstance(due, str):
        return due
    value = walk.evaluate(due, token)
    if isinstance(value, datetime):
        return format_datetime(value)
    return text_of(walk, token, due) if value is not None else None


def _priority(walk: Walk, token: Token, node: Node, priority: Expression | str | None) -> int:
    if priority is None:
        return 50
    value: object = priority if isinstance(priority, str) else walk.evaluate(priority, token)
    try:
        number = int(value) if isinstance(value, int | str | Decimal) else 50
    except ValueError as error:
        raise Trouble(
            "priority",
            Text(f"“{label(node)}”的优先级不是数字。", f"The priority of “{label(node)}” is not a number."),
        ) from error
    return max(0, min(100, number))
