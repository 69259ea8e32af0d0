"""遮盖的底线：框里的像素全黑，文字、属性、附件、批注都没有了——转过、裁过、叠着的都一样。"""

import io
import math

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image

from tests.dialogue.redaction.making import (
    boxes_of,
    faults,
    found_in,
    has_ink,
    is_black,
    made,
    picture_of,
    rendered,
    streams_of,
    text_of,
)
from tests.dialogue.redaction.papers import IDENTITY, MOBILE, Paper, pdf, picture, text
from yangguang.dialogue.redaction.boxes import Box
from yangguang.dialogue.redaction.opening import MOST_PIXELS, opened, pixels_of
from yangguang.dialogue.redaction.opening import Sheet as Size
from yangguang.foundation.files.rules import PDF

SECRET = IDENTITY.encode()


def holds_nothing(content: bytes, *secrets: str) -> None:
    """做成的一份里，翻遍每个零件也没有这些字。"""
    assert text_of(content) == ""
    for stream in streams_of(content):
        for secret in (*secrets, IDENTITY):
            assert secret.encode() not in stream
            assert secret.encode("utf-16-be") not in stream


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (50, 100, 350, 500)])
def test_the_number_is_found_where_it_is_seen_and_turned_black(
    rotate: int, crop: tuple[float, float, float, float] | None
) -> None:
    content = pdf(text(IDENTITY, 100, 300) + text("kept", 120, 400), rotate=rotate, crop=crop)
    found = found_in(content)
    assert [each.kind for each in found] == ["identity_number"]
    [box] = boxes_of(found)
    with opened(content, PDF) as pages:
        assert has_ink(pages.picture(1), box), "框正在字上"
    output = made(content, [box])
    assert is_black(picture_of(output), box)
    assert is_black(rendered(output), Box(1, box.x, box.y, box.width, box.height))
    [kept] = boxes_of(found_in(content, "kept"))
    assert has_ink(picture_of(output), kept), "没有框的字还在"
    holds_nothing(output)


def test_what_lies_outside_the_crop_is_not_in_the_output() -> None:
    content = pdf(text(IDENTITY, 10, 20) + text("seen", 120, 300), crop=(100, 100, 400, 600))
    assert found_in(content) == []
    output = made(content, [Box(1, 0.9, 0.9, 0.05, 0.05)])
    with opened(output, PDF) as pages:
        assert [round(each) for each in (pages.sheets[0].width, pages.sheets[0].height)] == [
            300,
            500,
        ]
    holds_nothing(output)


def test_white_text_and_text_behind_a_picture_do_not_survive() -> None:
    paper = Paper.blank()
    page = paper.page(
        text(IDENTITY, 60, 300)
        + "q 300 0 0 60 50 280 cm /Im Do Q\n1 1 1 rg "
        + text(MOBILE, 60, 500)
    )
    image = paper.document.make_stream(b"\xc8" * 12)
    image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 2, 2
    image.ColorSpace, image.BitsPerComponent = Name.DeviceRGB, 8
    page.obj.Resources.XObject = Dictionary(Im=image)
    content = paper.saved()
    assert {each.kind for each in found_in(content)} == {"identity_number", "mobile"}
    output = made(content, [Box(1, 0.8, 0.9, 0.1, 0.05)])
    holds_nothing(output, MOBILE)


def test_text_within_a_form_an_annotation_and_a_filled_field_is_found_and_blackened() -> None:
    paper = Paper.blank()
    page = paper.page("/Fm Do\n")
    page.obj.Resources.XObject = Dictionary(
        Fm=paper.form(text(IDENTITY, 60, 500), (0, 0, 400, 600))
    )
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([60, 300, 260, 330]), F=4,
        Contents=MOBILE, DA="/Helv 12 Tf",
        AP=Dictionary(N=paper.form(text(MOBILE, 2, 8), (0, 0, 200, 30))),
    )  # fmt: skip
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="phone", V="15900001111", F=4,
        DA="/F1 12 Tf 0 g", Rect=Array([60, 100, 260, 130]),
    )  # fmt: skip
    made_field = paper.document.make_indirect(field)
    page.obj.Annots = Array([paper.document.make_indirect(note), made_field])
    paper.document.Root.AcroForm = Dictionary(
        Fields=Array([made_field]), DR=paper.resources(), DA="/F1 12 Tf 0 g"
    )
    content = paper.saved()
    found = found_in(content)
    assert sorted(each.kind for each in found) == ["identity_number", "mobile", "mobile"]
    output = made(content, boxes_of(found))
    assert all(is_black(picture_of(output), box) for box in boxes_of(found))
    holds_nothing(output, MOBILE, "15900001111")


def test_a_hidden_layer_does_not_come_out() -> None:
    paper = Paper.blank()
    page = paper.page("/OC /Hidden BDC " + text(IDENTITY, 60, 300, 30) + "EMC\n")
    layer = paper.document.make_indirect(Dictionary(Type=Name.OCG, Name="hidden"))
    page.obj.Resources.Properties = Dictionary(Hidden=layer)
    paper.document.Root.OCProperties = Dictionary(
        OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer]))
    )
    output = made(paper.saved(), [Box(1, 0.8, 0.9, 0.1, 0.05)])
    assert not has_ink(picture_of(output), Box(1, 0.05, 0.3, 0.9, 0.4))
    holds_nothing(output)


