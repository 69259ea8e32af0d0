"""在申请人的页面上办事：照页面上的表单填、提交，跟浏览器一样。"""

from typing import Any

from django.test import Client
from lxml import html

from tests.dialogue.requests.conftest import Hall
from tests.foundation.residents.conftest import citizen

HOME = "/interact/requests/"
WANTED = {"subject": "2020年某村低保评议公示结果", "description": "第三季度"}
PERSON = {
    "kind": "natural_person", "name": "马得福", "paper_kind": "identity_card",
    "paper_number": citizen("19800115"), "phone": "13900000000",
}  # fmt: skip
BY_POST = {"delivery": "paper-post", "address": "临夏市某街道某号", "postcode": "731100"}


def at(hall: Hall, page: str = "") -> str:
    """这个机关的一页。"""
    return f"{HOME}at/{hall.town.organisation.code}/{page}"


def fields(response: Any) -> dict[str, Any]:
    """页面上正文里的表单现在的值。"""
    forms = html.fromstring(response.content).xpath("//main//form[@method='post']")
    values = dict(forms[0].form_values())
    values.pop("csrfmiddlewaretoken", None)
    return values


def text(response: Any) -> str:
    """正文的文字，空白不计。"""
    (main,) = html.fromstring(response.content).xpath("//main")
    return "".join(main.text_content().split())


class Applicant:
    """一个申请人和他的浏览器。"""

    def __init__(self, hall: Hall, **options: Any) -> None:
        self.client = Client(**options)
        self.hall = hall

    def opens(self, **query: str) -> Any:
        """打开申请表。"""
        return self.client.get(at(self.hall, "apply/"), query)

    def goes_on(self, page: Any, **written: Any) -> Any:
        """在 ``page`` 这一屏写，按“下一步”。"""
        return self.client.post(at(self.hall, "apply/"), fields(page) | written)

    def fills(
        self, want: dict[str, str] = WANTED, who: dict[str, str] = PERSON,
        how: dict[str, str] = BY_POST,
    ) -> Any:  # fmt: skip
        """写到核对那一屏。"""
        page = self.opens()
        for written in (want, who, how):
            page = self.goes_on(page, **written)
            assert page.status_code == 200, text(page)
        return page

    def applies(self, **given: Any) -> tuple[str, str]:
        """一路填完、提交，返回回执上的编号和查询码。"""
        submitted = self.goes_on(self.fills(**given))
        assert submitted.status_code == 302, text(submitted)
        page = html.fromstring(self.client.get(submitted.headers["Location"]).content)
        number, code = page.xpath("//dl[@class='ticket']//dd/text()")
        return number.strip(), code.strip()

    def looks_up(self, number: str, code: str) -> Any:
        """凭编号和查询码查。"""
        return self.client.post(f"{HOME}status/", {"number": number, "code": code})

    def case(self) -> Any:
        """看得到的那一件。"""
        return self.client.get(f"{HOME}case/")

    def does(self, step: str, **written: Any) -> Any:
        """在进度页上走一步。"""
        key = html.fromstring(self.case().content).xpath("//input[@name='key']/@value")
        given = {"key": str(key[0]) if key else ""} | written
        return self.client.post(f"{HOME}case/do/{step}/", given)
