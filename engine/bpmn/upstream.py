"""What an inclusive join has to know: from where a token can still reach each of its empty incoming flows.

BPMN 2.0, 13.4.3: the join fires when no token is on a path to an empty incoming flow that avoids the gateway
itself, unless that token is also on such a path to a filled one.
"""

from engine.bpmn.bodies import RawBody, RawFlow

#: Entries in all upstream sets of one file together: a bound on memory, far above any readable diagram.
MAX_ENTRIES = 1_000_000


class Upstream:
    """Works out the upstream sets of one file."""

    def __init__(self) -> None:
        self._left = MAX_ENTRIES

    def of(self, body: RawBody, gateway: str, hosts: dict[str, str]) -> dict[str, frozenset[str]] | None:
        """For each incoming flow of ``gateway``, the nodes and flows upstream on paths avoiding the gateway.

        A token in an activity can also leave it by its boundary events: ``hosts`` maps these to their
        activity. ``None`` once the file's sets exceed :data:`MAX_ENTRIES`.
        """
        found = {}
        for flow in body.incoming.get(gateway, ()):
            if self._left < 0:
                return None
            found[flow.id] = self._before(body, flow, gateway, hosts)
            self._left -= len(found[flow.id])
        return found if self._left >= 0 else None

    @staticmethod
    def _before(body: RawBody, flow: RawFlow, gateway: str, hosts: dict[str, str]) -> frozenset[str]:
        seen = {flow.id}
        waiting = [flow.source]
        while waiting:
            node = waiting.pop()
            if node == gateway or node in seen:
                continue
            seen.add(node)
            for incoming in body.incoming.get(node, ()):
                seen.add(incoming.id)
                waiting.append(incoming.source)
            if node in hosts:
                waiting.append(hosts[node])
        return frozenset(seen)
