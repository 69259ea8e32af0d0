from typing import Any

from django.db import migrations

KINDS = ("interpretation", "gazette_issue")


def relink(apps: Any, editor: Any) -> None:
    """从前公布的解读、公报，照现行版本的载荷把互链补齐：怎样相关，第几个。"""
    publications = apps.get_model("publications", "Publication").objects
    links = apps.get_model("publications", "PublicationLink").objects
    for source in publications.filter(kind__in=KINDS).exclude(current_version=None).iterator():
        payload = source.current_version.payload
        named = [(each["index_number"], "interprets") for each in payload.get("interprets", ())]
        named += [
            (each["index_number"], "prints")
            for section in payload.get("sections", ())
            for each in section["articles"]
        ]
        numbers = [number for number, _ in named]
        targets = dict(
            publications.filter(index_number__in=numbers).values_list("index_number", "pk")
        )
        for position, (number, relation) in enumerate(named):
            if number in targets:
                links.update_or_create(
                    source_id=source.pk,
                    target_id=targets[number],
                    defaults={"relation": relation, "position": position},
                )


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0011_printed_links"),
    ]

    operations = [
        migrations.RunPython(relink, migrations.RunPython.noop),
    ]
