"""Reads BPMN diagrams: from hostile bytes to a frozen graph, or to findings that name the element and the
way out."""
