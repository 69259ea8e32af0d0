"""清单：每个目录一份 ``manifest.json``，写着其中每个文件的摘要和字节数、每个子目录的清单的摘要。

只有根目录的一份签名：它的摘要一层层管着全站。签名所签的，是去掉 ``signature`` 以后的规范写法
（键排序、不留空白、UTF-8）。根目录的一份另写着落实到变更日志的第几号、截至哪一天，拿旧的一整棵树
连同旧的签名来冒充，序号就对不上。压缩副本不列：它们展开以后必须就是那个文件。

纯函数，不碰数据库、时钟和配置。
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

NAME = "manifest.json"
KEY_NAME = "manifest-key.pem"
"""公钥在站点根目录下的名字。"""
ROOT = "/"
FORMAT = 1

Files = Mapping[str, tuple[str, int]]
"""名字 → 摘要、字节数。"""


@dataclass(frozen=True)
class Standing:
    """根目录的清单上写着的：落实到变更日志的第几号，截至哪一天，模板的版本。"""

    sequence: int
    as_of: str
    release: str


def folder_of(name: str) -> tuple[str, str]:
    """树里的相对路径在哪个目录（以 / 开头、结尾）、叫什么。"""
    folder, slash, own = name.rpartition("/")
    return f"/{folder}{slash}", own


def parent_of(folder: str) -> tuple[str, str]:
    """目录的上级，和它在上级里的名字。根目录没有上级。"""
    upper, _, name = folder.rstrip("/").rpartition("/")
    return f"{upper}/", name


def depth_of(folder: str) -> int:
    """目录在第几层，根目录是 0。"""
    return folder.count("/") - 1


def path_of_manifest(folder: str) -> str:
    """目录的清单在树里的相对路径。"""
    return f"{folder}{NAME}".lstrip("/")


def content(folder: str, files: Files, folders: Mapping[str, str]) -> bytes:
    """一个目录的清单。"""
    return canonical(_body(folder, files, folders)) + b"\n"


def root_body(
    site: str, standing: Standing, files: Files, folders: Mapping[str, str], key: str
) -> dict[str, Any]:
    """根目录的清单，还没有签名的。``key`` 是公钥的指纹。"""
    own = {"format": FORMAT, "site": site, "key": key}
    return _body(ROOT, files, folders) | own | asdict(standing)


def root_content(body: Mapping[str, Any], signature: bytes) -> bytes:
    """签了名的根目录的清单；没有钥匙时签名是空的。"""
    return canonical({**body, "signature": signature.hex()}) + b"\n"


def _body(folder: str, files: Files, folders: Mapping[str, str]) -> dict[str, Any]:
    return {
        "folder": folder,
        "files": {name: {"sha256": digest, "size": size} for name, (digest, size) in files.items()},
        "folders": dict(folders),
    }


def canonical(value: Any) -> bytes:
    """规范写法：同一个值只有一种字节。"""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def entry_of(data: bytes) -> tuple[str, int]:
    """一个文件的摘要和字节数。"""
    return digest_of(data), len(data)


def digest_of(data: bytes) -> str:
    """摘要。"""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Grown:
    """由全部文件长成的清单：除根目录外各目录的内容，和根目录的文件、子目录。"""

    contents: dict[str, bytes]
    root_files: Files
    root_folders: Mapping[str, str]


def grow(files: Files) -> Grown:
    """由树里全部文件（相对路径 → 摘要、字节数）从头长成各目录的清单。"""
    inside: dict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
    below: dict[str, dict[str, str]] = defaultdict(dict)
    for name, entry in files.items():
        folder, own = folder_of(name)
        inside[folder][own] = entry
    waiting = set(inside)
    contents: dict[str, bytes] = {}
    for folder in sorted(waiting | _above(waiting), key=depth_of, reverse=True):
        if folder != ROOT:
            contents[folder] = content(folder, inside[folder], below[folder])
            parent, own = parent_of(folder)
            below[parent][own] = digest_of(contents[folder])
    return Grown(contents, inside[ROOT], below[ROOT])


def _above(folders: set[str]) -> set[str]:
    """这些目录的各级上级。"""
    above: set[str] = set()
    for folder in folders:
        while folder != ROOT and (folder := parent_of(folder)[0]) not in above:
            above.add(folder)
    return above


class Malformed(ValueError):
    """不是一份清单。"""


@dataclass(frozen=True)
class Read:
    """读出来的一份清单。"""

    files: dict[str, tuple[str, int]]
    folders: dict[str, str]
    body: dict[str, Any]

    @property
    def standing(self) -> Standing:
        """根目录的清单上写着的。"""
        try:
            return Standing(*(self.body[name] for name in Standing.__dataclass_fields__))
        except KeyError as missing:
            raise Malformed(f"清单上没有 {missing}") from missing


def read(data: bytes, folder: str) -> Read:
    """读一份清单；格式不对、不是 ``folder`` 的抛出 ``Malformed``。"""
    try:
        body = json.loads(data)
        files = {
            name: (str(entry["sha256"]), int(entry["size"]))
            for name, entry in body["files"].items()
        }
        folders = {name: str(digest) for name, digest in body["folders"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed("不是清单") from error
    if body.get("folder") != folder:
        raise Malformed(f"是 {body.get('folder')} 的清单")
    odd = [name for name in (*files, *folders) if name in {"", ".", ".."} or "/" in name]
    if odd:
        raise Malformed(f"名字 {odd[0]!r} 不能用")
    return Read(files, folders, body)


def signature_of(body: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """根目录的清单的签名，和它所签的字节；没有签名或写得不对抛出 ``Malformed``。"""
    try:
        signature = bytes.fromhex(body["signature"])
    except (KeyError, ValueError, TypeError) as error:
        raise Malformed("没有签名") from error
    if not signature:
        raise Malformed("没有签名")
    return signature, canonical({key: value for key, value in body.items() if key != "signature"})
