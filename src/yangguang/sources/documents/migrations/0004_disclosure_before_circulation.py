from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_disclosure_first")]

    operations = [
        migrations.AddConstraint(
            model_name="officialdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"),
                    ("disclosure", "proactive"),
                    models.Q(
                        ("disclosure__in", ["on_request", "withheld"]),
                        models.Q(("disclosure_ground", ""), _negated=True),
                        models.Q(("disclosure_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="document_disclosure_before_circulation",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_norm", False), ("disclosure__in", ["", "proactive"]), _connector="OR"
                ),
                name="document_norm_is_proactive",
            ),
        ),
    ]
