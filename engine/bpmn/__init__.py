"""Reads BPMN diagrams: from hostile bytes to a frozen graph, or to findings that name the element and the
way out."""

from engine.bpmn.findings import Finding
from engine.bpmn.reading import Reading, compile_deployed, read
from engine.bpmn.steps import Step, steps_of

__all__ = ["Finding", "Reading", "Step", "compile_deployed", "read", "steps_of"]
