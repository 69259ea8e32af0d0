"""装入一个州：机构、工作日历、栏目、演示账号、样例、工作方案和它的任务台账。重复装入只补缺的。"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from yangguang.foundation.calendar.selectors import calendar_in_force
from yangguang.foundation.calendar.services import load_calendar
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.services import load_organisations
from yangguang.hub.columns.selectors import columns_of
from yangguang.hub.columns.services import load_site
from yangguang.hub.indicators.models import IndicatorReading
from yangguang.hub.indicators.services import take_readings
from yangguang.hub.publications.models import Publication
from yangguang.oversight.plans.models import ActionPlan

from .arranging import arrange_pages
from .articles import write_articles
from .circulating import Circulation, settle_steps
from .compiling import compile_norms
from .gazette import print_gazette
from .interpreting import interpret_plan, planned_interpretation
from .norms import enter_norms
from .people import Staff, settle_people
from .plan import file_reports, open_ledger, publish_plan
from .requesting import Requests, open_offices
from .samples import read_reports, read_samples
from .screening import dictionaries_in_force
from .searching import curate
from .sharing import share_between_sites
from .stocking import stock_library
from .topics import open_plan_topics

Say = Callable[[str], None]
PLAN = "linxia-2020-81.txt"
PLAN_ISSUED = date(2020, 9, 25)
STRIDE = 20
"""每装这么多份样例报一次进度。"""


@dataclass(frozen=True)
class Loaded:
    """装入的结果：这一次新装了几份样例、几笔报送，以及要紧的几样。"""

    samples: int
    reports: int
    plan: ActionPlan
    document: Publication
    ledger: Publication


def load(folder: Path | None = None, say: Say = lambda line: None) -> Loaded:
    """装入 ``folder``（默认临夏州）的全部数据；``say`` 报告进度。已经装过的不再装。"""
    folder = folder or Path(settings.DATA_ROOT) / "linxia"
    today = timezone.localdate()
    calendar = load_calendar()
    say(f"工作日历：新装入年度表 {calendar.tables} 张，原有 {calendar.kept} 张")
    loaded = load_organisations(folder)
    say(f"机构：新增 {loaded.created} 个，原有 {loaded.kept} 个")
    calendar = load_calendar()
    say(f"工作日历：新增 {calendar.tables} 张表，原有 {calendar.kept} 张")
    for path in (folder / "site.json", *sorted((folder / "sites").glob("*.json"))):
        site = load_site(path)
        say(f"站点：{site.name}，栏目 {columns_of(site).count()} 个")
    people = settle_people(PLAN_ISSUED, today)
    staff = Staff()
    say(f"演示账号：新增 {people} 个")
    dictionaries = dictionaries_in_force(staff.named("office.supervisor"))
    say(f"把关词典：新启用 {dictionaries} 部")
    settle_steps(staff)
    circulation = Circulation(staff, today)
    units = {unit.code: unit for unit in Organisation.objects.all()}
    waiting = read_samples(folder / "samples.json")
    samples = 0
    for count, sample in enumerate(waiting, start=1):
        samples += circulation.load(sample, units[sample.organisation])
        if samples and count % STRIDE == 0:
            say(f"样例公文：{count} / {len(waiting)}")
    say(f"样例公文：新装入 {samples} 份")
    text = (folder / PLAN).read_text(encoding="utf-8")
    interpretations = json.loads((folder / "interpretations.json").read_text(encoding="utf-8"))
    planned = planned_interpretation(interpretations["plan"])
    document = publish_plan(text, planned, circulation, calendar_in_force())
    say(f"工作方案：{document.document_number} 已发布，索引号 {document.index_number}")
    say(f"政策解读：新发布 {interpret_plan(interpretations, text, circulation)} 份")
    say(f"站点之间：新转发 {share_between_sites(staff)} 份")
    plan, ledger = open_ledger(text, document, staff)
    say(f"任务台账：{plan.tasks.count()} 项任务")
    numbers = dict(
        Publication.objects.exclude(document_number="").values_list("document_number", "pk")
    )
    reports = file_reports(read_reports(folder / "samples.json"), plan, staff, numbers)
    say(f"报送与核实：新装入 {reports} 笔")
    curated = curate(document, ledger, staff.named("office.supervisor"))
    say(f"检索：新立同义词和推荐结果 {curated} 条")
    arranged = arrange_pages(document, staff.named("office.supervisor"))
    say(f"首页和专题：新发布 {arranged} 页")
    supervisor = staff.named("office.supervisor")
    opened = open_plan_topics(folder / "topics.json", document.site, supervisor, today)
    say(f"方案的专题：新开设 {opened} 个")
    say(f"资料库：新放图片 {stock_library(staff.at('linxia-office', 'drafter'))} 张")
    say(f"稿件：新写 {write_articles(folder / 'articles.json', staff)} 篇")
    say(f"规范性文件：新公布 {enter_norms(folder / 'norms.json', staff)} 份")
    say(f"文件汇编：新公布 {compile_norms(staff)} 部")
    say(f"政府公报：{print_gazette(folder / 'gazette.json', staff)}")
    say(f"依申请公开：新设受理机构 {open_offices()} 个，新装入申请 {Requests(staff).load()} 件")
    readings = 0 if IndicatorReading.objects.exists() else take_readings(today)
    say(f"指标：新数 {readings} 个读数")
    return Loaded(samples, reports, plan, document, ledger)
