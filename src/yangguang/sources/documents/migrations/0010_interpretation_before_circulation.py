from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0009_interpretation_plans")]

    operations = [
        migrations.AddConstraint(
            model_name="officialdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"),
                    models.Q(("disclosure", "proactive"), _negated=True),
                    models.Q(
                        ("is_major_decision", False), ("is_norm", False), ("is_policy", False)
                    ),
                    models.Q(("interpretation", ""), _negated=True),
                    _connector="OR",
                ),
                name="document_interpretation_before_circulation",
            ),
        ),
        migrations.AddConstraint(
            model_name="interpretationplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("exemption", ""),
                        models.Q(("outline", ""), _negated=True),
                        ("planned_on__isnull", False),
                    ),
                    models.Q(
                        models.Q(("exemption", ""), _negated=True),
                        ("outline", ""),
                        ("planned_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="interpretation_planned_or_exempt",
            ),
        ),
    ]
