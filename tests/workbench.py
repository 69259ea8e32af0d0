"""在工作台上办事：以某人的身份打开页面、照页面上的表单填、提交。"""

import time
from dataclasses import dataclass
from typing import Any

from django.test import Client
from lxml import html

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.services import SESSION_KEY
from yangguang.foundation.accounts.sessions import ENTRY


@dataclass
class Desk:
    """一个人的办公桌：登录好的浏览器。"""

    client: Client

    def get(self, path: str) -> Any:
        """打开一页。"""
        return self.client.get(path)

    def post(self, path: str, data: dict[str, Any]) -> Any:
        """提交，跟着转到的页面走。"""
        return self.client.post(path, data, follow=True)

    def form(self, path: str) -> dict[str, Any]:
        """页面上那张表单现在的值（含幂等键），跟浏览器提交的一样。"""
        page = html.fromstring(self.client.get(path).content)
        (form,) = [f for f in page.forms if f.action is None and f.method == "POST"]
        values: dict[str, Any] = {}
        for name, value in form.form_values():
            values.setdefault(name, []).append(value)
        # 空着的文本框，浏览器也交回一个空串
        for box in form.xpath(".//input[@name and not(@value)][not(@type) or @type='text']"):
            values.setdefault(box.name, [""])
        values.pop("csrfmiddlewaretoken", None)
        return values

    def fill(self, path: str, **changes: Any) -> Any:
        """打开表单，改几项，提交。"""
        return self.post(path, self.form(path) | changes)


def sign_in(actor: Actor, *, second: bool = True) -> Desk:
    """以 ``actor`` 的身份登录；``second`` 是经过了第二步没有。"""
    client = Client()
    client.force_login(
        User.objects.get(pk=actor.user_id), "django.contrib.auth.backends.ModelBackend"
    )
    session = client.session
    session[SESSION_KEY] = actor.assignment_id
    now = int(time.time())
    session[ENTRY] = {"at": now, "seen": now, "address": "", "agent": "", "method": "口令"}
    session[ENTRY] |= {"second": second}
    session.save()
    return Desk(client)
