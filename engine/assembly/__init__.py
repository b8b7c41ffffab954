"""The engine put together: what commands and queries both stand on."""

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.services import BpmnError, Service, ServiceCall

__all__ = ["BpmnError", "ProcessEngine", "Service", "ServiceCall"]
