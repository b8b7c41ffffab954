"""Consent to the use of personal data: given for purposes and items, withdrawn at any time [个人信息保护法
13–15, 47].
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.cases.files import RESTRICTED, case_row, change, record_event
from engine.cases.transfers import end_transfers
from engine.ids import new_id
from engine.store import tables as t


def give_consent(
    conn: sa.Connection,
    case_id: UUID,
    *,
    text_version: str,
    purposes: Sequence[str],
    items: Sequence[str],
    sensitive: bool,
    given_at: datetime,
    now: datetime,
    expires_at: datetime | None = None,
    by: UUID | None = None,
) -> UUID:
    """The client has agreed. ``sensitive`` tells whether sensitive items were agreed to, which is asked
    separately.
    """
    row = case_row(conn, case_id)
    consent_id = new_id()
    conn.execute(
        t.consent.insert(),
        {
            "id": consent_id,
            "case_id": case_id,
            "person_id": row["client_id"],
            "text_version": text_version,
            "purposes": list(purposes),
            "items": list(items),
            "sensitive": sensitive,
            "given_at": given_at,
            "expires_at": expires_at,
        },
    )
    data = {"version": text_version, "purposes": list(purposes), "sensitive": sensitive}
    record_event(conn, case_id, "consent_given", now, by=by, data=data)
    return consent_id


def withdraw_consent(
    conn: sa.Connection, case_id: UUID, now: datetime, *, reason: str = "", by: UUID | None = None
) -> bool:
    """The client has withdrawn: every consent of the case ends, transfers stop, the data are restricted.

    False when that had been done before.
    """
    row = case_row(conn, case_id)
    consent = t.consent.c
    ended = conn.execute(
        t.consent.update()
        .where(consent.case_id == case_id, consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_reason=reason[:300] or None)
    ).rowcount
    if not ended and row["status"] == RESTRICTED:
        return False
    end_transfers(conn, case_id, now, reason="consent_withdrawn")
    change(conn, case_id, status=RESTRICTED)
    record_event(conn, case_id, "consent_withdrawn", now, by=by)
    return True
