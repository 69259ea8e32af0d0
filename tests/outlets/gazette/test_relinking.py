"""升级：从前公布的一期，与所刊各篇的互链照载荷补齐，和现在公布的一样。"""

import importlib
from typing import Any

import pytest
from django.apps import apps

from tests.access.gazette import at
from tests.town import Town
from yangguang.hub.publications.linking import link_faults
from yangguang.hub.publications.models import PublicationLink
from yangguang.hub.publications.selectors import publication_of

pytestmark = pytest.mark.django_db


def test_an_issue_published_before_is_linked_with_its_articles(
    town: Town, tmp_path: Any, settings: Any
) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    issue = publication_of(at("published")(town), "gazette_issue")
    version = issue.current_version
    assert version is not None
    linked = list(PublicationLink.objects.values_list("source", "target", "relation", "position"))
    assert linked and link_faults(issue, version.payload) == []
    PublicationLink.objects.all().delete()
    assert link_faults(issue, version.payload)
    module = importlib.import_module("yangguang.hub.publications.migrations.0012_relinked")
    module.relink(apps, None)
    module.relink(apps, None)
    assert (
        list(PublicationLink.objects.values_list("source", "target", "relation", "position"))
        == linked
    )
    assert link_faults(issue, version.payload) == []
