"""公众的实名身份和会话。与工作人员的账号、会话各是各的表，互不相认。"""

from django.db import models

from .rules import KINDS, LEVELS


class Resident(models.Model):
    """用省里的实名身份登录过的一个人，或者他代表的一家单位。

    只留办事要用的：姓名和证件加密成 ``sealed``，省里的编号只留带密钥的摘要。不存手机号、住址、
    来源地址、浏览器，也不记看过什么。别处引用它的外键用 ``SET_NULL``：本人随时可以注销。
    """

    subject_digest = models.CharField("身份的摘要", max_length=64, unique=True)
    sealed = models.TextField("姓名和证件（加密的）")
    kind = models.CharField("种类", max_length=8, choices=list(KINDS.items()))
    level = models.CharField("实名的程度", max_length=12, choices=list(LEVELS.items()))
    statement = models.CharField("同意的是哪一版告知书", max_length=10)
    created_at = models.DateTimeField("头一次登录")
    signed_in_at = models.DateTimeField("最近一次登录", db_index=True)

    class Meta:
        verbose_name = "公众实名"
        verbose_name_plural = "公众实名"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=list(KINDS)), name="resident_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=list(LEVELS)), name="resident_level_known"
            ),
        ]

    def __str__(self) -> str:
        return f"实名用户 {self.pk}"


class ResidentSession(models.Model):
    """公众的一个会话：去省里登录的路上，或者登录着。Cookie 里是随机的密文，这里只有它的摘要。

    ``errand`` 是送人过去时记下的，回来用一次就清掉；``resident`` 为空的还没有登录。
    """

    token_digest = models.CharField("密文的摘要", max_length=64, unique=True)
    resident = models.ForeignKey(
        Resident, models.CASCADE, null=True, related_name="sessions", verbose_name="谁"
    )
    errand = models.JSONField("去省里时记下的", null=True)
    begun_at = models.DateTimeField("开始")
    seen_at = models.DateTimeField("最近使用", db_index=True)

    class Meta:
        verbose_name = "公众的会话"
        verbose_name_plural = "公众的会话"
