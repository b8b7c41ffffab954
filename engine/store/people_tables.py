"""Tables of organisations, users, persons and cases (design §5, §9)."""

import sqlalchemy as sa

from engine.store.schema import Moment, id_column, metadata, reference

organisation = sa.Table(
    "organisation",
    metadata,
    id_column(),
    reference("parent_id", "organisation", nullable=True, index=True),
    sa.Column("code", sa.String(60), nullable=False, unique=True),
    sa.Column("kind", sa.String(60), nullable=False),  # data of the field: department, station, agency, …
    sa.Column("level", sa.String(30), nullable=False),  # district | street | community | grid
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("name_en", sa.String(200), nullable=False, default=""),
    sa.Column("path", sa.String(1000), nullable=False),  # "/<code>/<code>/": a subtree is a prefix
    sa.Column("phone", sa.String(60), nullable=False, default=""),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.Index("ix_organisation_path", "path"),
)

user = sa.Table(
    "user_account",
    metadata,
    id_column(),
    sa.Column("login", sa.String(100), nullable=False, unique=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("password_hash", sa.String(200)),  # argon2; empty where a host platform signs people in
    sa.Column("host_id", sa.String(100), unique=True),  # id in the host platform
    reference("organisation_id", "organisation", nullable=True),
    sa.Column("locale", sa.String(20), nullable=False, default="zh_Hans_CN"),
    sa.Column("email", sa.String(200)),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.Column("created_at", Moment, nullable=False),
)

membership = sa.Table(
    "membership",
    metadata,
    reference("user_id", "user_account"),
    reference("organisation_id", "organisation"),
    sa.Column("role", sa.String(60), nullable=False),
    sa.PrimaryKeyConstraint("user_id", "organisation_id", "role"),
    sa.Index("ix_membership_group", "organisation_id", "role"),
)

absence = sa.Table(
    "absence",
    metadata,
    id_column(),
    reference("user_id", "user_account", index=True),
    reference("substitute_id", "user_account", index=True),
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("ends_at", Moment),
    sa.Column("reason", sa.String(300), nullable=False, default=""),
)

sign_in_attempt = sa.Table(
    "sign_in_attempt",
    metadata,
    id_column(),
    sa.Column("subject", sa.String(64), nullable=False),  # keyed hash of a login or an address
    sa.Column("at", Moment, nullable=False),
    sa.Column("succeeded", sa.Boolean, nullable=False),
    sa.Index("ix_sign_in_attempt_subject", "subject", "at"),
)

api_token = sa.Table(
    "api_token",
    metadata,
    id_column(),
    reference("user_id", "user_account", index=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment),
)

access_log = sa.Table(
    "access_log",
    metadata,
    id_column(),
    sa.Column("at", Moment, nullable=False),
    sa.Column("user_id", sa.Uuid),
    sa.Column("action", sa.String(40), nullable=False),  # read | unmasked | break_glass | refused | export
    sa.Column("subject_kind", sa.String(40), nullable=False),
    sa.Column("subject_id", sa.Uuid),
    sa.Column("reason", sa.String(500), nullable=False, default=""),
    sa.Index("ix_access_log_subject", "subject_kind", "subject_id", "at"),
)

household = sa.Table(
    "household",
    metadata,
    id_column(),
    reference("organisation_id", "organisation", nullable=True),
    sa.Column("address", sa.JSON, nullable=False),
    sa.Column("category", sa.String(60), nullable=False, default=""),
)

person = sa.Table(
    "person",
    metadata,
    id_column(),
    sa.Column("name", sa.String(100), nullable=False, index=True),
    sa.Column("document_kind", sa.String(30), nullable=False, default=""),
    sa.Column("document_sealed", sa.LargeBinary),
    sa.Column("document_hash", sa.String(64), unique=True),
    sa.Column("document_tail_hash", sa.String(64), index=True),
    sa.Column("mobile_sealed", sa.LargeBinary),
    sa.Column("mobile_hash", sa.String(64), index=True),
    sa.Column("birth_date", sa.Date),
    sa.Column("sex", sa.String(10), nullable=False, default=""),
    sa.Column("address", sa.JSON),
    sa.Column(
        "attributes", sa.JSON, nullable=False, default=dict
    ),  # non-sensitive bound fields: language, category, …
    sa.Column("sealed", sa.LargeBinary),  # sensitive bound fields
    reference("household_id", "household", nullable=True, index=True),
    reference("organisation_id", "organisation", nullable=True, index=True),
    sa.Column("sources", sa.JSON, nullable=False, default=dict),  # per field: from which form, who, when
    sa.Column("updated_at", Moment, nullable=False),
)

case = sa.Table(
    "case",
    metadata,
    id_column(),
    sa.Column("number", sa.String(40), nullable=False, unique=True),
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    reference("client_id", "person", nullable=True, index=True),
    reference("organisation_id", "organisation", index=True),
    sa.Column("responsible_id", sa.Uuid, index=True),  # the user who answers for it
    sa.Column("status", sa.String(20), nullable=False),  # open | closed | watch | restricted
    sa.Column("sensitivity", sa.String(20), nullable=False, default="normal"),  # normal | protected
    sa.Column("risk", sa.String(20), nullable=False, default=""),
    sa.Column("attributes", sa.JSON, nullable=False, default=dict),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Column("version", sa.Integer, nullable=False, default=1),
)

case_number = sa.Table(
    "case_number",
    metadata,
    sa.Column("series", sa.String(40), primary_key=True),  # e.g. "GA-2026"
    sa.Column("last", sa.Integer, nullable=False),
)

case_party = sa.Table(
    "case_party",
    metadata,
    id_column(),
    reference("case_id", "case", index=True),
    sa.Column("role", sa.String(60), nullable=False),
    reference("person_id", "person", nullable=True),
    sa.Column("user_id", sa.Uuid, index=True),  # the case team
    reference("organisation_id", "organisation", nullable=True),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment),
)

