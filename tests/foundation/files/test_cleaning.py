"""上网的一份：图片、视频去掉拍摄的时间、地点、设备、作者，画面一点不变；去不干净的不收。"""

import io
import struct

import pytest
from PIL import Image, PngImagePlugin
from PIL.Image import Exif

from tests.foundation.files.footage import box, mp4
from tests.town import Town
from yangguang.foundation.files.cleaning import Broken, bare_picture
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.files.services import FileRefused, path_of, store
from yangguang.foundation.files.storing import location
from yangguang.foundation.library.selectors import copy_of_file
from yangguang.hub.publications.kinds import kind
from yangguang.sources.documents.services import attach_uploads

PLACE = b"LanzhouHome"
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}


def exif(turn: int = 1) -> Exif:
    told = Exif()
    told[0x0110] = PLACE.decode()
    told[0x0112] = turn
    told.get_ifd(0x8825)[2] = (35.0, 36.0, 0.0)
    return told


def picture(form: str, *, turn: int = 1, **options: object) -> bytes:
    saved = io.BytesIO()
    image = Image.linear_gradient("L").resize((320, 240)).convert("RGB")
    image.save(saved, form, **({} if form == "GIF" else {"exif": exif(turn)}), **options)
    return saved.getvalue()


def shown(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGB").tobytes()


def marked(form: str) -> bytes:
    """一张处处写着拍摄地点的图片。"""
    if form == "PNG":
        told = PngImagePlugin.PngInfo()
        told.add_text("Comment", PLACE.decode())
        return picture(form, pnginfo=told)
    if form == "JPEG":
        # 画面后面又补了一张带着地点的小图，手机常这样
        return picture(form, comment=PLACE, progressive=True) + picture(form)
    return picture(form, **({"comment": PLACE} if form == "GIF" else {"xmp": PLACE}))


@pytest.mark.parametrize("form", TYPES)
def test_nothing_the_camera_wrote_goes_along_and_not_a_pixel_changes(form: str) -> None:
    original = marked(form)
    bare = bare_picture(original, TYPES[form])
    assert PLACE in original and PLACE not in bare and len(bare) < len(original)
    assert shown(bare) == shown(original)
    with Image.open(io.BytesIO(bare)) as image:
        assert not image.getexif() and "comment" not in image.info and "xmp" not in image.info
    assert bare_picture(bare, TYPES[form]) == bare


def test_a_picture_that_has_to_be_turned_keeps_only_how() -> None:
    bare = bare_picture(picture("JPEG", turn=6), "image/jpeg")
    with Image.open(io.BytesIO(bare)) as image:
        assert dict(image.getexif()) == {0x0112: 6}
    assert PLACE not in bare


def test_colour_profiles_stay() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for form in ("JPEG", "PNG", "WEBP"):
        bare = bare_picture(picture(form, icc_profile=profile), TYPES[form])
        assert Image.open(io.BytesIO(bare)).info["icc_profile"] == profile


@pytest.mark.parametrize("form", TYPES)
def test_what_cannot_be_taken_apart_is_never_called_clean(form: str) -> None:
    original = marked(form)
    whole = bare_picture(original, TYPES[form])
    for end in range(20, len(whole) - 1, 97):
        try:
            cut = bare_picture(original[:end], TYPES[form])
        except Broken:
            continue
        assert PLACE not in cut


def footage(*, handler: bytes = b"vide") -> bytes:
    """一段写着地点、作者、拍摄时间的视频。"""
    dated = box(b"mvhd", bytes(4) + struct.pack(">II", 3_900_000_000, 3_900_000_001) + bytes(88))
    told = box(b"udta", box(b"\xa9xyz", b"+35.6+103.2/" + PLACE) + box(b"meta", PLACE))
    track = box(
        b"trak",
        box(b"tkhd", bytes(4) + b"\xe8t}\x00" * 2 + bytes(72))
        + box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(13)))
        + box(b"meta", PLACE),
    )
    head = box(b"ftyp", b"isom" + struct.pack(">I", 512) + b"isommp42")
    frames = box(b"mdat", b"picture" * 500)
    return head + box(b"uuid", PLACE) + box(b"moov", dated + track + told) + frames


def kept(town: Town, content: bytes, name: str) -> StoredFile:
    stream = io.BytesIO(content)
    return store(stream, name, actor=town.drafter, organisation=town.organisation)


def test_a_video_keeps_its_length_and_frames_and_loses_place_author_and_time(town: Town) -> None:
    original = footage()
    file = kept(town, original, "调研.mp4")
    bare = location(file.public_sha256).read_bytes()
    assert path_of(file).read_bytes() == original, "原件不动"
    assert len(bare) == len(original) == file.public_size
    assert PLACE in original and PLACE not in bare
    assert b"\xa9xyz" not in bare and struct.pack(">I", 3_900_000_000) not in bare
    assert b"\xe8t}\x00" not in bare
    assert bare[bare.index(b"mdat") :] == original[original.index(b"mdat") :]
    again = kept(town, bare, "再传.mp4")
    assert again.bare_sha256 == "" and again.public_sha256 == again.sha256


def test_a_video_with_another_track_of_data_is_refused_with_the_way_out(town: Town) -> None:
    with pytest.raises(FileRefused, match=r"另有一轨记着拍摄地点.*重新导出"):
        kept(town, footage(handler=b"meta"), "航拍.mp4")
    assert not StoredFile.objects.exists()


def test_what_has_nothing_to_hide_is_published_as_it_is(town: Town) -> None:
    for content, name in ((mp4(), "短.mp4"), ("正文".encode(), "说明.txt")):
        file = kept(town, content, name)
        assert file.bare_sha256 == "" and copy_of_file(file).sha256 == file.sha256


def test_a_picture_attached_straight_to_a_document_is_published_without_its_place(
    town: Town,
) -> None:
    document, original = town.document(), marked("JPEG")
    attach_uploads(document, [("现场.jpg", original)], actor=town.drafter)
    (file,) = document.files()
    (copy,) = kind("document").attachments(document)
    assert path_of(file).read_bytes() == original
    public = location(copy.sha256).read_bytes()
    assert (copy.name, copy.size) == ("现场.jpg", len(public))
    assert PLACE not in public and shown(public) == shown(original)
