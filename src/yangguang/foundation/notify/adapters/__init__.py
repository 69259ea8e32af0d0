"""渠道的适配器：都照 ``contract`` 的一份约定。"""

from django.conf import settings

from ..outlets import Hook, Mail, Outlets
from ..rules import SMS
from .contract import Adapter
from .hooks import ShortMessages, Webhook
from .mail import SmtpMail


def outlets() -> Outlets:
    """设置里接通的渠道。"""
    found: Outlets = settings.NOTIFY
    return found


def adapter_of(channel: str) -> Adapter | None:
    """一条渠道的适配器；没有接通为空。"""
    configured = outlets().channels.get(channel)
    if isinstance(configured, Mail):
        return SmtpMail(configured)
    if isinstance(configured, Hook):
        return ShortMessages(configured) if channel == SMS else Webhook(configured)
    return None
