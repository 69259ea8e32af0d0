"""信息的种类：来源在启动时登记，出口按种类取模板和地址。

资源库和出口都不认识来源的模型，只认识这里的约定。
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django.db.models import Model

from .rules import shelf


class Attachment(Protocol):
    """附件：名称、内容的 SHA-256、字节数、类型。``foundation.files.StoredFile`` 就是。"""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True)
class Reading:
    """渲染一页时给种类的只读材料：截至日期，以及数据键对应的数据。"""

    as_of: str
    data: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Library:
    """一种信息集中列出的库：地址（以 / 开头、以 / 结尾）、名称、模板、一句说明。

    有效性有意义的（``has_past``），现行有效的一页，不再有效的（失效、废止）另一页，在下面的 ``past/``。
    """

    path: str
    title: str
    template: str
    about: str
    has_past: bool = True

    @property
    def paths(self) -> tuple[str, ...]:
        """各页的地址，现行有效的在前。"""
        return (self.path, f"{self.path}past/") if self.has_past else (self.path,)


class PublicationKind:
    """一种信息。子类给出载荷、模板和地址。

    ``is_rich_text`` 为真的，正文里有列表、图片、链接（``foundation.richtext``）。
    ``is_periodical`` 为真的是刊物：它和它刊登的，检索时可以只在其中查。
    ``teaser`` 是首页上的一小块的模板：有它，站点首页就显示这一种类最新的一条。
    ``unit_teaser`` 也在首页上：站点自己没有这一种类，就显示上级站点最新一条里属于主办单位的部分。
    ``library`` 是这一种信息的库：有它，每个站点就有这一页。
    ``unit_block`` 是机构页上的一块的模板：有它，每个机构页就显示这一种类最新的一条里属于该机构的部分。
    """

    code: ClassVar[str]
    label: ClassVar[str]
    schema_version: ClassVar[int]
    template: ClassVar[str]
    is_rich_text: ClassVar[bool] = False
    is_periodical: ClassVar[bool] = False
    teaser: ClassVar[str] = ""
    unit_teaser: ClassVar[str] = ""
    unit_block: ClassVar[str] = ""
    library: ClassVar[Library | None] = None
    model: ClassVar[type[Model]]

    def payload(self, record: Any) -> dict[str, Any]:
        """记录此刻的载荷：公众将看到的全部内容，只含 JSON 的值。"""
        raise NotImplementedError

    def attachments(self, record: Any) -> Sequence[Attachment]:
        """随之公开的附件，按次序；视频的字幕紧跟在它后面。"""
        return ()

    def is_swiped(self, payload: Mapping[str, Any]) -> bool:
        """正文是不是一张张卡片：手机上左右滑，宽屏和纸上照样一页读完。"""
        return False

    def links(self, payload: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        """载荷里与之互链的各条信息：索引号，怎样相关（``PublicationLink.Relation``），按载荷里的次序。"""
        return ()

    def is_being_revised(self, record: Any) -> bool:
        """来源正在修订、尚未更正发布：此时来源与现行版本不同是正常的。"""
        return False

    def path(self, publication_id: int) -> str:
        """页面在站点里的地址，以 / 开头、不变。"""
        return f"/{self.code}/{shelf(publication_id)}/{publication_id}.html"

    def data_keys(self, payload: Mapping[str, Any]) -> tuple[str, ...]:
        """页面上由平台算出的数据的键；键更新时页面重烘，不产生新版本。"""
        return ()

    def page_context(self, payload: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
        """模板在载荷之外还要的值。"""
        return {}

    def unit_key(self, payload: Mapping[str, Any], organisation: str) -> str:
        """属于一个机构（代码）的那部分数据的键，供 ``unit_block`` 用；按 ``data_keys`` 重烘。"""
        raise NotImplementedError


_kinds: dict[str, PublicationKind] = {}


def register(kind: PublicationKind) -> None:
    """登记一种信息；代码重复抛出 ``ValueError``。"""
    if kind.code in _kinds:
        raise ValueError(f"信息种类 {kind.code} 已登记")
    _kinds[kind.code] = kind


def kind(code: str) -> PublicationKind:
    """按代码取种类；没有登记抛出 ``KeyError``。"""
    return _kinds[code]


def all_kinds() -> tuple[PublicationKind, ...]:
    """全部种类，按登记的次序。"""
    return tuple(_kinds.values())


def libraries() -> list[Library]:
    """声明了库的各种信息的库，按登记的次序。"""
    return [each.library for each in _kinds.values() if each.library]