case_note = sa.Table(
    "case_note",
    metadata,
    id_column(),
    reference("case_id", "case", index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Uuid),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

case_event = sa.Table(
    "case_event",
    metadata,
    id_column(),
    reference("case_id", "case"),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Uuid),
    sa.Column(
        "kind", sa.String(40), nullable=False
    ),  # opened, party_added, consent_given, handed_over, closed, …
    sa.Column("data", sa.JSON, nullable=False),
    sa.Index("ix_case_event_timeline", "case_id", "at"),
)

document = sa.Table(
    "document",
    metadata,
    id_column(),
    reference("case_id", "case", nullable=True, index=True),
    sa.Column("instance_id", sa.Uuid, index=True),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("sensitivity", sa.String(20), nullable=False, default="personal"),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Uuid),
)

consent = sa.Table(
    "consent",
    metadata,
    id_column(),
    reference("case_id", "case", index=True),
    reference("person_id", "person", nullable=True),
    sa.Column("text_version", sa.String(40), nullable=False),
    sa.Column("purposes", sa.JSON, nullable=False),
    sa.Column("items", sa.JSON, nullable=False),
    sa.Column("sensitive", sa.Boolean, nullable=False),
    sa.Column("given_at", Moment, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("withdrawn_at", Moment),
    sa.Column("withdrawn_reason", sa.String(300)),
)

transfer = sa.Table(
    "transfer",
    metadata,
    id_column(),
    sa.Column("number", sa.String(40), nullable=False, unique=True),
    reference("case_id", "case", index=True),
    reference("from_organisation_id", "organisation"),
    reference("to_organisation_id", "organisation", index=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("urgency", sa.String(20), nullable=False),
    sa.Column(
        "status", sa.String(20), nullable=False
    ),  # proposed | approved | accepted | declined | confirmed | withdrawn
    sa.Column("shared_items", sa.JSON, nullable=False),
    sa.Column("basis", sa.String(300), nullable=False),  # consent, or the article that replaces it
    sa.Column("proposed_at", Moment, nullable=False),
    sa.Column("answered_at", Moment),
    sa.Column("confirmed_at", Moment),
    sa.Column("reason", sa.String(1000)),
)

notification = sa.Table(
    "notification",
    metadata,
    id_column(),
    sa.Column("user_id", sa.Uuid),  # one person, or …
    sa.Column("role", sa.String(60)),  # … everybody with this role at this organisation
    sa.Column("organisation_id", sa.Uuid),
    sa.Column("kind", sa.String(30), nullable=False),  # assigned | reminder | escalation | information
    sa.Column("level", sa.String(12), nullable=False, default=""),
    sa.Column("task_id", sa.Uuid, index=True),
    sa.Column("instance_id", sa.Uuid),
    sa.Column("case_id", sa.Uuid),
    sa.Column("text_zh", sa.String(500), nullable=False),
    sa.Column("text_en", sa.String(500), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_notification_user", "user_id", "at"),
    sa.Index("ix_notification_group", "organisation_id", "role", "at"),
)

notification_read = sa.Table(
    "notification_read",
    metadata,
    reference("notification_id", "notification"),
    reference("user_id", "user_account"),
    sa.Column("at", Moment, nullable=False),
    sa.PrimaryKeyConstraint("notification_id", "user_id"),
)
