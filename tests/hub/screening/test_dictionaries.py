"""词典：起草、试过才启用；用过的一版谁也改不了；县里用州里的，也加自己的。"""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from tests.actors import actor, organisation
from tests.hub.screening.conftest import drafted, in_force
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, perform
from yangguang.hub.screening.dictionaries import (
    open_version,
    put_entry,
    put_sample,
    remove_entry,
    replace_entries,
)
from yangguang.hub.screening.entries import DICTIONARIES, Entry
from yangguang.hub.screening.lexicon import lexicon_for
from yangguang.hub.screening.models import DictionaryEntry, DictionaryVersion
from yangguang.hub.screening.packaged import packaged

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)
FIRST = Entry("terms", "旧称呼", "新称呼")
SECOND = Entry("terms", "别的称呼", "新称呼")


def said(place, text: str) -> list[str]:
    return [f.text for f in lexicon_for(place).matcher.find(text, TODAY)]


def test_until_there_is_one_of_its_own_the_packaged_one_is_used(
    town: Town, supervisor: Actor
) -> None:
    assert said(town.organisation, "政协代表、旧称呼") == ["政协代表"]
    version = open_version("terms", note="从头", actor=supervisor, key="v")
    assert version.entries.count() == len(packaged("terms"))
    assert open_version("terms", note="从头", actor=supervisor, key="v") == version
    with pytest.raises(Refused, match="正在起草"):
        open_version("terms", note="又一版", actor=supervisor, key="w")


def test_a_version_is_tried_on_samples_before_it_comes_into_force(
    town: Town, supervisor: Actor
) -> None:
    version = drafted(supervisor, "terms", FIRST)
    with pytest.raises(Refused) as refused:
        perform(version, "test", actor=supervisor, key="t0")
    assert len(refused.value.reasons) == 2
    put_sample(version, "说了旧称呼", ["旧称呼"], actor=supervisor)
    put_sample(version, "别的称呼没有错", [], actor=supervisor)
    put_entry(version, SECOND, actor=supervisor)
    with pytest.raises(Refused, match="不该查出“别的称呼”"):
        perform(version, "test", actor=supervisor, key="t1")
    remove_entry(version, version.entries.get(text="旧称呼").pk, actor=supervisor)
    with pytest.raises(Refused, match="应查出“旧称呼”，没有查出"):
        perform(version, "test", actor=supervisor, key="t2")
    replace_entries(version, [FIRST], actor=supervisor)
    perform(version, "test", actor=supervisor, key="t3")
    assert version.state == "tested" and len(version.digest) == 64
    assert said(town.organisation, "旧称呼") == []
    perform(version, "adopt", actor=supervisor, key="a")
    assert said(town.organisation, "旧称呼、政协代表") == ["旧称呼"]
    assert AuditEvent.objects.filter(action="screening.dictionary.adopt").count() == 1


def test_a_version_that_was_used_cannot_be_changed_even_by_sql(supervisor: Actor) -> None:
    version = in_force(supervisor, "terms", FIRST, wrong="旧称呼")
    for change in (
        lambda: put_entry(version, SECOND, actor=supervisor),
        lambda: replace_entries(version, [SECOND], actor=supervisor),
        lambda: remove_entry(version, version.entries.get().pk, actor=supervisor),
    ):
        with pytest.raises(Refused, match="另起一版"):
            change()
    rows = DictionaryEntry.objects.filter(version=version)
    for write in (
        lambda: rows.update(right="改过"),
        rows.delete,
        lambda: DictionaryEntry.of(version, SECOND).save(),
    ):
        with pytest.raises(DatabaseError, match="用过的词典不能改"), transaction.atomic():
            write()


def test_a_new_version_starts_from_the_one_in_force_and_replaces_it(
    town: Town, supervisor: Actor
) -> None:
    first = in_force(supervisor, "terms", FIRST, wrong="旧称呼")
    second = open_version("terms", note="增补", actor=supervisor, key="second")
    assert (second.number, [e.text for e in second.entries.all()]) == (2, ["旧称呼"])
    put_entry(second, SECOND, actor=supervisor)
    perform(second, "test", actor=supervisor, key="t")
    perform(second, "adopt", actor=supervisor, key="a")
    first.refresh_from_db()
    assert first.state == "replaced"
    assert said(town.organisation, "旧称呼和别的称呼") == ["旧称呼", "别的称呼"]
    perform(second, "end", actor=supervisor, key="e", message="不用了")
    assert said(town.organisation, "旧称呼、政协代表") == ["政协代表"]


def test_a_county_uses_what_is_above_it_and_what_is_its_own(town: Town, supervisor: Actor) -> None:
    county = organisation("county", town.organisation)
    in_force(supervisor, "terms", FIRST, wrong="旧称呼")
    in_force(actor("supervisor", county), "terms", SECOND, wrong="别的称呼", key="county")
    assert said(county, "旧称呼和别的称呼") == ["旧称呼", "别的称呼"]
    assert said(town.organisation, "旧称呼和别的称呼") == ["旧称呼"]
    assert "county第 1 版" in lexicon_for(county).versions["禁用词和慎用词"]


def test_only_the_supervisor_of_the_place_may_touch_it(town: Town, supervisor: Actor) -> None:
    version = drafted(supervisor, "terms", FIRST)
    stranger = actor("supervisor", organisation("elsewhere"))
    for who in (stranger, town.approver):
        with pytest.raises(OutOfScope):
            put_entry(version, SECOND, actor=who)
    with pytest.raises(OutOfScope):
        open_version("typos", note="", actor=town.drafter, key="x")


def test_the_compiled_dictionary_is_kept_and_a_look_costs_one_query(
    town: Town, supervisor: Actor, django_assert_num_queries
) -> None:
    in_force(supervisor, "terms", FIRST, wrong="旧称呼")
    first = lexicon_for(town.organisation)
    with django_assert_num_queries(1):
        assert lexicon_for(town.organisation) is first


@pytest.mark.parametrize("dictionary", DICTIONARIES)
def test_each_packaged_dictionary_can_be_drafted(dictionary: str, supervisor: Actor) -> None:
    version = open_version(dictionary, note="抄自随产品发布的", actor=supervisor, key="p")
    assert [row.plain(dictionary) for row in version.entries.all()] == list(packaged(dictionary))
    assert DictionaryVersion.objects.get().state == "draft"
