from django.db import migrations


def keep_steps(apps, schema_editor):
    """已有公文的机构照从前的走：部门审核，签发。要走别的，由签发人改。"""
    documents = apps.get_model("documents", "OfficialDocument").objects
    routes = apps.get_model("documents", "CirculationRoute").objects
    for organisation in documents.order_by().values_list("organisation", flat=True).distinct():
        routes.get_or_create(organisation_id=organisation, defaults={"steps": ["review"]})


class Migration(migrations.Migration):
    dependencies = [("documents", "0006_circulation")]
    operations = [migrations.RunPython(keep_steps, migrations.RunPython.noop)]
