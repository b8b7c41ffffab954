from engine.forms import read_answers, read_only
from tests.engine.forms.given import LISTS, Documents, field, form_of, submit

FORM = form_of(
    field("name", "person", "姓名", "Name", ask=["name", "gender", "birth_date"]),
    field("home", "address", "住址", "Home"),
    field("document", "identity_document", "证件", "Document"),
    field("contact", "mobile", "手机", "Mobile"),
    field("danger", "yes_no", "有危险", "Danger"),
    field("problems", "several_choices", "问题", "Problems", options=[
        {"value": "a", "label": {"zh_Hans_CN": "经济", "en": "Money"}},
        {"value": "b", "label": {"zh_Hans_CN": "健康", "en": "Health"}},
    ]),
    field("at", "datetime", "时间", "Time"),
    field("amount", "money", "金额", "Amount"),
    field("hours", "hours", "时长", "Hours"),
    field("note", "text", "备注", "Note"),
    field("hidden", "text", "不显示", "Hidden", visible_when="danger = true"),
    field("goals", "repeated_group", "目标", "Goals", components=[field("what", "text", "内容", "What")]),
    field("sum", "computed", "合计", "Total", formula="amount * 2", unit="元"),
    field("sign", "signature", "签名", "Signature"),
)  # fmt: skip
RAW = {
    "name": {"name": "张桂兰", "gender": "female", "birth_date": "1952-03-08"},
    "home": {"street": "jinchen", "community": "yueya", "grid": "yueya-3", "detail": "5 栋 302"},
    "document": {"kind": "id_card", "number": "530103195203080030"},
    "contact": {"none": "yes", "contact_name": "王芳", "contact_number": "13900139000"},
    "danger": "no",
    "problems": ["b", "a"],
    "at": "2026-02-12T09:30",
    "amount": "1234.5",
    "hours": "1.5",
    "goals": [{"what": "外出"}, {"what": "吃饭"}],
    "sign": {"method": "typed", "name": "张桂兰", "witness": "李梅"},
}


def test_a_completed_form_reads_in_plain_words(documents: Documents) -> None:
    values = submit(FORM, RAW, files=documents).values
    assert read_only(FORM, values, "zh_Hans_CN", options=LISTS) == [
        ("姓名", "张桂兰 · 女 · 1952年3月8日"),
        ("住址", "金辰街道月牙社区第三网格5 栋 302"),
        ("证件", "居民身份证 530103195203080030"),
        ("手机", "无手机 · 王芳 13900139000"),
        ("有危险", "否"),
        ("问题", "健康、经济"),
        ("时间", "2026年2月12日 09:30"),
        ("金额", "¥1,234.50"),
        ("时长", "1.5 小时"),
        ("备注", "未填写"),
        ("目标 · 第 1 行 · 内容", "外出"),
        ("目标 · 第 2 行 · 内容", "吃饭"),
        ("合计", "2469 元"),
        ("签名", "输入姓名（须有见证人） · 张桂兰 · 见证人姓名: 李梅 · 2026年2月12日 10:00"),
    ]


def test_it_reads_in_english_too(documents: Documents) -> None:
    values = submit(FORM, RAW, files=documents).values
    rows = dict(read_only(FORM, values, "en", options=LISTS))
    assert rows["Home"] == "Jinchen Street, Yueya Community, Grid 3, 5 栋 302"
    assert rows["Time"] == "12 February 2026 09:30"
    assert rows["Problems"] == "Health, Money"
    assert rows["Note"] == "Not given"


def test_an_answer_whose_option_is_gone_still_shows() -> None:
    values = submit(FORM, RAW).values
    assert not values or read_only(FORM, {"problems": ["z"]}, "en") == [("Problems", "z")]


def test_lines_know_how_private_they_are(documents: Documents) -> None:
    answers = read_answers(FORM, submit(FORM, RAW, files=documents).values, "en", options=LISTS)
    assert {each.path: str(each.sensitivity) for each in answers}["document"] == "sensitive"
