"""造一批像样的政府信息供测量用：题名、文号、正文，由种子定，不取外面的数据。

词的接续学自仓库里真实的公文和方案（``tests/corpora``、``data/linxia``），再按词频掺入 jieba 词典里的词，
所以用字有常见的有冷僻的，有数字、外文、标点和分段；长短按对数正态分布。

先备好几十万句，一篇由其中随意的若干句连成：一秒能写几万篇。第几篇写成什么样只由种子和篇次定，
所以不必把全文留在内存里，要对照时再写一遍。
"""

import logging
import random
from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import jieba

jieba.setLogLevel(logging.WARNING)
ROOT = Path(__file__).resolve().parents[1]
ISSUERS = (
    "临州府发",
    "临州办发",
    "临州府办",
    "州教发",
    "州财预",
    "临市府发",
    "东政办发",
    "积石府办发",
    "永政发",
    "州卫健发",
)
UNITS = (
    "linxia",
    "linxia-education",
    "linxia-finance",
    "linxia-health",
    "linxia-transport",
    "linxia-water",
)
FORMS = ("通知", "公告", "意见", "方案", "批复", "办法", "报告", "其他")
SUBJECTS = ("综合政务", "财政", "教育", "卫生健康", "农业农村", "交通", "水利", "生态环境", "")
COLUMNS = ("documents", "plans", "finance", "notices", "bids", "education", "health", "statistics")
LATIN = ("GB/T 9704", "PM2.5", "5G", "App", "PPP", "COVID-19", "ISO9001", "VOCs", "12345", "CNG")
OTHER = 0.35
"""多少个词不按接续，而是按词频从词典里取。"""
SENTENCES = 400_000
"""备好这么多句。"""
AVERAGE = 21.0
"""一句平均多少字。"""


@dataclass(frozen=True)
class Text:
    """一篇。"""

    number: int
    title: str
    document_number: str
    body: str
    year: int
    column: str
    organisation: str
    form: str
    subject: str


class Writer:
    """写手：同一个种子写出同样的一批，要哪一篇就写哪一篇。"""

    def __init__(self, seed: int = 20200925, sentences: int = SENTENCES) -> None:
        self.seed = seed
        chance = self.chance = random.Random(seed)
        self.follows: dict[str, list[str]] = defaultdict(list)
        for path in sorted(
            (*ROOT.glob("tests/corpora/*/*/*.txt"), *ROOT.glob("data/linxia/*.txt"))
        ):
            words = [
                w for w in jieba.cut(path.read_text("utf-8", "replace"), HMM=False) if w.strip()
            ]
            for before, after in zip(words, words[1:], strict=False):
                self.follows[before].append(after)
        self.starts = sorted(self.follows)
        counted = [(w, n) for w, n in jieba.dt.FREQ.items() if n and 1 < len(w) < 7]
        self.words = [w for w, _ in counted]
        self.weights = list(accumulate(n for _, n in counted))
        self.sentences = [self._sentence() for _ in range(sentences)]
        self.subjects = [self._run(chance.randint(2, 5)) for _ in range(sentences // 4)]

    def text(self, number: int) -> Text:
        """第 ``number`` 篇。"""
        chance = random.Random(self.seed * 1_000_003 + number)
        year, form = chance.randint(2008, 2026), chance.choice(FORMS)
        size = min(12_000, max(200, int(chance.lognormvariate(7.0, 0.7))))
        count = max(4, round(size / AVERAGE))
        first, second = chance.choices(self.subjects, k=2)
        return Text(
            number=number,
            title=f"关于{first}{second}的{form}",
            document_number=(
                f"{chance.choice(ISSUERS)}〔{year}〕{chance.randint(1, 320)}号"
                if chance.random() < 0.6
                else ""
            ),
            body="".join(chance.choices(self.sentences, k=count)).rstrip(),
            year=year,
            column=chance.choice(COLUMNS),
            organisation=chance.choice(UNITS),
            form=form,
            subject=chance.choice(SUBJECTS),
        )

    def _word(self) -> str:
        return self.words[bisect(self.weights, self.chance.random() * self.weights[-1])]

    def _run(self, count: int) -> str:
        word, found = self.chance.choice(self.starts), []
        for _ in range(count):
            found.append(word)
            following = self.follows.get(word)
            if not following or self.chance.random() < OTHER:
                word = self._word()
            else:
                word = self.chance.choice(following)
        return "".join(found)

    def _sentence(self) -> str:
        chance = self.chance
        dice = chance.random()
        extra = ""
        if dice < 0.08:
            extra = (
                f"{chance.randint(2008, 2026)}年{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
            )
        elif dice < 0.16:
            extra = f"{chance.randint(1, 99999)}" + chance.choice(("项", "万元", "户", "%", "公里"))
        elif dice < 0.2:
            extra = chance.choice(LATIN)
        ending = chance.choice(("，", "。", "；", "，", "。", "。\n"))
        return self._run(chance.randint(4, 14)) + extra + ending
