import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from yangguang.foundation.audit.append_only import forbid_changes


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarRegion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "division_code",
                    models.CharField(blank=True, max_length=12, verbose_name="行政区划代码前缀"),
                ),
                ("legal_basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                (
                    "festivals",
                    models.JSONField(blank=True, default=list, verbose_name="逐年录入的节日"),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendar.calendarregion",
                        verbose_name="上级地区",
                    ),
                ),
            ],
            options={
                "verbose_name": "日历地区",
                "verbose_name_plural": "日历地区",
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                ("date", models.DateField(verbose_name="日期")),
                (
                    "festival",
                    models.CharField(blank=True, max_length=40, verbose_name="所属节日表"),
                ),
                ("works", models.BooleanField(verbose_name="上班")),
                ("name", models.CharField(max_length=40, verbose_name="缘由")),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendar.calendarregion",
                        verbose_name="地区",
                    ),
                ),
            ],
            options={
                "verbose_name": "特殊日",
                "verbose_name_plural": "特殊日",
                "ordering": ("date", "region"),
            },
        ),
        migrations.CreateModel(
            name="CalendarChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.CharField(max_length=40, verbose_name="动作")),
                ("summary", models.CharField(max_length=300, verbose_name="内容")),
                ("idempotency_key", models.CharField(max_length=80, unique=True)),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "assignment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.roleassignment",
                        verbose_name="任职",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendar.calendarregion",
                        verbose_name="地区",
                    ),
                ),
            ],
            options={
                "verbose_name": "日历改动",
                "verbose_name_plural": "日历改动",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="CalendarAnniversary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("month", models.PositiveSmallIntegerField(verbose_name="月")),
                ("day", models.PositiveSmallIntegerField(verbose_name="日")),
                (
                    "moved_from_sunday",
                    models.BooleanField(default=False, verbose_name="逢周日顺延"),
                ),
                (
                    "since",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="起始年份"
                    ),
                ),
                (
                    "until",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="终止年份"
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anniversaries",
                        to="calendar.calendarregion",
                        verbose_name="地区",
                    ),
                ),
            ],
            options={
                "verbose_name": "固定的地方节日",
                "verbose_name_plural": "固定的地方节日",
            },
        ),
        migrations.CreateModel(
            name="CalendarTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("festival", models.CharField(blank=True, max_length=40, verbose_name="节日")),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendar.calendarregion",
                        verbose_name="地区",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度日历表",
                "verbose_name_plural": "年度日历表",
            },
        ),
        migrations.AddConstraint(
            model_name="calendarregion",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True),
                name="calendar_region_above_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarday",
            constraint=models.UniqueConstraint(
                fields=("region", "date"),
                name="calendar_day_once",
                violation_error_message="这一天已经录入过。",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendaranniversary",
            constraint=models.UniqueConstraint(
                fields=("region", "name"), name="calendar_anniversary_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendaranniversary",
            constraint=models.CheckConstraint(
                condition=models.Q(("day__range", (1, 31)), ("month__range", (1, 12))),
                name="calendar_anniversary_is_a_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendartable",
            constraint=models.UniqueConstraint(
                fields=("region", "year", "festival"), name="calendar_table_once"
            ),
        ),
        forbid_changes("calendar_calendarchange"),
    ]
