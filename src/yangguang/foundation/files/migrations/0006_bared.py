from django.db import migrations, models

CLEANED = ("image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4")


def mark(apps, schema_editor):
    """没有拍摄信息可去的、已经做过的不必补做；其余由作业补做。"""
    files = apps.get_model("files", "StoredFile").objects
    files.exclude(media_type__in=CLEANED).update(bared="done")
    files.exclude(bare_sha256="").update(bared="done")


class Migration(migrations.Migration):
    dependencies = [("files", "0005_public_copies")]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="bared",
            field=models.CharField(
                choices=[("waiting", "等着补做"), ("done", "做过了"), ("failed", "去不干净")],
                default="waiting",
                max_length=8,
                verbose_name="上网的一份做了没有",
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                fields=["sha256"],
                name="file_not_bared",
                condition=models.Q(("bared", "done"), _negated=True),
            ),
        ),
    ]
