"""账号与任职：谁、在哪个机构、以什么角色、在什么期间；登录的会话。"""

import hashlib

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from yangguang.foundation.organisations.models import Organisation


class Role(models.TextChoices):
    """角色。"""

    DRAFTER = "drafter", "信息员"
    REVIEWER = "reviewer", "审核人"
    APPROVER = "approver", "签发人"
    SECRECY_REVIEWER = "secrecy_reviewer", "保密审查员"
    LEGALITY_REVIEWER = "legality_reviewer", "合法性审核员"
    REQUEST_OFFICER = "request_officer", "依申请公开经办人"
    COUNTER_OFFICER = "counter_officer", "窗口人员"
    GAZETTE_EDITOR = "gazette_editor", "公报编辑"
    ASSESSOR = "assessor", "第三方评估专家"
    SUPERVISOR = "supervisor", "主管部门监督员"
    ORGANISATION_ADMIN = "organisation_admin", "机构管理员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


class UserManager(BaseUserManager["User"]):
    """账号管理器。"""

    def create_user(self, username: str, display_name: str, password: str | None = None) -> "User":
        """建一个账号；``password`` 为空则不能用口令登录。"""
        user = self.model(username=username, display_name=display_name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """账号。权力只来自任职，账号本身没有任何权限位。"""

    username = models.CharField("用户名", max_length=64, unique=True)
    display_name = models.CharField("姓名", max_length=60)
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]
    objects = UserManager()

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"

    def __str__(self) -> str:
        return self.display_name


class RoleAssignment(models.Model):
    """任职：账号 × 机构 × 角色 × 期间 × 是否含下级。

    ``on_behalf_of`` 不为空的是请假代理：在期间之内代那一任职的人行事，那一任职失效它也失效。
    ``ended_at`` 是提前结束的时刻，当即失效；日期到了自己失效的没有这一项。
    三员分立（``separation``）由数据库触发器守着。
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments", verbose_name="账号")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="assignments", verbose_name="机构"
    )
    role = models.CharField("角色", max_length=24, choices=Role.choices)
    valid_from = models.DateField("起")
    valid_until = models.DateField("止", null=True, blank=True)
    includes_subtree = models.BooleanField("含下级", default=False)
    on_behalf_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="stand_ins", verbose_name="代哪一任职"
    )
    ended_at = models.DateTimeField("提前结束的时间", null=True)

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "valid_from"],
                condition=models.Q(ended_at__isnull=True, on_behalf_of__isnull=True),
                name="assignment_once",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="assignment_dates_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(on_behalf_of__isnull=True) | models.Q(valid_until__isnull=False),
                name="assignment_on_behalf_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.organisation} {self.get_role_display()}"


class Session(AbstractBaseSession):
    """一次登录的会话：谁、几时、从哪里、用什么登录的。没有登录的访客也用它，那几项为空。

    列出来给本人看，删去一行就是当场结束那个会话。
    """

    user = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="sessions", verbose_name="账号"
    )
    signed_in_at = models.DateTimeField("登录时间", null=True)
    seen_at = models.DateTimeField("最近使用", null=True)
    address = models.CharField("来源地址", max_length=45, blank=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    method = models.CharField("登录方式", max_length=20, blank=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "会话"
        verbose_name_plural = "会话"

    @property
    def handle(self) -> str:
        """写在页面上的代号：认得出是哪一个，而拿它登录不了。"""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """读写它的存取器。"""
        from .sessions import SessionStore

        return SessionStore


class Totp(models.Model):
    """一个人的动态码。``last_step`` 是用过的最后一步：一步的码只能用一次。"""

    user = models.OneToOneField(User, models.CASCADE, related_name="totp", verbose_name="账号")
    secret = models.CharField("密钥（加密的）", max_length=200)
    last_step = models.PositiveBigIntegerField("用过的最后一步")
    added_at = models.DateTimeField("设好的时间")
    used_at = models.DateTimeField("上次使用")

    class Meta:
        verbose_name = "动态码"
        verbose_name_plural = "动态码"


class Passkey(models.Model):
    """一个通行密钥：私钥在本人的设备里，这里只有公钥。``sign_count`` 是设备报的使用次数，不计次的总是零。"""

    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys", verbose_name="账号")
    credential_id = models.CharField("编号", max_length=1400, unique=True)
    public_key = models.BinaryField("公钥")
    sign_count = models.PositiveBigIntegerField("使用次数")
    transports = models.JSONField("怎样连接", default=list)
    name = models.CharField("名称", max_length=40)
    added_at = models.DateTimeField("设好的时间")
    used_at = models.DateTimeField("上次使用")

    class Meta:
        verbose_name = "通行密钥"
        verbose_name_plural = "通行密钥"
        ordering = ("added_at", "pk")


class RecoveryCode(models.Model):
    """一个备用码：库里只有带密钥的摘要，用一次就作废。"""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="recovery_codes", verbose_name="账号"
    )
    digest = models.CharField("摘要", max_length=64)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = "备用码"
        verbose_name_plural = "备用码"
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")
        ]


class SignOnIdentity(models.Model):
    """账号与统一身份认证的绑定：``issuer`` 那一家的 ``subject`` 就是这个人。"""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="sign_on_identities", verbose_name="账号"
    )
    issuer = models.CharField("提供者", max_length=200)
    subject = models.CharField("在那里的编号", max_length=255)
    bound_at = models.DateTimeField("绑定时间")
    used_at = models.DateTimeField("上次使用", null=True)

    class Meta:
        verbose_name = "统一身份认证的绑定"
        verbose_name_plural = "统一身份认证的绑定"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="sign_on_one_account"),
            models.UniqueConstraint(fields=["user", "issuer"], name="sign_on_one_identity"),
        ]


class SecondStepTries(models.Model):
    """第二步连错了几次。按人计，不分来源地址：走到这一步的，口令已经对了。"""

    user = models.OneToOneField(User, models.CASCADE, related_name="+", verbose_name="账号")
    count = models.PositiveSmallIntegerField("连错几次")
    last_at = models.DateTimeField("最近一次")

    class Meta:
        verbose_name = "第二步的失败"
        verbose_name_plural = "第二步的失败"
