"""What goes in and out. Everything a program sends is checked here first."""

from marshmallow import EXCLUDE, Schema, fields, validate

_SHORT = validate.Length(min=1, max=200)


class Sent(Schema):
    """A request: unknown fields are mistakes and are told."""


class Shown(Schema):
    """A response."""

    class Meta:
        unknown = EXCLUDE


class Start(Sent):
    process = fields.String(
        required=True, validate=_SHORT, metadata={"description": "Id of the process in its diagram."}
    )
    values = fields.Dict(
        keys=fields.String(),
        load_default=dict,
        metadata={"description": "Answers of the start form, or first variables."},
    )
    case_id = fields.UUID(load_default=None, allow_none=True)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    business_key = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class Values(Sent):
    values = fields.Dict(
        keys=fields.String(),
        load_default=dict,
        metadata={"description": "Answers of the task's form, or variables."},
    )


class Assignment(Sent):
    user_id = fields.UUID(required=True)
    reason = fields.String(load_default="", validate=validate.Length(max=1000))


class Message(Sent):
    name = fields.String(required=True, validate=_SHORT)
    key = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=500))
    payload = fields.Dict(keys=fields.String(), load_default=dict)
    instance_id = fields.UUID(load_default=None, allow_none=True)


class TaskQuery(Sent):
    scope = fields.String(load_default="mine", validate=validate.OneOf(("mine", "team", "waiting")))
    search = fields.String(load_default="", validate=validate.Length(max=100))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))


class CaseQuery(Sent):
    search = fields.String(load_default="", validate=validate.Length(max=100))
    status = fields.String(
        load_default="", validate=validate.OneOf(("", "open", "closed", "watch", "restricted"))
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    after = fields.String(load_default="", validate=validate.Regexp(r"^\d{0,6}$"))


class StartedInstance(Shown):
    instance_id = fields.UUID()
    status = fields.String()
    opened = fields.List(fields.UUID(), metadata={"description": "Tasks that are open now."})
    case_id = fields.UUID(allow_none=True)


class CompletedTask(Shown):
    instance_id = fields.UUID()
    status = fields.String()
    opened = fields.List(fields.UUID())


class DeliveredMessage(Shown):
    instance_id = fields.UUID()
    started = fields.Boolean()


class Task(Shown):
    id = fields.UUID()
    name = fields.String()
    about = fields.String()
    process = fields.String()
    node = fields.String()
    instance_id = fields.UUID()
    case_id = fields.UUID(allow_none=True)
    case_number = fields.String(allow_none=True)
    role = fields.String(allow_none=True)
    organisation_id = fields.UUID(allow_none=True)
    organisation = fields.String()
    assignee_id = fields.UUID(allow_none=True)
    assignee = fields.String()
    created_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime(allow_none=True)
    urgency = fields.String()
    level = fields.String()
    priority = fields.Integer()


class OneTask(Shown):
    id = fields.UUID()
    name = fields.String()
    title = fields.String()
    state = fields.String()
    node = fields.String()
    process = fields.String()
    instance_id = fields.UUID()
    case_id = fields.UUID(allow_none=True)
    role = fields.String(allow_none=True)
    organisation_id = fields.UUID(allow_none=True)
    assignee_id = fields.UUID(allow_none=True)
    assignee = fields.String()
    created_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime(allow_none=True)
    urgency = fields.String()
    level = fields.String()
    closed_at = fields.AwareDateTime(allow_none=True)
    closed_by = fields.String()
    form = fields.Function(lambda view: view.form.key if view.form is not None else None, allow_none=True)
    values = fields.Dict(attribute="raw", metadata={"description": "The draft, or what is known already."})
    can = fields.Function(
        lambda view: sorted(view.can), metadata={"description": "claim, release, assign, complete"}
    )


class TaskPage(Shown):
    items = fields.List(fields.Nested(Task), attribute="rows")
    after = fields.String(allow_none=True)


class Step(Shown):
    id = fields.String()
    name = fields.String()
    state = fields.String()
    who = fields.String()
    since = fields.AwareDateTime(allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)


class Instance(Shown):
    id = fields.UUID()
    process = fields.String(attribute="key")
    name = fields.String(attribute="process")
    title = fields.String()
    status = fields.String()
    business_key = fields.String(allow_none=True)
    case_id = fields.UUID(allow_none=True)
    started_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    steps = fields.List(fields.Nested(Step))
    tasks = fields.List(fields.Nested(Task), attribute="open_tasks")


class Case(Shown):
    id = fields.UUID()
    number = fields.String()
    kind = fields.String()
    title = fields.String()
    client = fields.String()
    organisation = fields.String()
    responsible = fields.String()
    status = fields.String()
    sensitivity = fields.String()
    risk = fields.String()
    opened_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)


class CasePage(Shown):
    items = fields.List(fields.Nested(Case))
    after = fields.String(allow_none=True)


class CaseMatter(Shown):
    id = fields.UUID()
    process = fields.String()
    title = fields.String()
    status = fields.String()
    started_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)


class OneCase(Shown):
    case = fields.Nested(Case, attribute="row")
    client = fields.Dict(
        metadata={"description": "Masked, unless the role of the token's owner lifts the mask."}
    )
    matters = fields.List(fields.Nested(CaseMatter))
    tasks = fields.List(fields.Nested(Task), attribute="open_tasks")


class Version(Shown):
    version = fields.String()
    api = fields.String()


class Health(Shown):
    status = fields.String()
