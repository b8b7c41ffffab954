"""How people, addresses, documents, telephones, signatures and consent are asked for: several inputs in a
set."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.forms import Option
from engine.forms.types import consent as consents
from engine.forms.types import mobile as mobiles
from engine.forms.types import people
from engine.forms.types import signature as signatures
from engine.forms.types.identity import KIND_LABEL, KINDS, NUMBER_LABEL
from engine.text import Text
from web.forms.spot import Spot, text_of
from web.forms.views import Control, OptionView
from web.forms.widgets import Shape, described_by, moment_type, part, register_widget

AGREE, DISAGREE = Text("同意", "I agree"), Text("不同意", "I do not agree")
AGREEING = Text("是否同意", "agreement")
PAPER = Text("照片", "photo")
DRAWING = Text("在方框内签名", "Sign in the box")


def person(spot: Spot) -> Shape:
    controls: list[Control] = []
    asked = spot.component.settings["ask"]
    for each in asked:
        label = people.PERSON_PARTS[each]
        needed = spot.required and each in spot.component.settings["need"]
        value = (
            text_of(spot.raw) if each == "name" and isinstance(spot.raw, str) else text_of(spot.part(each))
        )
        if each == "gender":
            offered = [Option(key, words) for key, words in people.GENDERS.items()]
            views = spot.option_views(offered, {value}, f"{spot.name}-{each}")
            controls.append(part(spot, each, label, "radios", options=views, width="row", required=needed))
            continue
        attributes = {"type": "text", "autocomplete": _own(spot, each), "maxlength": "100"}
        if each == "birth_date":
            attributes = {"type": moment_type("date", value), "autocomplete": _own(spot, each)}
        if each == "mobile":
            attributes |= {"type": "tel", "inputmode": "tel", "maxlength": "20"}
        width = "date" if each == "birth_date" else "medium"
        controls.append(
            part(spot, each, label, value=value, required=needed, width=width, attributes=attributes)
        )
    if asked == ("name",):
        # one input needs no legend of its own
        only = controls[0]
        errors = (*spot.errors("", only.id), *only.errors)
        return Shape(
            "single", (replace(only, label="", errors=errors, described_by=described_by(spot, errors)),)
        )
    return Shape("set", tuple(controls))


def _own(spot: Spot, asked: str) -> str:
    """The autocomplete word: only where people fill in their own data."""
    if spot.component.autocomplete == "off":
        return "off"
    return {"name": "name", "birth_date": "bday", "mobile": "tel"}.get(asked, "off")


def address(spot: Spot) -> Shape:
    """Street and community are chosen. With a street chosen only its communities are offered, before that
    all of them by street: it works without JavaScript either way."""
    controls: list[Control] = []
    for each in spot.component.settings["ask"]:
        label = people.ADDRESS_PARTS[each]
        needed = spot.required and each in spot.component.settings["need"]
        list_name = people.LISTS.get(each)
        offered = spot.filling.occasion.named(list_name) if list_name else ()
        if not offered:
            words = {"type": "text", "maxlength": "200", "autocomplete": "off"}
            width = "long" if each == "detail" else "medium"
            controls.append(part(spot, each, label, required=needed, width=width, attributes=words))
            continue
        chosen = {text_of(spot.part(each))}
        name = f"{spot.name}-{each}-option"
        wider = people.WITHIN.get(each)
        within = text_of(spot.part(wider)) if wider else ""
        options: tuple[OptionView, ...] = ()
        groups: tuple[tuple[str, tuple[OptionView, ...]], ...] = ()
        if wider is None or within:
            inside = [option for option in offered if not within or option.parent in (None, "", within)]
            options = spot.option_views(inside, chosen, name)
        else:
            groups = _by_parent(spot, offered, people.LISTS[wider], chosen, name)
        updates = spot.updates or any(people.WITHIN.get(part_name) == each for part_name in people.LISTS)
        controls.append(
            part(
                spot, each, label, "select", required=needed, options=options, groups=groups, updates=updates
            )
        )
    return Shape("set", tuple(controls))


def _by_parent(
    spot: Spot, offered: Sequence[Option], parents_list: str, chosen: set[str], name: str
) -> tuple[tuple[str, tuple[OptionView, ...]], ...]:
    """Options grouped under what they belong to."""
    views = spot.option_views(offered, chosen, name)
    parents = {option.value: spot.say(option.label) for option in spot.filling.occasion.named(parents_list)}
    groups: dict[str, list[OptionView]] = {}
    for option, view in zip(offered, views, strict=True):
        groups.setdefault(parents.get(option.parent or "", ""), []).append(view)
    return tuple((title, tuple(found)) for title, found in groups.items())


def identity_document(spot: Spot) -> Shape:
    kinds = spot.component.settings["kinds"]
    chosen = text_of(spot.part("kind")) or kinds[0]
    number = text_of(spot.raw) if isinstance(spot.raw, str) else text_of(spot.part("number"))
    offered = [Option(kind, KINDS[kind].label) for kind in kinds]
    views = spot.option_views(offered, {chosen}, f"{spot.name}-kind-option")
    words = {"type": "text", "maxlength": "24", "spellcheck": "false", "autocapitalize": "characters"}
    return Shape(
        "set",
        (
            part(spot, "kind", KIND_LABEL, "select", options=views, required=spot.required, width="closed"),
            part(
                spot,
                "number",
                NUMBER_LABEL,
                value=number,
                required=spot.required,
                width="medium",
                attributes=words,
            ),
        ),
    )


def mobile(spot: Spot) -> Shape:
    number = text_of(spot.raw) if isinstance(spot.raw, str) else text_of(spot.part("number"))
    without = text_of(spot.part("none")) in ("yes", "true")
    telephone = {"type": "tel", "inputmode": "tel", "maxlength": "20"}
    controls: list[Control] = []
    if not without:
        own = {**telephone, "autocomplete": spot.component.autocomplete}
        words = Text("手机号码", "mobile number")
        controls.append(
            part(spot, "number", words, value=number, required=spot.required, width="medium", attributes=own)
        )
    if spot.component.settings["allow_none"]:
        ticked = (OptionView(f"{spot.id}-none", "yes", spot.say(mobiles.NONE), chosen=without),)
        controls.append(part(spot, "none", mobiles.NONE, "tick", options=ticked, updates=True))
    if without:
        named = {"type": "text", "maxlength": "100"}
        controls.append(part(spot, "contact_name", mobiles.CONTACT_NAME, width="medium", attributes=named))
        controls.append(
            part(spot, "contact_number", mobiles.CONTACT_NUMBER, width="medium", attributes=telephone)
        )
    return Shape("set", tuple(controls))


def signature(spot: Spot) -> Shape:
    methods = spot.component.settings["methods"]
    method = text_of(spot.part("method"))
    method = method if method in methods else methods[0]
    offered = [Option(key, signatures.METHODS[key]) for key in methods]
    views = spot.option_views(offered, {method}, f"{spot.name}-method")
    how = Text("签名方式", "how it is signed")
    controls = [part(spot, "method", how, "radios", options=views, updates=True)]
    kept = spot.kept_files(spot.part("file"))
    if method == "drawn":
        # a drawing kept before goes along under the name of the photo
        controls.append(
            part(spot, "drawing", DRAWING, "drawing", value="", kept=kept, kept_name=f"{spot.name}-file")
        )
    elif method in ("photo", "thumbprint"):
        attributes = {"accept": "image/*"}
        held = part(
            spot,
            "file",
            PAPER,
            "file",
            value="",
            kept=kept,
            kept_name=f"{spot.name}-file",
            attributes=attributes,
        )
        controls.append(replace(held, id=f"{held.id}-{len(kept)}" if kept else held.id))
    needed = signatures.NEEDED[method]
    for each, label in (("name", signatures.NAME), ("witness", signatures.WITNESS)):
        if each == "name" or each in needed:
            words = {"type": "text", "maxlength": "100"}
            controls.append(
                part(spot, each, label, required=each in needed, width="medium", attributes=words)
            )
    return Shape("set", tuple(controls))


def consent(spot: Spot) -> Shape:
    offered = [Option("yes", AGREE), Option("no", DISAGREE)]
    given: Mapping[str, object] = spot.raw if isinstance(spot.raw, Mapping) else {}
    views = spot.option_views(offered, {text_of(given.get("agreed"))}, f"{spot.name}-agreed")
    controls = [part(spot, "agreed", AGREEING, "radios", options=views, width="row")]
    if spot.component.settings["sensitive_items"]:
        ticked = text_of(given.get("sensitive")) in ("yes", "true")
        label = Text(
            "我单独同意处理上列敏感个人信息",
            "I separately agree to the use of the sensitive data listed above",
        )
        box = (OptionView(f"{spot.id}-sensitive", "yes", spot.say(label), chosen=ticked),)
        controls.append(part(spot, "sensitive", consents.SENSITIVE_AGREED, "tick", options=box))
    return Shape("set", tuple(controls))


for _name, _widget in {
    "person": person,
    "address": address,
    "identity_document": identity_document,
    "mobile": mobile,
    "signature": signature,
    "consent": consent,
}.items():
    register_widget(_name, _widget)
