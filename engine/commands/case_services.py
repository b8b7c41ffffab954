"""The ``case.*`` services of diagrams, as the engine registers them."""

from engine.assembly.services import Service
from engine.cases.services import HANDLERS


def case_services() -> tuple[Service, ...]:
    """One transactional service for each handler of :mod:`engine.cases.services`."""
    return tuple(Service(type_, handler, transactional=True) for type_, handler in HANDLERS.items())
