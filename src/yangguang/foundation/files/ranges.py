"""只要文件的一段（RFC 9110 第 14 节）：看视频拖动进度、下载断了接着下，都靠它。纯函数。"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True)
class Part:
    """从 ``start`` 起的 ``length`` 字节，整个文件是 ``size`` 字节。"""

    start: int
    length: int
    size: int

    @property
    def content_range(self) -> str:
        """``Content-Range`` 怎样写。"""
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.size}"


class Unsatisfiable(Exception):  # noqa: N818  说的是请求
    """要的一段不在文件里：答 416。"""


def part_of(header: str, size: int) -> Part | None:
    """``Range`` 要的一段；没有要的、写得不认识的、一次要好几段的为空，就给整个文件。

    要的不在文件里抛出 ``Unsatisfiable``。
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        start = size - length
    else:
        start = int(found[1])
        last = min(int(found[2]), size - 1) if found[2] else size - 1
        if found[2] and int(found[2]) < start:
            return None
        length = last - start + 1
    if length <= 0 or start >= size:
        raise Unsatisfiable
    return Part(start, length, size)


def read_part(stream: BinaryIO, part: Part) -> Iterator[bytes]:
    """读出这一段，读完关上。"""
    with stream:
        stream.seek(part.start)
        left = part.length
        while left > 0 and (chunk := stream.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
