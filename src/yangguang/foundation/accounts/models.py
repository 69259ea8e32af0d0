"""账号与任职：谁、在哪个机构、以什么角色、在什么期间。"""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
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
    """任职：账号 × 机构 × 角色 × 期间 × 是否含下级。"""

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments", verbose_name="账号")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="assignments", verbose_name="机构"
    )
    role = models.CharField("角色", max_length=24, choices=Role.choices)
    valid_from = models.DateField("起")
    valid_until = models.DateField("止", null=True, blank=True)
    includes_subtree = models.BooleanField("含下级", default=False)

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "valid_from"], name="assignment_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="assignment_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.organisation} {self.get_role_display()}"
