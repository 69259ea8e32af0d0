"""各单位报数：请报的时间、期限，各单位报的数。"""

import django.db.models.deletion
from django.db import migrations, models

FIGURES = (("received", "收到"), ("paid", "拨付"), ("used", "支出"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_sign_on"), ("funds", "0001_initial")]

    operations = [
        migrations.AddField(
            "fund",
            "asked_at",
            models.DateTimeField(editable=False, null=True, verbose_name="请各单位报数的时间"),
        ),
        migrations.AddField(
            "fund", "asked_key", models.CharField(blank=True, editable=False, max_length=80)
        ),
        migrations.AddField(
            "fund",
            "report_by",
            models.DateField(editable=False, null=True, verbose_name="报数期限"),
        ),
        migrations.CreateModel(
            "FlowReport",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                *(
                    field
                    for name, label in FIGURES
                    for field in (
                        (name, models.BigIntegerField(null=True, verbose_name=f"{label}（分）")),
                        (f"{name}_on", models.DateField(null=True, verbose_name=f"{label}日期")),
                    )
                ),
                ("at", models.DateTimeField(verbose_name="报数时间")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="了结时间")),
                ("idempotency_key", models.CharField(max_length=80, unique=True)),
                (
                    "allocation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reports",
                        to="funds.allocation",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to="accounts.roleassignment", verbose_name="报数人",
                    ),
                ),
            ],
            {
                "verbose_name": "单位报的数",
                "verbose_name_plural": "单位报的数",
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            *(
                                models.Q((name, None), (f"{name}__gte", 0), _connector="OR")
                                for name, _ in FIGURES
                            )
                        ),
                        name="flow_report_not_negative",
                    )
                ],
            },
        ),
    ]  # fmt: skip
