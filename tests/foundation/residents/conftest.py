"""接着另一个进程里的省统一身份认证，公众和工作人员各用各的客户端。"""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from lxml import html
from stdnum.cn import ric

import tests.oidc_provider as provider_script
from tests.foundation.accounts.test_sign_on import House, house, process  # noqa: F401
from yangguang.foundation.oidc.provider import Provider
from yangguang.foundation.organisations.rules import demonstration_uscc
from yangguang.foundation.residents.sign_on import client_of

ME, SIGN_IN, BACK = "/interact/me/", "/interact/sign-in/", "/interact/sign-in/back/"


def citizen(born: str) -> str:
    """一个校验位正确、区划不存在的公民身份号码。"""
    stem = f"990000{born}001"
    # 库里的函数要连校验位一起给，它自己去掉最后一位
    return stem + ric.calc_check_digit(f"{stem}0")


NUMBER = citizen("19800115")
PERSON = {
    "kind": "natural", "name": "马晓梅", "paper_kind": "identity_card", "paper_number": NUMBER,
    "level": "verified",
}  # fmt: skip
FIRM_CODE = demonstration_uscc("firm")
FIRM = PERSON | {"kind": "legal", "firm_name": "临夏某某有限公司", "firm_code": FIRM_CODE}


@pytest.fixture
def province(house: House, settings: Any) -> House:  # noqa: F811
    """公众也接着它；里面登录着马晓梅。"""
    settings.RESIDENT_SIGN_ON = Provider(
        house.address, provider_script.PUBLIC_CLIENT, provider_script.PUBLIC_SECRET, "甘肃省统一身份认证",
    )  # fmt: skip
    client_of.cache_clear()
    house.told(subject="citizen-1", claims=json.dumps(PERSON))
    return house


def agreed(client: Client, **query: str) -> str:
    """看过告知书，页面上“同意，去登录”指向的地址。"""
    page = client.get(f"{SIGN_IN}?{urlencode(query)}")
    assert page.status_code == 200, page.status_code
    (address,) = html.fromstring(page.content).xpath("//main//a[text()='同意，去登录']/@href")
    return str(address)


def there_and_back(house: House, client: Client, **query: str) -> Any:  # noqa: F811
    """同意，去省里，回来。"""
    gone = client.get(agreed(client, **query))
    assert gone.status_code == 302, gone.content.decode()
    return client.get(house.visited(gone.headers["Location"]))


def is_in(client: Client) -> bool:
    """实名登录着。"""
    return client.get(ME).status_code == 200