def test_properties_outlines_and_links_are_gone() -> None:
    paper = Paper.blank()
    page = paper.page(text("open", 60, 300))
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([60, 300, 200, 320]),
        A=Dictionary(S=Name.URI, URI=f"https://example.cn/{IDENTITY}"),
    )  # fmt: skip
    page.obj.Annots = Array([link])
    with paper.document.open_metadata() as metadata:
        metadata["dc:title"] = IDENTITY
    paper.document.docinfo["/Author"] = IDENTITY
    with paper.document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(IDENTITY, 0))
    output = made(paper.saved(), [Box(1, 0.1, 0.1, 0.1, 0.1)])
    holds_nothing(output)
    with pikepdf.open(io.BytesIO(output)) as document:
        assert set(document.Root.keys()) == {"/Type", "/Pages"}
        assert not document.trailer.get("/Info")


def test_a_withheld_page_is_replaced_and_nothing_of_it_remains() -> None:
    paper = Paper.blank()
    paper.page(text("first", 60, 300, 40))
    paper.page(text(IDENTITY, 60, 580, 30), size=(600, 400), rotate=90)
    content = paper.saved()
    output = made(content, [], [2])
    with opened(output, PDF) as pages:
        assert [(round(s.width), round(s.height)) for s in pages.sheets] == [(400, 600), (400, 600)]
    sheet = picture_of(output, 2)
    assert not has_ink(sheet, Box(2, 0, 0, 1, 0.4)) and not has_ink(sheet, Box(2, 0, 0.6, 1, 0.4))
    assert has_ink(sheet, Box(2, 0.2, 0.4, 0.6, 0.2)), "写着“本页不予公开”"
    other = Paper.blank()
    other.page("", size=(400, 600))
    assert sheet.tobytes() == picture_of(made(other.saved(), [], [1])).tobytes()
    holds_nothing(output)


def test_the_same_file_and_boxes_always_give_the_same_bytes() -> None:
    content = pdf(text(IDENTITY, 100, 300))
    boxes = boxes_of(found_in(content))
    assert made(content, boxes) == made(content, list(reversed(boxes)))


def test_a_turned_photograph_is_seen_upright_and_its_place_and_camera_are_gone() -> None:
    content = picture("JPEG", orientation=6, gps=True)
    with opened(content, "image/jpeg") as pages:
        assert pages.picture(1).size == (200, 300), "竖着拍的，转正了"
    # 左上角的红块转到了右上角
    red = Box(1, 1 - 40 / 200, 0, 40 / 200, 60 / 300)
    output = made(content, [red], media_type="image/jpeg")
    image = picture_of(output)
    assert image.size == (200, 300) and is_black(image, red)
    assert image.convert("RGB").getcolors(100_000)
    assert all(b"Exif" not in each and b"SECRETCAMERA" not in each for each in streams_of(output))


def test_colours_hidden_under_transparency_do_not_come_out() -> None:
    image = Image.new("RGBA", (200, 200), (255, 0, 0, 0))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    output = picture_of(made(stream.getvalue(), [Box(1, 0, 0, 0.1, 0.1)], media_type="image/png"))
    assert output.getpixel((150, 150)) == (255, 255, 255)


def test_a_photograph_that_packs_badly_is_still_black_to_the_last_pixel() -> None:
    noise = Image.effect_noise((1200, 1200), 90)
    photo = Image.merge("RGB", (noise, noise.rotate(90), noise.rotate(180)))
    stream = io.BytesIO()
    photo.save(stream, "PNG")
    box = Box(1, 0.1234, 0.2345, 0.333, 0.0777)
    output = made(stream.getvalue(), [box], media_type="image/png")
    assert b"/DCTDecode" in output
    assert is_black(picture_of(output), box)


def test_a_large_drawing_is_brought_within_the_limit_of_pixels() -> None:
    width, height = pixels_of(Size(3370, 2384), 200)
    assert MOST_PIXELS * 0.98 < width * height <= MOST_PIXELS


def test_an_output_that_still_shows_text_or_an_unpainted_box_is_refused() -> None:
    box = Box(1, 0.1, 0.1, 0.3, 0.1)
    assert faults(pdf(text("seen", 60, 300)), [box])
    clean = made(pdf(""), [])
    assert faults(clean, [box]) == ["第 1 页有一处没有涂黑。"]
    assert faults(clean, [], pages=2) == ["应有 2 页，做成了 1 页。"]
    with pikepdf.open(io.BytesIO(clean)) as document:
        document.attachments["a.txt"] = b"x"
        stream = io.BytesIO()
        document.save(stream)
    assert faults(stream.getvalue(), [])
    assert faults(b"%PDF-1.7 nothing", []) == ["做成的文件打不开。"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    x=st.integers(60, 200), y=st.integers(110, 480), size=st.integers(6, 14),
    rotate=st.sampled_from([0, 90, 180, 270]), left=st.integers(0, 50), bottom=st.integers(0, 100),
    angle=st.sampled_from([0, 0, 30, 90]),
)  # fmt: skip
def test_wherever_the_number_stands_the_box_covers_every_pixel_of_it(
    x: int, y: int, size: int, rotate: int, left: int, bottom: int, angle: int
) -> None:
    """随便放在哪里、怎么转、怎么裁：找到的框一涂，页上再没有一个不是黑的墨点。"""
    a, b = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    drawing = f"BT /F1 {size} Tf {a:.4f} {b:.4f} {-b:.4f} {a:.4f} {x} {y} Tm ({MOBILE}) Tj ET"
    content = pdf(drawing, rotate=rotate, crop=(left, bottom, 400, 600))
    boxes = boxes_of(found_in(content, MOBILE))
    output = made(content, boxes)
    image = picture_of(output).convert("L")
    assert all(is_black(picture_of(output), box) for box in boxes)
    blank = image.copy()
    for box in boxes:
        blank.paste(255, box.pixels(*blank.size))
    assert blank.getextrema() == (255, 255), "框外没有漏出来的墨"
    assert not any(character.isdigit() for character in text_of(output))
    holds_nothing(output, MOBILE)
