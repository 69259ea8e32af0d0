"""公文：纯规则，不碰数据库、时钟和配置。"""

from .elements import body_blocks
from .parsing import ParsedDocument, parse_document

__all__ = ["ParsedDocument", "body_blocks", "parse_document"]
