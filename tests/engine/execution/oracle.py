"""The same diagram on SpiffWorkflow's runtime, driven by the names of user tasks."""

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from tests.bpmn_builder import Process, diagram


class Spiff:
    """One instance on SpiffWorkflow."""

    def __init__(self, process: Process, variables: dict[str, object]) -> None:
        parser = BpmnParser()
        self.root = etree.fromstring(diagram(process))  # kept: lxml frees what nobody holds
        parser.add_bpmn_xml(self.root)
        specs = parser.get_subprocess_specs(process.id)
        self.workflow: Any = BpmnWorkflow(parser.get_spec(process.id), specs)
        self.workflow.task_tree.data.update(variables)
        self.workflow.do_engine_steps()

    def _ready(self) -> list[Any]:
        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

    @property
    def open(self) -> list[str]:
        return [str(task.task_spec.bpmn_id) for task in self._ready()]

    def complete(self, node: str, **variables: object) -> None:
        task = next(task for task in self._ready() if task.task_spec.bpmn_id == node)
        task.data.update(variables)
        task.run()
        self.workflow.do_engine_steps()

    @property
    def completed(self) -> bool:
        return bool(self.workflow.is_completed())
