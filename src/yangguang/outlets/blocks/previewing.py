"""预览：草稿或某一版照公众看到的样子印出来，只给编辑看，不进公开的树。"""

from yangguang.foundation.reading_day import reading_day
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.listings import home_of, topic_head_of

from .arranging import Laid, laid_out, shown_blocks
from .models import BlockPage
from .rules import Blocks


def press_of(page: BlockPage) -> Press:
    """印预览的印台。"""
    return Press(page.site, reading_day())


def preview(page: BlockPage, blocks: Blocks) -> bytes:
    """整张页。"""
    press = press_of(page)
    arranged = laid_out(press, page.topic, blocks, is_preview=True)
    if page.topic is None:
        return home_of(press, arranged).content
    return topic_head_of(press, page.topic, arranged).content


def laid(page: BlockPage, blocks: Blocks) -> list[Laid]:
    """各块现在印成什么：没有内容的要告诉编辑。"""
    return shown_blocks(press_of(page), page.topic, blocks, is_preview=True)
