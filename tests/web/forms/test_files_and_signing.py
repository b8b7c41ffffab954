import base64
import io

from tests.engine.forms.given import field, form_of
from tests.web.forms.house import House, words

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 2000
DRAWING = "data:image/png;base64," + base64.b64encode(PNG).decode()
PHOTOS = form_of(
    field("photos", "photo", "照片", "Photos", max_files=2),
    field("name", "text", "姓名", "Name", required=True),
)
SIGNED = form_of(field("sign", "signature", "签名", "Signature", required=True))


def picture(name: str = "厨房.png") -> tuple[io.BytesIO, str]:
    return io.BytesIO(PNG), name


def test_an_upload_survives_an_error_elsewhere_and_can_be_taken_away() -> None:
    house = House(PHOTOS)
    wrong = house.get().send(photos=[picture()], name="")
    assert "厨房.png" in words(wrong.one("//*[@class='field-file']"))
    assert wrong.data()["photos"] == ["file-1"]
    assert wrong.one("//input[@type='file']").get("id") != "f-photos", (
        "a renewed page must not send the file again"
    )
    again = wrong.send(photos=["file-1", picture("客厅.png")], name="")
    assert again.data()["photos"] == ["file-1", "file-2"]
    gone = again.send(**{"photos-_remove": "file-1", "name": "李梅"})
    assert house.taken is not None
    assert [each["id"] for each in house.taken["photos"]] == ["file-2"]  # type: ignore[attr-defined]
    assert gone.one("//a").get("href") == "/files/file-2"


def test_a_file_of_the_wrong_kind_is_refused_beside_its_input() -> None:
    page = House(PHOTOS).get().send(photos=[(io.BytesIO(b"MZ"), "病毒.png")], name="李梅")
    assert "病毒.png" in words(page.one("//*[@id='f-photos-error']"))
    assert page.one("//*[@class='field-summary']//a").get("href") == "#f-photos"


def test_one_signs_on_the_screen() -> None:
    house = House(SIGNED)
    page = house.get()
    assert page.one("//canvas").get("aria-label")
    assert page.all("//noscript"), "without JavaScript another way is pointed out"
    page.send(**{"sign-method": "drawn", "sign-drawing": DRAWING})
    assert house.taken is not None
    assert house.documents.kept["file-1"][1] == PNG


def test_a_drawn_signature_survives_an_error_elsewhere() -> None:
    house = House(
        form_of(
            field("sign", "signature", "签名", "Signature"), field("a", "text", "字", "Word", required=True)
        )
    )
    page = house.get().send(**{"sign-method": "drawn", "sign-drawing": DRAWING})
    assert page.all("//canvas") == []
    page.send(a="好")
    assert house.taken is not None
    assert house.taken["sign"]["file"]["id"] == "file-1"  # type: ignore[index]


def test_without_javascript_one_signs_by_name_with_a_witness() -> None:
    house = House(SIGNED)
    page = house.get().press("更新表单", **{"sign-method": "typed"})
    wrong = page.send(**{"sign-name": "张桂兰"})
    assert [each.get("href") for each in wrong.all("//*[@class='field-summary']//a")] == ["#f-sign-witness"]
    wrong.send(**{"sign-witness": "李梅"})
    assert house.taken is not None


def test_a_photo_of_the_signed_paper_is_a_signature() -> None:
    house = House(SIGNED)
    page = house.get().press("更新表单", **{"sign-method": "photo"})
    page.send(**{"sign-file": [picture("签字.png")]})
    assert house.taken is not None
    assert house.taken["sign"]["file"]["name"] == "签字.png"  # type: ignore[index]


def test_consent_shows_its_terms_and_nothing_is_ticked_beforehand() -> None:
    form = form_of(
        field(
            "consent",
            "consent",
            "知情同意",
            "Consent",
            required=True,
            text="社工站将为您提供服务。",
            version="2026-01",
            purposes=["个案服务"],
            items=["姓名"],
            sensitive_items=["健康状况"],
            retention="结案后 10 年",
        )
    )
    house = House(form)
    page = house.get()
    terms = words(page.one("//*[@class='field-terms']"))
    assert all(each in terms for each in ("个案服务", "健康状况", "结案后 10 年", "2026-01"))
    assert page.all("//@checked") == []
    page.send(**{"consent-agreed": "yes"})
    assert house.taken is not None
    assert house.taken["consent"]["sensitive_agreed"] is False  # type: ignore[index]


def test_a_completed_form_is_shown_to_read() -> None:
    form = form_of(
        field("name", "person", "姓名", "Name"),
        field("goals", "repeated_group", "目标", "Goals", components=[field("what", "text", "内容", "What")]),
    )
    page = House(form).post({"name-name": "张桂兰", "goals-_rows": "1", "goals-0-what": "<b>外出</b>"})
    assert [words(each) for each in page.all("//dt")] == ["姓名", "目标 · 第 1 行 内容"]
    assert [words(each) for each in page.all("//dd")] == ["张桂兰", "<b>外出</b>"]
