"""What of a run's effects the world has to hear of."""

from engine.execution.effects import (
    Effect,
    IncidentRaised,
    Released,
    ServiceRequested,
    Subscribed,
    TaskClosed,
    TaskOpened,
    TimerSet,
)
from engine.execution.walk import Walk


def lasting(walk: Walk) -> list[Effect]:
    """The effects without what was registered and dropped within the run: the world needn't know."""
    effects = walk.effects
    gone: dict[str, int] = {}
    for place, effect in enumerate(effects):
        if effect.__class__ is Released:
            gone[effect.holder] = place
        elif effect.__class__ is TaskClosed and effect.withdrawn:
            gone[f"t{effect.token}"] = place
    if not gone:
        return effects
    return [effect for place, effect in enumerate(effects) if not _void(walk, effect, place, gone)]


def _void(walk: Walk, effect: Effect, place: int, gone: dict[str, int]) -> bool:
    kind = effect.__class__
    if kind is TimerSet or kind is Subscribed:
        return gone.get(effect.holder, -1) > place  # type: ignore[union-attr]
    if kind is TaskOpened or kind is ServiceRequested:
        return gone.get(f"t{effect.token}", -1) > place  # type: ignore[union-attr]
    if kind is IncidentRaised:
        return effect.token is not None and effect.token not in walk.state.tokens  # type: ignore[union-attr]
    if kind is Released:
        return int(effect.holder[1:]) > walk.first  # type: ignore[union-attr]
    if kind is TaskClosed:
        return effect.token > walk.first  # type: ignore[union-attr, operator]
    return False
