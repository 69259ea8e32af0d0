"""验证码：不存，由系统密钥和这一次的随机数算出。"""

import hmac

from django.conf import settings

from .models import Contact


def code_of(contact: Contact) -> str:
    """这一次登记的验证码，六位数字。"""
    text = f"{contact.user_id}:{contact.channel}:{contact.address}:{contact.nonce}"
    secret = f"notify.contact:{settings.SECRET_KEY}".encode()
    digest = hmac.new(secret, text.encode(), "sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def is_code(contact: Contact, digits: str) -> bool:
    """填的对不对。"""
    return hmac.compare_digest(code_of(contact).encode(), digits.encode())
