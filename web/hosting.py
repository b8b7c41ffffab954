"""What a host platform tells us about the person using it (design §11)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class HostUser:
    """A person signed in at the host. ``id`` is stable there and never reused; ``locale`` only sets the
    language at the first visit.
    """

    id: str
    name: str
    locale: str | None = None
    email: str | None = None


class HostUsers(Protocol):
    """Implemented by the host: its login stays the only one.

    The person is mirrored as a user of ours at the first visit (by ``host_id``). What they may do comes from
    their memberships here, which an administrator gives.
    """

    def current(self) -> HostUser | None:
        """Who is signed in for the request at hand; ``None`` for nobody."""
        ...

    def sign_in_url(self, back_to: str) -> str:
        """Where the host signs people in; ``back_to`` is the page they wanted, as a path."""
        ...

    def sign_out_url(self) -> str | None:
        """Where the host signs people out; ``None`` where we should show no such button."""
        ...


@dataclass(frozen=True)
class HostLogin:
    """:class:`HostUsers` made of three functions, for hosts that need no class of their own."""

    user: Callable[[], HostUser | None]
    sign_in: Callable[[str], str]
    sign_out: Callable[[], str | None] = lambda: None

    def current(self) -> HostUser | None:
        return self.user()

    def sign_in_url(self, back_to: str) -> str:
        return self.sign_in(back_to)

    def sign_out_url(self) -> str | None:
        return self.sign_out()
