"""The rules a diagram is held to: a stable id, how grave a breach is, what is wrong and what to do, in both
languages."""

from engine.bpmn.rules import file, flow, work
from engine.bpmn.rules.rule import Rule

__all__ = ["RULES", "Rule"]

RULES: dict[str, Rule] = {**file.RULES, **flow.RULES, **work.RULES}
