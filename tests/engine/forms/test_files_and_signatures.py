"""Uploads are checked by their content and kept at once; signatures come in four ways."""

import base64
import io
import zipfile
from typing import Any

import pytest

from engine.forms import Upload
from tests.engine.forms.given import NOW, Documents, field, form_of, said, submit

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
JPG = b"\xff\xd8\xff\xe0" + b"picture"
PHOTO = form_of(field("photos", "photo", "照片", "Photos", required=True, max_files=2))
SIGNED = form_of(field("sign", "signature", "服务对象签名", "Client's signature", required=True))
DRAWING = "data:image/png;base64," + base64.b64encode(PNG).decode()


def office(*members: str) -> bytes:
    """A zip file with these members."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in members:
            archive.writestr(name, "x")
    return held.getvalue()


def test_a_photo_is_kept_under_a_name_that_fits_its_content(documents: Documents) -> None:
    result = submit(PHOTO, {"photos": [Upload("C:\\图\\厨房.exe", JPG)]}, files=documents)
    assert result.values["photos"] == [
        {"id": "file-1", "name": "厨房.jpg", "media_type": "image/jpeg", "size": len(JPG)}
    ]
    assert result.raw == {"photos": ["file-1"]}


def test_a_kept_photo_is_not_lost_when_another_field_is_wrong(documents: Documents) -> None:
    form = form_of(
        field("photos", "photo", "照片", "Photos"), field("name", "text", "姓名", "Name", required=True)
    )
    first = submit(form, {"photos": [Upload("a.png", PNG)], "name": ""}, files=documents)
    assert first.messages == {"name": ["请填写姓名"]}
    second = submit(form, {**first.raw, "name": "李梅"}, files=documents)
    assert second.ok
    assert len(documents.kept) == 1


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (Upload("a.png", b"<script>alert(1)</script>"), "照片：“a.png”应为 jpg、png、webp 文件"),
        (Upload("a.png", b"%PDF-1.7"), "照片：“a.png”应为 jpg、png、webp 文件"),
        (Upload("a.png", b""), "照片：“a.png”是空文件"),
        (Upload("a.png", PNG + b"0" * 11 * 1024 * 1024), "照片：“a.png”超过 10 MB"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name(upload: Upload, sentence: str, documents: Documents) -> None:
    assert said(PHOTO, {"photos": [upload]}, files=documents) == {"photos": [sentence]}
    assert documents.kept == {}


def test_documents_of_an_office_are_told_apart_by_what_they_hold(documents: Documents) -> None:
    form = form_of(field("papers", "file", "材料", "Papers", max_files=5))
    good = [
        Upload("a", office("word/document.xml")),
        Upload("b.x", office("xl/workbook.xml")),
        Upload("c", b"%PDF-"),
    ]
    result = submit(form, {"papers": good}, files=documents)
    assert result.ok
    assert [kept.name for kept, _ in documents.kept.values()] == ["a.docx", "b.xlsx", "c.pdf"]
    macro = office("word/document.xml", "word/vbaProject.bin")
    for content in (macro, office("evil.sh"), b"MZ"):
        assert not submit(form, {"papers": [Upload("a.docx", content)]}, files=documents).ok


def test_only_files_the_person_may_attach_are_taken(documents: Documents) -> None:
    assert said(PHOTO, {"photos": ["somebody-elses"]}, files=documents) == {
        "photos": ["照片已失效，请重新上传"]
    }
    forged = {"id": "x", "name": "x", "media_type": "image/png", "size": 1}
    assert not submit(PHOTO, {"photos": [forged]}, files=documents).ok


def test_too_many_files_are_refused(documents: Documents) -> None:
    uploads = [Upload(f"{n}.png", PNG) for n in range(3)]
    assert said(PHOTO, {"photos": uploads}, files=documents) == {"photos": ["照片最多 2 个文件"]}


def test_without_a_document_store_no_file_is_taken() -> None:
    assert said(PHOTO, {"photos": [Upload("a.png", PNG)]}) == {"photos": ["这里不能上传文件"]}


def test_a_signature_drawn_on_the_screen_is_kept_as_a_picture(documents: Documents) -> None:
    result = submit(SIGNED, {"sign": {"method": "drawn", "drawing": DRAWING}}, files=documents)
    value: Any = result.values["sign"]
    assert value["file"]["name"] == "signature.png"
    assert value["signed_at"] == NOW
    assert documents.kept["file-1"][1] == PNG
    assert "base64" not in repr(result.raw)


@pytest.mark.parametrize(
    ("raw", "errors"),
    [
        (
            {"method": "drawn", "drawing": "data:image/png;base64,!!"},
            {"sign": ["服务对象签名没有收到，请重签"]},
        ),
        ({"method": "typed", "name": "张桂兰"}, {"sign.witness": ["服务对象签名：请填写见证人姓名"]}),
        (
            {"method": "thumbprint", "file": [Upload("a.jpg", JPG)]},
            {"sign.witness": ["服务对象签名：请填写见证人姓名"]},
        ),
        ({"method": "photo", "name": "张桂兰"}, {"sign.file": ["请上传服务对象签名"]}),
        ({"method": "stamp", "name": "张桂兰"}, {"sign.method": ["服务对象签名：请选择签名方式"]}),
    ],
)
def test_a_signature_that_lacks_something_says_what(
    raw: dict[str, Any], errors: dict[str, list[str]], documents: Documents
) -> None:
    assert said(SIGNED, {"sign": raw}, files=documents) == errors


def test_who_cannot_write_signs_by_name_with_a_witness(documents: Documents) -> None:
    raw = {"method": "typed", "name": "张桂兰", "witness": "李梅"}
    value: Any = submit(SIGNED, {"sign": raw}, files=documents).values["sign"]
    assert (value["name"], value["witness"], value["file"]) == ("张桂兰", "李梅", None)


def consent(**more: object) -> dict[str, Any]:
    return field(
        "consent",
        "consent",
        "知情同意",
        "Consent",
        required=True,
        text="社工站将为您提供服务。",
        version="2026-01",
        purposes=["个案服务"],
        items=["姓名", "住址"],
        sensitive_items=["健康状况"],
        retention="结案后 10 年",
        **more,
    )


def test_consent_to_sensitive_data_is_given_separately() -> None:
    form = form_of(consent())
    plain: Any = submit(form, {"consent": {"agreed": "yes"}}).values["consent"]
    assert (plain["agreed"], plain["sensitive_agreed"], plain["version"]) == (True, False, "2026-01")
    both: Any = submit(form, {"consent": {"agreed": "yes", "sensitive": "yes"}}).values["consent"]
    assert both["sensitive_agreed"] is True
    neither: Any = submit(form, {"consent": {"agreed": "no", "sensitive": "yes"}}).values["consent"]
    assert neither["sensitive_agreed"] is False


def test_refusing_consent_is_an_answer_unless_the_form_needs_agreement() -> None:
    assert submit(form_of(consent()), {"consent": {"agreed": "no"}}).ok
    assert said(form_of(consent()), {"consent": {}}) == {"consent": ["请回答“知情同意”"]}
    must = form_of(consent(must_agree=True, must_agree_sensitive=True))
    assert said(must, {"consent": {"agreed": "no"}}) == {"consent.agreed": ["不同意“知情同意”则不能继续"]}
    assert said(must, {"consent": {"agreed": "yes"}}) == {
        "consent.sensitive": ["知情同意：请单独勾选敏感个人信息"]
    }
