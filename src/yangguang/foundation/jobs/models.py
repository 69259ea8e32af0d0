"""作业：数据库里的一张队列，与业务改动同一个事务。"""

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """一项作业。``key`` 相同的只有一项，做完的行留一阵子正是为此。"""

    class State(models.TextChoices):
        """作业走到哪儿了。"""

        WAITING = "waiting", "等待"
        RUNNING = "running", "运行中"
        DONE = "done", "完成"
        DEAD = "dead", "死信"

    name = models.CharField("名称", max_length=80)
    key = models.CharField("幂等键", max_length=200)
    payload = models.JSONField("内容", default=dict)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    run_after = models.DateTimeField("不早于")
    attempts = models.PositiveIntegerField("已试次数", default=0)
    worker = models.CharField("工人", max_length=120, blank=True)
    lease_until = models.DateTimeField("租约到", null=True)
    last_error = models.TextField("最近的错误", blank=True)
    created_at = models.DateTimeField("入队时间")
    finished_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "作业"
        verbose_name_plural = "作业"
        constraints = [
            models.UniqueConstraint(fields=["name", "key"], name="job_once_per_key"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "dead"]),
                name="job_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | ~Q(state="running") & Q(lease_until__isnull=True),
                name="job_lease_only_while_running",
            ),
        ]
        indexes = [
            models.Index(fields=["run_after"], condition=Q(state="waiting"), name="job_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_running"),
            models.Index(fields=["finished_at"], name="job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.key}）"


class ScheduleMark(models.Model):
    """一个日程下一次到点的时刻。日程本身写在代码里。"""

    key = models.CharField("日程", max_length=120, unique=True)
    next_run = models.DateTimeField("下一次")

    class Meta:
        verbose_name = "日程"
        verbose_name_plural = "日程"

    def __str__(self) -> str:
        return f"{self.key} {self.next_run:%Y-%m-%d %H:%M}"
