"""Tables of definitions and running instances (design §5)."""

import sqlalchemy as sa

from engine.store.schema import Moment, id_column, metadata, reference

bundle = sa.Table(
    "bundle",
    metadata,
    id_column(),
    sa.Column("key", sa.String(100), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("name", sa.JSON, nullable=False),  # {"zh_Hans_CN": …, "en": …}
    sa.Column("manifest", sa.JSON, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("deployed_at", Moment, nullable=False),
    sa.Column("deployed_by", sa.Uuid),
    sa.UniqueConstraint("key", "version"),
)

bundle_file = sa.Table(
    "bundle_file",
    metadata,
    reference("bundle_id", "bundle"),
    sa.Column("path", sa.String(300), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.PrimaryKeyConstraint("bundle_id", "path"),
)

definition = sa.Table(
    "definition",
    metadata,
    id_column(),
    sa.Column("key", sa.String(200), nullable=False),  # the process's id in the diagram
    sa.Column("version", sa.Integer, nullable=False),
    reference("bundle_id", "bundle", nullable=True, index=True),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("source", sa.LargeBinary, nullable=False),  # the diagram as deployed
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("findings", sa.JSON, nullable=False),
    sa.Column("suspended", sa.Boolean, nullable=False, default=False),
    sa.Column("deployed_at", Moment, nullable=False),
    sa.Column("deployed_by", sa.Uuid),
    sa.UniqueConstraint("key", "version"),
)

instance = sa.Table(
    "instance",
    metadata,
    id_column(),
    reference("definition_id", "definition", index=True),
    sa.Column("key", sa.String(200), nullable=False),
    sa.Column("business_key", sa.String(200), index=True),
    sa.Column("title", sa.String(300), nullable=False, default=""),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # optimistic locking
    sa.Column("state", sa.Text, nullable=False),  # engine.execution.codec
    reference("case_id", "case", nullable=True, index=True),
    reference("organisation_id", "organisation", nullable=True, index=True),  # where the matter belongs
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("started_by", sa.Uuid),
    sa.Column("ended_at", Moment),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("last_hash", sa.String(64), nullable=False),
    sa.Index("ix_instance_status_key", "status", "key"),
)

# Written out, not bound: a database matches a partial index only against a constant.
OPEN = sa.text("state = 'open'")

task = sa.Table(
    "task",
    metadata,
    id_column(),
    reference("instance_id", "instance"),
    sa.Column("token", sa.Integer, nullable=False),
    reference("definition_id", "definition"),  # whose node it is: a called process has its own
    reference("case_id", "case", nullable=True, index=True),
    sa.Column("node", sa.String(200), nullable=False),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("title", sa.String(300)),
    sa.Column("form", sa.String(100)),
    sa.Column("role", sa.String(60)),
    reference("organisation_id", "organisation", nullable=True),
    sa.Column("assignee_id", sa.Uuid),
    sa.Column("owner_id", sa.Uuid),  # who delegated it and gets it back
    sa.Column("state", sa.String(12), nullable=False),  # open | completed | withdrawn
    sa.Column("level", sa.String(12), nullable=False, default=""),  # "", yellow, red, … set by escalation
    sa.Column("priority", sa.Integer, nullable=False, default=50),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("due_provisional", sa.Boolean, nullable=False, default=False),
    sa.Column("due_spec", sa.JSON),  # {"amount", "calendar", "roll"}: to recompute when a year is published
    sa.Column("follow_up_at", Moment),
    sa.Column("local", sa.Text),  # JSON: variables only this task sees
    sa.Column("draft", sa.LargeBinary),  # sealed: a draft may hold anything
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.Column("closed_at", Moment),
    sa.Column("closed_by", sa.Uuid),
    sa.Index("ix_task_instance_token", "instance_id", "token"),
    # Only open tasks: what is closed costs a worklist nothing, however much of it there is.
    sa.Index("ix_task_open_assignee", "assignee_id", "due_at", postgresql_where=OPEN, sqlite_where=OPEN),
    sa.Index(
        "ix_task_open_group", "organisation_id", "role", "due_at", postgresql_where=OPEN, sqlite_where=OPEN
    ),
)

task_is_open = task.c.state == sa.literal_column("'open'")

job = sa.Table(
    "job",
    metadata,
    id_column(),
    sa.Column(
        "kind", sa.String(20), nullable=False
    ),  # timer | service | deadline | recount | message | signal | signal_inside | start | deliver
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False, default=50),
    reference("instance_id", "instance", nullable=True),
    reference("definition_id", "definition", nullable=True),
    sa.Column("task_id", sa.Uuid, index=True),
    sa.Column("holder", sa.String(20)),
    sa.Column("node", sa.String(200)),
    sa.Column("payload", sa.Text, nullable=False, default="{}"),  # JSON
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("retries", sa.Integer, nullable=False, default=3),
    sa.Column("claimed_until", Moment),
    sa.Column("claimed_by", sa.String(80)),
    sa.Column("dead", sa.Boolean, nullable=False, default=False),  # its incident waits for a person
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("ix_job_due", "dead", "due_at"),
    sa.Index("ix_job_holder", "instance_id", "holder"),
)

subscription = sa.Table(
    "subscription",
    metadata,
    id_column(),
    sa.Column("kind", sa.String(10), nullable=False),  # message | signal
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("key_hash", sa.String(64), nullable=False),  # sha256 of the correlation key, "" without one
    reference("instance_id", "instance", nullable=True),  # empty: starts an instance of …
    reference("definition_id", "definition", nullable=True),
    sa.Column("holder", sa.String(20)),
    sa.Column("node", sa.String(200), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("ix_subscription_match", "kind", "name", "key_hash"),
    sa.Index("ix_subscription_holder", "instance_id", "holder"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    id_column(),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("sent_at", Moment, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
)

event = sa.Table(
    "event",
    metadata,
    reference("instance_id", "instance"),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column(
        "kind", sa.String(30), nullable=False
    ),  # the command: started, completed, claimed, timer, message, …
    sa.Column("actor_id", sa.Uuid),
    sa.Column("for_id", sa.Uuid),  # the person an absent colleague's substitute acted for
    sa.Column("task_id", sa.Uuid),
    sa.Column("node", sa.String(200)),
    sa.Column(
        "data", sa.Text, nullable=False
    ),  # JSON: reason, trace of elements, …; never an identifier of a person
    sa.Column("hash", sa.String(64), nullable=False),  # sha256(previous hash + this row)
    sa.PrimaryKeyConstraint("instance_id", "seq"),
)

incident = sa.Table(
    "incident",
    metadata,
    id_column(),
    reference("instance_id", "instance", index=True),
    sa.Column("token", sa.Integer),
    sa.Column("node", sa.String(200)),
    sa.Column("job_id", sa.Uuid),
    sa.Column("code", sa.String(60), nullable=False),
    sa.Column("text_zh", sa.Text, nullable=False),
    sa.Column("text_en", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("resolved_at", Moment),
    sa.Column("resolved_by", sa.Uuid),
)

submission = sa.Table(
    "submission",
    metadata,
    id_column(),
    reference("instance_id", "instance", index=True),
    sa.Column("task_id", sa.Uuid, index=True),  # empty for the form that started the instance
    reference("case_id", "case", nullable=True, index=True),
    reference("bundle_id", "bundle", nullable=True),
    sa.Column("form", sa.String(100), nullable=False),
    sa.Column("content", sa.Text, nullable=False),  # JSON, without sensitive fields
    sa.Column("sealed", sa.LargeBinary),  # sensitive fields, encrypted
    sa.Column("prefilled", sa.Integer, nullable=False, default=0),
    sa.Column("shown", sa.Integer, nullable=False, default=0),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Uuid),
)

answer = sa.Table(
    "answer",
    metadata,
    sa.Column("key", sa.String(100), nullable=False),
    sa.Column("user_id", sa.Uuid, nullable=False),
    sa.Column("command", sa.String(40), nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.PrimaryKeyConstraint("user_id", "key"),
)

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("holder", sa.String(80), nullable=False),
    sa.Column("until", Moment, nullable=False),
)

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("key", sa.String(100), primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)

calendar_day = sa.Table(
    "calendar_day",
    metadata,
    id_column(),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("calendar", sa.String(12), nullable=False),  # office | facility
    sa.Column("kind", sa.String(12), nullable=False),  # working | resting | half
    reference("organisation_id", "organisation", nullable=True),  # empty: for everybody
    sa.Column("reason", sa.String(300), nullable=False, default=""),
    sa.UniqueConstraint("day", "calendar", "organisation_id"),
)
