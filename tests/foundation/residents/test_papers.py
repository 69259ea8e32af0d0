"""证件号码：照国家标准里的例子，不照库里的函数自己算自己对。"""

import pytest

from yangguang.foundation.residents.rules import Paper


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_examples_of_the_standard_are_citizen_numbers(number: str) -> None:
    """GB 11643—1999 附录的两个例子。"""
    assert Paper("identity_card", number).fault == ""
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert "不合格" in Paper("identity_card", wrong).fault
