"""Runs a graph. Pure: (graph, state, step, now) gives (state, effects); nothing here touches a database or
a clock."""

from engine.execution.codec import decode, encode
from engine.execution.environment import DEFAULT_BUDGET, Budget, Environment
from engine.execution.executor import run
from engine.execution.invariant import check_invariant
from engine.execution.state import Scope, State, Status, Token
from engine.execution.steps import (
    CancelInstance,
    CompleteService,
    CompleteTask,
    Deliver,
    FireTimer,
    RetryToken,
    Signal,
    StartProcess,
    Step,
    ThrowError,
)
from engine.execution.timers import first_firing, next_firing
from engine.execution.variables import variables_of

__all__ = [
    "DEFAULT_BUDGET",
    "Budget",
    "CancelInstance",
    "CompleteService",
    "CompleteTask",
    "Deliver",
    "Environment",
    "FireTimer",
    "RetryToken",
    "Scope",
    "Signal",
    "StartProcess",
    "State",
    "Status",
    "Step",
    "ThrowError",
    "Token",
    "check_invariant",
    "decode",
    "encode",
    "first_firing",
    "next_firing",
    "run",
    "variables_of",
]
