"""电子邮件：SMTP。"""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.utils import timezone

from ..outlets import STARTTLS, TLS, Mail
from .contract import STEP, WHOLE, Adapter, Parcel, Receipt, TryLater, Turned, Unsure, cut_off

SENDER = "阳光工作台"
PERMANENT = range(500, 600)


class SmtpMail(Adapter):
    """一台 SMTP 服务器。邮件没有回执：服务器收下就是已发出。

    邮件认不出重复，所以正文交到一半断了的不再试；之前断了的放心再试。
    """

    def __init__(self, server: Mail) -> None:
        self.server = server

    def send(self, parcel: Parcel) -> Receipt:
        """交给服务器。"""
        server = self.server
        client = (
            smtplib.SMTP_SSL(timeout=STEP, context=ssl.create_default_context())
            if server.security == TLS
            else smtplib.SMTP(timeout=STEP)
        )
        # 不带主机建的客户端，握手要核对的名称得自己写上
        client._host = server.host  # type: ignore[attr-defined]
        try:
            with cut_off(lambda: getattr(client, "sock", None), WHOLE):
                self._envelope(client, parcel)
                self._data(client, self._message(parcel))
                self._bye(client)
        finally:
            client.close()
        return Receipt()

    def _envelope(self, client: smtplib.SMTP, parcel: Parcel) -> None:
        """到收件人为止：对方还没有收下任何东西，断在这里可以再试。"""
        server = self.server
        try:
            code, _ = client.connect(server.host, server.port)
            if code != 220:
                raise TryLater(f"邮件服务器现在不接待（{code}）。")
            client.ehlo_or_helo_if_needed()
            if server.security == STARTTLS:
                client.starttls(context=ssl.create_default_context())
                client.ehlo()
            if server.username:
                client.login(server.username, server.password)
            code, _ = client.mail(server.sender)
            if code != 250:
                raise TryLater(f"邮件服务器不收我们发件的地址（{code}）。")
            code, _ = client.rcpt(parcel.address)
        except smtplib.SMTPNotSupportedError:
            raise TryLater("邮件服务器不支持加密或者登录，没有发。") from None
        except smtplib.SMTPResponseException as error:
            raise TryLater(f"邮件服务器没有答应（{error.smtp_code}）。") from None
        except (smtplib.SMTPException, OSError) as error:
            raise TryLater(
                f"没有连上邮件服务器，或者中途断了（{type(error).__name__}）。"
            ) from None
        if code in PERMANENT:
            raise Turned(f"对方的邮件服务器不收这个地址（{code}）。")
        if code not in (250, 251):
            raise TryLater(f"对方的邮件服务器暂时不收（{code}）。")

    def _data(self, client: smtplib.SMTP, content: bytes) -> None:
        """正文：断在这里，不知道对方收下没有。"""
        try:
            code, _ = client.data(content)
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
        except (smtplib.SMTPException, OSError):
            raise Unsure("发到一半断了，不知道对方收下没有；为免重复，不再发。") from None
        if code in PERMANENT:
            raise Turned(f"对方的邮件服务器不收这封邮件（{code}）。")
        if code != 250:
            raise TryLater(f"对方的邮件服务器暂时不收（{code}）。")

    def _bye(self, client: smtplib.SMTP) -> None:
        try:
            client.quit()
        except (smtplib.SMTPException, OSError):
            # 邮件已经收下，告别不成不要紧
            pass

    def _message(self, parcel: Parcel) -> bytes:
        name, _, domain = self.server.sender.partition("@")
        message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
        message["From"] = Address(SENDER, name, domain)
        message["To"] = parcel.address
        message["Subject"] = parcel.content.subject
        message["Date"] = format_datetime(timezone.localtime())
        message["Message-ID"] = f"<{parcel.key}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(parcel.content.body)
        return message.as_bytes()
