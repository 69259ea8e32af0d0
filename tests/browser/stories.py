"""故事里的人：坐到浏览器前面登录，点、填、选、按，读到什么；走过的每一屏都查一遍。

一屏查四样：有没有英文，横着滚不滚，表格的格子齐不齐，axe 有没有查出严重的和要紧的。
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_axe import AXE, examine
from tests.english import english_in
from tests.second_steps import code, with_totp
from yangguang.foundation.accounts.models import Totp, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import must_have_second_step
from yangguang.foundation.audit.sealing import seal_all
from yangguang.outlets.website.projector import catch_up

PASSWORD = "Sunshine-2020"
SPOKEN = """() => [
  document.title, document.body.innerText,
  ...[...document.querySelectorAll('[aria-label], [title], [placeholder], img[alt]')]
    .filter(e => e.checkVisibility())
    .flatMap(e => ['aria-label', 'title', 'placeholder', 'alt'].map(name => e.getAttribute(name) ?? '')),
].join('\\n')"""
RAGGED = """() => [...document.querySelectorAll('main tbody tr')]
  .filter(row => getComputedStyle(row).display === 'table-row')
  .filter(row => new Set([...row.cells].filter(e => e.rowSpan === 1 && e.checkVisibility())
    .map(e => Math.round(e.getBoundingClientRect().bottom))).size > 1)
  .map(row => row.innerText.slice(0, 60))"""


def english(page: Page) -> set[str]:
    """一屏上看得见、读屏念得到的英文；账号、网址、编号不算。"""
    return english_in(str(page.evaluate(SPOKEN)), User.objects.values_list("username", flat=True))


def faults(page: Page) -> list[str]:
    """这一屏的毛病。"""
    found = [f"英文：{word}" for word in sorted(english(page))]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("横着滚")
    found += [f"格子不齐：{row}" for row in page.evaluate(RAGGED)]
    page.evaluate(AXE)
    return found + examine(page)


@dataclass
class Person:
    """一个人和他的浏览器窗口。"""

    visitor: Visitor
    user: User
    page: Page
    seen: set[str] = field(default_factory=set)

    def signs_in(self) -> None:
        """在登录页上打用户名和口令；要第二步的，打手机上的码。全用键盘。"""
        expect(self.page.get_by_label("用户名")).to_be_focused()
        self.look()
        keyboard = self.page.keyboard
        keyboard.type(self.user.username)
        keyboard.press("Tab")
        keyboard.type(PASSWORD)
        keyboard.press("Enter")
        if Totp.objects.filter(user=self.user).exists():
            expect(self.page.get_by_label("动态码")).to_be_focused()
            self.look()
            keyboard.type(code())
            keyboard.press("Enter")

    def today(self) -> None:
        """回到“今天要办”。"""
        self._click(self._menu().get_by_role("link", name="今天要办"))
        self.at("今天要办")

    def goes_to(self, entry: str) -> None:
        """从菜单进一个列表。"""
        self._click(self._menu().get_by_role("link", name=re.compile(rf"^{entry}( \d+ 件要办)?$")))

    def follows(self, name: str | re.Pattern[str]) -> None:
        """点正文里的一个链接，当前位置里的不算；同名的点头一个。"""
        links = self.page.get_by_role("main").get_by_role("link", name=name)
        self._click(links.and_(self.page.locator("a:not(.crumbs a)")).first)

    def presses(self, name: str) -> None:
        """按一个按钮。"""
        self._click(self.button(name))

    def writes(self, label: str, text: str) -> None:
        """在一项里写字；日期写成 2020-09-25。"""
        box = self.field(label)
        expect(box).to_be_visible()
        self.look()
        box.fill(text)

    def types(self, label: str, text: str) -> None:
        """在正文编辑器里接着打字。"""
        self._click(self.page.get_by_role("textbox", name=label))
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text)

    def chooses(self, label: str, option: str) -> None:
        """在下拉的一项里选一个。"""
        box = self.field(label)
        expect(box).to_be_visible()
        self.look()
        box.select_option(label=option)

    def ticks(self, name: str) -> None:
        """勾上一个方格。"""
        box = self.page.get_by_role("checkbox", name=name)
        expect(box).to_be_visible()
        self.look()
        box.check()

    def picks(self, label: str, name: str, content: bytes) -> None:
        """选一个文件。"""
        self.look()
        given = {"name": name, "mimeType": "image/jpeg", "buffer": content}
        self.field(label).set_input_files(given)

    def acts_as(self, role: str) -> None:
        """换一个身份。"""
        self._click(self.page.get_by_role("link", name="换身份", exact=True))
        self.chooses_identity(role)

    def chooses_identity(self, role: str, *, at: str = "今天要办") -> None:
        """在选择身份的那一页选，到了 ``at``；``role`` 是一格里的字。"""
        self.at("以哪个身份办事")
        self._click(self.page.get_by_role("button", name=role))
        self.at(at)

    def at(self, heading: str) -> None:
        """到了这一页。"""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        self.look()

    def reads(self, *texts: str) -> None:
        """读到这些话。"""
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)
        self.look()

    def reads_in(self, group: str, *texts: str) -> None:
        """在“今天要办”的一组里读到这些话。"""
        section = self.page.get_by_role("main").locator("section", has=self._heading(group))
        for text in texts:
            expect(section).to_contain_text(text)
        self.look()

    def does_not_read(self, *texts: str) -> None:
        """页面上没有这些话。"""
        for text in texts:
            expect(self.page.get_by_role("main")).not_to_contain_text(text)
        self.look()

    def is_refused(self, why: str) -> None:
        """没有办成，页面顶上说为什么。"""
        expect(self.page.get_by_role("alert")).to_contain_text(why)
        self.look()
        (told,) = [each for each in self.visitor.troubles if "422" in each]
        self.visitor.troubles.remove(told)

    def is_at_step(self, step: str) -> None:
        """记录走到这一步。"""
        expect(self.page.locator(".steps .now")).to_have_text(step)
        self.look()

    def sees_it_published(self) -> None:
        """作业进程烘出网页，从记录页到公众看的那一页。"""
        bake()
        self._click(self.page.get_by_role("main").get_by_role("link", name="看公开页面"))
        expect(self.page.get_by_role("contentinfo")).to_be_visible()
        self.look()

    def look(self) -> None:
        """查现在这一屏；一样的一屏只查一遍。"""
        self.page.wait_for_load_state()
        # 记录换了一步、列表空了有了，都是另一屏
        title = self.page.title()
        path = re.sub(r"\d+", "0", urlsplit(self.page.url).path)
        steps = self.page.locator(".steps .now, .refusals, .message").all_inner_texts()
        screen = f"{path} {title} {steps}"
        if screen in self.seen:
            return
        self.seen.add(screen)
        assert faults(self.page) == [], screen

    def _menu(self) -> Locator:
        """菜单；手机上先打开。"""
        opener = self.page.get_by_role("button", name="菜单", exact=True)
        if opener.is_visible():
            opener.click()
        return self.page.get_by_role("navigation", name="工作台")

    def button(self, name: str) -> Locator:
        """正文里的一个按钮，灰的也算。"""
        return self.page.get_by_role("main").get_by_role("button", name=name, exact=True)

    def field(self, label: str) -> Locator:
        """一项；标签后面跟着“可不填”一类的也认。"""
        return self.page.get_by_role("main").get_by_label(re.compile(rf"^\s*{label}(\s|$)"))

    def _heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", level=2, name=name, exact=True)

    def _click(self, what: Locator) -> None:
        expect(what).to_be_visible()
        self.look()
        what.click()


def comes(
    visitor: Visitor,
    who: Actor,
    name: str,
    *,
    width: int = 1440,
    at: str = "今天要办",
    coded: bool = False,
) -> Person:
    """一个人坐下来登录，看到 ``at`` 这一页。

    ``name`` 是他在页面上的名字；登录须有第二步的，或者 ``coded``，手机上设好了动态码。
    """
    user = User.objects.get(pk=who.user_id)
    user.display_name = name
    user.set_password(PASSWORD)
    user.save()
    if coded or must_have_second_step(user):
        with_totp(user)
    person = Person(visitor, user, visitor.open("/workbench/", width=width))
    person.signs_in()
    person.at(at)
    return person


def bake() -> None:
    """作业进程做的：封链，跟上变更日志。"""
    seal_all()
    catch_up(timezone.localdate())


def baked() -> list[Path]:
    """烘好的全部文件。"""
    return [path for path in Path(settings.SITE_ROOT).rglob("*") if path.is_file()]
