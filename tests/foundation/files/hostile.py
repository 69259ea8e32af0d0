"""存心害人的文件，一样一个做法：测试自己做，不带现成的。"""

import io
import struct
import zipfile
import zlib

import docx
import openpyxl
import pikepdf
from PIL import Image

from tests.foundation.files.making import save

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SCRIPT = b"<script>alert(document.domain)</script>"


def word(text: str = "正文") -> bytes:
    """一份好好的 docx。"""
    document = docx.Document()
    document.add_paragraph(text)
    return save(document)


def book() -> bytes:
    """一份好好的 xlsx。"""
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


def pdf(**root: object) -> bytes:
    """一页空白的 pdf，``root`` 添进目录。"""
    stream = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    for name, value in root.items():
        document.Root[f"/{name}"] = value
    document.save(stream)
    return stream.getvalue()


def picture(kind: str, size: tuple[int, int] = (200, 200)) -> bytes:
    """一张好好的图片。"""
    stream = io.BytesIO()
    Image.new("RGB", size, "red").save(stream, kind)
    return stream.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    """一个压缩包。"""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return stream.getvalue()


def changed(package: bytes, members: dict[str, bytes], **replaced: tuple[bytes, bytes]) -> bytes:
    """``package`` 的副本，添上 ``members``；``replaced`` 是正文里换掉的。"""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            for before, after in replaced.values():
                part = part.replace(before, after)
            if name not in members:
                new.writestr(name, part)
        for name, content in members.items():
            new.writestr(name, content)
    return stream.getvalue()


def lying(package: bytes, name: str, size: int) -> bytes:
    """目录里写的展开大小是假的。"""
    raw = bytearray(changed(package, {name: bytes(size)}))
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = raw.rindex(name.encode(), 0, len(raw))
        at = raw.rindex(mark, 0, at) if mark == b"PK\x01\x02" else raw.index(name.encode()) - 30
        raw[at + place : at + place + 4] = struct.pack("<I", 10)
    return bytes(raw)


def matryoshka(depth: int) -> bytes:
    """一层套一层，最里面是个炸弹。"""
    inner = changed(word(), {"word/media/a.bin": bytes(40_000_000)})
    for _ in range(depth):
        inner = changed(word(), {"word/embeddings/inner.docx": inner})
    return inner


def png_of(width: int, height: int, *, texts: int = 0) -> bytes:
    """只写尺寸、几乎没有内容的 PNG；``texts`` 是一段压缩文字展开有多少字节。"""

    def chunk(kind: bytes, content: bytes) -> bytes:
        sum_ = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", sum_)

    rows = zlib.compress(bytes(1_000))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    said = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(texts))) if texts else b""
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + said + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )  # fmt: skip


def webp_of(width: int, height: int) -> bytes:
    """只写尺寸的 WebP（无损的头）。"""
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + bytes(20)
    body = b"WEBPVP8L" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(body)) + body


def revised(element: str) -> bytes:
    """正文里有一处 ``element``（修订、批注）的 docx。"""
    mark = f'<w:{element} w:id="1" w:author="甲" w:date="2026-01-01T00:00:00Z">'.encode()
    return changed(
        word("原文"), {},
        text=(b"<w:p><w:r><w:t>", b"<w:p>" + mark + f"</w:{element}><w:r><w:t>".encode()),
    )  # fmt: skip


def commented() -> bytes:
    """带批注的 docx。"""
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    part = b"<w:comments " + space + b'><w:comment w:id="0"><w:p/></w:comment></w:comments>'
    return changed(word(), {"word/comments.xml": part})


def linked(kind: str, mode: str = "External") -> bytes:
    """引用外面的模板、对象的 docx。"""
    space = b"http://schemas.openxmlformats.org/package/2006/relationships"
    part = (
        b'<Relationships xmlns="' + space + b'"><Relationship Id="r9" Type="http://x/' + kind.encode()
        + b'" Target="http://evil.example/a" TargetMode="' + mode.encode() + b'"/></Relationships>'
    )  # fmt: skip
    return changed(word(), {"word/_rels/settings.xml.rels": part})


def macro_typed() -> bytes:
    """宏的部件改了名字，类型表里还写着。"""
    types = (
        b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        b'content-types"><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        b"</Types>"
    )
    return changed(word(), {"[Content_Types].xml": types, "word/data.bin": b"x"})
