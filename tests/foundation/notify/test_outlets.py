"""接通渠道的设置：写错的拒绝启动；打在屏幕上、留在内存里的不算渠道。"""

import subprocess
import sys

import pytest
from django.conf import settings

from yangguang.foundation.notify.outlets import (
    Hook,
    Mail,
    Misconfigured,
    Outlets,
    address_fault,
    masked,
    read_outlets,
)

GOOD = {
    "YANGGUANG_MAIL": "smtp+starttls://notice:p%40ss@mail.example.gov.cn",
    "YANGGUANG_MAIL_SENDER": "notice@example.gov.cn",
    "YANGGUANG_SMS": "https://sms.example.gov.cn/send",
    "YANGGUANG_SMS_SECRET": "s" * 32,
    "YANGGUANG_WORKBENCH": "https://gzt.example.gov.cn/",
}


def test_everything_is_read_from_the_environment() -> None:
    found = read_outlets(GOOD)
    assert found == Outlets(
        {
            "email": Mail(
                "mail.example.gov.cn", 587, "starttls", "notice@example.gov.cn", "notice", "p@ss"
            ),
            "sms": Hook("https://sms.example.gov.cn/send", "s" * 32),
        },
        "https://gzt.example.gov.cn",
    )
    assert list(found.labels) == ["email", "sms"]
    assert "p@ss" not in repr(found) and "ssss" not in repr(found)
    assert read_outlets({}) == Outlets()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("YANGGUANG_MAIL", "console://"),
        ("YANGGUANG_MAIL", "locmem://localhost"),
        ("YANGGUANG_MAIL", "dummy://localhost"),
        ("YANGGUANG_MAIL", "file:///tmp/mails"),
        ("YANGGUANG_MAIL", "django.core.mail.backends.console.EmailBackend"),
        ("YANGGUANG_MAIL", "smtp://mail.example.gov.cn"),
        ("YANGGUANG_MAIL", "smtps://"),
        ("YANGGUANG_MAIL", "smtps://mail.example.gov.cn:x"),
        ("YANGGUANG_MAIL_SENDER", ""),
        ("YANGGUANG_MAIL_SENDER", "notice@example.gov.cn\nBcc: x@example.com"),
        ("YANGGUANG_SMS", "http://sms.example.gov.cn/"),
        ("YANGGUANG_SMS", "https://user:pass@sms.example.gov.cn/"),
        ("YANGGUANG_SMS", "https://sms.example.gov.cn/a b"),
        ("YANGGUANG_SMS", "file:///etc/passwd"),
        ("YANGGUANG_SMS_SECRET", "short"),
        ("YANGGUANG_SMS_RECEIPTS", "ftp://sms.example.gov.cn/"),
        ("YANGGUANG_WORKBENCH", ""),
        ("YANGGUANG_WORKBENCH", "http://gzt.example.gov.cn"),
        ("YANGGUANG_WORKBENCH", "https://gzt.example.gov.cn/workbench/"),
    ],
)
def test_one_thing_written_wrong_is_refused(name: str, value: str) -> None:
    with pytest.raises(Misconfigured):
        read_outlets(GOOD | {name: value})


@pytest.mark.parametrize(
    ("mail", "starts"),
    [
        ("console://", False),
        ("locmem://", False),
        ("smtp://127.0.0.1:25", True),
    ],
)
def test_production_does_not_start_with_anything_but_a_mail_server(mail: str, starts: bool) -> None:
    environment = GOOD | {
        "YANGGUANG_MAIL": mail,
        "YANGGUANG_SECRET_KEY": "x",
        "YANGGUANG_HOSTS": "gzt.example.gov.cn",
        "YANGGUANG_DATABASE": f"sqlite:///{settings.VAR_ROOT}/none.sqlite3",
        "YANGGUANG_VAR": str(settings.VAR_ROOT),
        "DJANGO_SETTINGS_MODULE": "yangguang.settings.production",
    }
    code = "import django; django.setup(); from django.conf import settings; print(settings.EMAIL_BACKEND)"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.returncode == 0) is starts, ran.stderr
    if starts:
        assert ran.stdout.strip() == "django.core.mail.backends.smtp.EmailBackend"
    else:
        assert "ImproperlyConfigured" in ran.stderr and "只能是 smtp+starttls" in ran.stderr


@pytest.mark.parametrize(
    ("channel", "address", "good"),
    [
        ("email", "zhang.san@linxia.gov.cn", True),
        ("email", "张三@linxia.gov.cn", False),
        ("email", "a@b", False),
        ("email", "a@example.gov.cn\r\nBcc: x@y.cn", False),
        ("email", "a@example.gov.cn,b@example.gov.cn", False),
        ("email", ".a@example.gov.cn", False),
        ("sms", "13893000001", True),
        ("sms", "+8613893000001", False),
        ("sms", "0930-6212345", False),
        ("sms", "１３８９３００0001", False),
        ("webhook", "zhang.san", True),
        ("webhook", "zhang san", False),
        ("webhook", "", False),
    ],
)
def test_an_address_is_checked(channel: str, address: str, good: bool) -> None:
    assert (address_fault(channel, address) == "") is good


def test_an_address_is_shown_masked() -> None:
    assert masked("sms", "13893000001") == "138****0001"
    assert masked("email", "zhang.san@linxia.gov.cn") == "z***@linxia.gov.cn"
    assert masked("webhook", "zhang.san") == "z***"
