"""通知：站内消息，离开本系统的投递和回执，各人的联系方式、选择和免打扰。"""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from yangguang.foundation.accounts.models import RoleAssignment, User

from .rules import CHANNELS, KINDS, PACES
from .wording import TEMPLATES, Unsafe, subject_label


class Message(models.Model):
    """一条站内消息。看过了有 ``read_at``；事情已经办了、不必再看的有 ``settled_at``。

    ``assignment`` 是要用哪个身份去办，不拘身份的为空；那一任职失效，消息就看不到了。
    ``title``、``why`` 只在本系统里给本人看，从不离开；离开的只有 ``kind`` 和 ``subject`` 两个代号。
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="收件人")
    assignment = models.ForeignKey(
        RoleAssignment, models.CASCADE, null=True, related_name="+", verbose_name="身份"
    )
    kind = models.CharField(
        "类别", max_length=12, choices=[(k.code, k.label) for k in KINDS.values()]
    )
    subject = models.CharField("哪一类事", max_length=60)
    title = models.CharField("事项", max_length=300)
    why = models.CharField("说明", max_length=300, blank=True)
    href = models.CharField("去办的地址", max_length=200)
    due_on = models.DateField("期限", null=True)
    record_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+")
    record_id = models.PositiveBigIntegerField(null=True)
    key = models.CharField("幂等键", max_length=120)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("看过的时间", null=True)
    settled_at = models.DateTimeField("办了的时间", null=True)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="message_once"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="message_kind_known"),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="message_of_user"),
            models.Index(
                fields=["user"],
                condition=Q(read_at__isnull=True, settled_at__isnull=True),
                name="message_unread",
            ),
            models.Index(
                fields=["record_type", "record_id"],
                condition=Q(settled_at__isnull=True),
                name="message_of_record",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject_label(self) -> str:
        """哪一类事的名称；早先登记过、现在没有了的为空。"""
        try:
            return subject_label(self.subject)
        except Unsafe:
            return ""

    @property
    def is_new(self) -> bool:
        """还没有看，也还没有办。"""
        return self.read_at is None and self.settled_at is None


class Contact(models.Model):
    """一个人在一条渠道上收提醒的地址。本人收到验证码、填对了才算数（``confirmed_at``）。

    验证码不存：由 ``nonce`` 和系统密钥算出。``fault`` 是最近一次为什么送不到。
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="contacts", verbose_name="账号")
    channel = models.CharField("渠道", max_length=8, choices=list(CHANNELS.items()))
    address = models.CharField("地址", max_length=254)
    nonce = models.CharField(max_length=32)
    code_sent_at = models.DateTimeField("发验证码的时间")
    code_tries = models.PositiveSmallIntegerField("试过几次", default=0)
    confirmed_at = models.DateTimeField("核实的时间", null=True)
    fault = models.CharField("送不到的缘由", max_length=200, blank=True)

    class Meta:
        verbose_name = "联系方式"
        verbose_name_plural = "联系方式"
        constraints = [
            models.UniqueConstraint(fields=["user", "channel"], name="contact_once_a_channel"),
            models.CheckConstraint(
                condition=Q(channel__in=list(CHANNELS)), name="contact_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return CHANNELS[self.channel]


class Choice(models.Model):
    """一个人对一类通知、一条渠道的选择。没有选过的没有这一行。"""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="账号")
    kind = models.CharField(
        "类别", max_length=12, choices=[(k.code, k.label) for k in KINDS.values()]
    )
    channel = models.CharField("渠道", max_length=8, choices=list(CHANNELS.items()))
    pace = models.CharField("怎样提醒", max_length=8, choices=list(PACES.items()))

    class Meta:
        verbose_name = "提醒的选择"
        verbose_name_plural = "提醒的选择"
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="choice_once"),
            models.CheckConstraint(condition=Q(pace__in=list(PACES)), name="choice_pace_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.get_channel_display()}{self.get_pace_display()}"


class QuietHours(models.Model):
    """一个人的免打扰时段。没有设过的没有这一行，照通常的来。"""

    user = models.OneToOneField(User, models.CASCADE, related_name="+", verbose_name="账号")
    since = models.TimeField("起")
    until = models.TimeField("止")
    skips_rest_days = models.BooleanField("休息日不打扰")

    class Meta:
        verbose_name = "免打扰"
        verbose_name_plural = "免打扰"

    def __str__(self) -> str:
        return f"{self.since:%H:%M} 至 {self.until:%H:%M}"


class Delivery(models.Model):
    """一次离开本系统的投递，和它的回执。

    没有文字：发什么由 ``template`` 和 ``tally``（类别、件数）当场写出。``key`` 是交给对方的幂等键，
    重试不变。``address`` 是遮盖过的。
    """

    class State(models.TextChoices):
        """投递走到哪儿了。"""

        QUEUED = "queued", "等着发"
        SENDING = "sending", "正在发"
        SENT = "sent", "已发出"
        DELIVERED = "delivered", "已送达"
        FAILED = "failed", "没有送到"
        CANCELLED = "cancelled", "不必发了"

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="收件人")
    channel = models.CharField("渠道", max_length=8, choices=list(CHANNELS.items()))
    template = models.CharField("模板", max_length=8, choices=[(t, t) for t in TEMPLATES])
    key = models.CharField("幂等键", max_length=64, unique=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.QUEUED)
    why = models.CharField("缘由", max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField("试过几次", default=0)
    messages = models.ManyToManyField(Message, related_name="deliveries", verbose_name="消息")
    tally = models.JSONField("发了什么", default=list)
    address = models.CharField("地址", max_length=254, blank=True)
    reference = models.CharField("对方的编号", max_length=100, blank=True)
    digest_on = models.DateField("哪一天的每日提醒", null=True)
    not_before = models.DateTimeField("不早于")
    created_at = models.DateTimeField("排上的时间")
    sent_at = models.DateTimeField("发出的时间", null=True)
    delivered_at = models.DateTimeField("送达的时间", null=True)

    class Meta:
        verbose_name = "投递"
        verbose_name_plural = "投递"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "channel", "digest_on"], name="delivery_one_digest_a_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["queued", "sending", "sent", "delivered", "failed", "cancelled"]
                ),
                name="delivery_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "delivered"], sent_at__isnull=False)
                | ~Q(state__in=["sent", "delivered"]),
                name="delivery_sent_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "channel", "state"], name="delivery_open"),
            models.Index(fields=["state", "sent_at"], name="delivery_awaiting_receipt"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}（{self.get_state_display()}）"
