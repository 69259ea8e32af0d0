"""通报的正文：列得下的逐件列，列不下的说还有几件，总数照合计。"""

from datetime import date

from yangguang.sources.ledger.rules import Tally
from yangguang.sources.ledger.wording import MOST_LISTED, Behind, blocks, text_of

AS_OF = date(2020, 11, 20)


def told(late: int, overdue: int) -> str:
    listed = [
        Behind("某局", f"某局发〔2020〕{n}号", f"第{n}件", "2020-09-25", "2020-10-29", "", 16)
        for n in range(1, min(late + overdue, MOST_LISTED) + 1)
    ]
    whole = Tally(on_time=3, late=late, not_online=overdue, overdue=overdue)
    return text_of("通报", blocks("测试州", AS_OF, AS_OF, whole, [], listed, []))


def test_what_the_table_does_not_hold_is_counted() -> None:
    assert "另有" not in told(MOST_LISTED, 0)
    text = told(MOST_LISTED, 5)
    assert "另有 5 件，见发文台账。" in text and f"第{MOST_LISTED}件" in text


def test_without_anything_late_there_is_no_such_part() -> None:
    assert "逾期上网和到期没有上网的" not in told(0, 0)
