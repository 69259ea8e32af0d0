"""字幕：读得严，写得准；不合格式的说清第几行、为什么；重写以后没有文字以外的东西。"""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.town import Town
from yangguang.foundation.files.captions import (
    DAY,
    LONGEST_CUE,
    MAX_CAPTION_BYTES,
    MOST_CUES,
    MOST_TOLD,
    Cue,
    read_captions,
    untold_faults,
    write_captions,
)
from yangguang.foundation.files.extraction import read_text
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.files.passages import read_passages
from yangguang.foundation.files.plain_text import normalise
from yangguang.foundation.files.services import FileClassified, FileRefused, path_of, store

VTT = """WEBVTT - 常务会议
Language: zh-CN

NOTE 剪辑时的备注，不上网

1
00:01.000 --> 00:04.000 align:start line:0
<v 张三>今天研究<b>防汛</b>工作。

00:00:05.500 --> 00:00:09.000
各县市要抓好落实，
水位高于 3 米 &lt;警戒线&gt; 的要撤离。
"""
SRT = """1
00:00:01,000 --> 00:00:04,000
<font color="#fff">张三：今天研究<i>防汛</i>工作。</font>

2
00:00:05,5 --> 00:00:09,000
{\\an8}各县市要抓好落实，
水位高于 3 米 <警戒线> 的要撤离。
"""
SAID = [
    Cue(1_000, 4_000, "张三：今天研究防汛工作。", "align:start line:0"),
    Cue(5_500, 9_000, "各县市要抓好落实，\n水位高于 3 米 <警戒线> 的要撤离。"),
]


def test_what_editors_export_is_read_and_only_times_places_and_words_remain() -> None:
    assert read_captions(VTT.encode()).cues == SAID
    written = write_captions(SAID).decode()
    assert written.startswith("WEBVTT\n\n00:00:01.000 --> 00:00:04.000 align:start line:0\n张三：")
    assert "备注" not in written and "<" not in written and "&lt;警戒线&gt;" in written


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_srt_is_read_in_every_encoding_in_use(encoding: str, ends: str) -> None:
    found = read_captions(SRT.replace("\n", ends).encode(encoding))
    assert found.faults == []
    assert [(cue.start, cue.end, cue.text) for cue in found.cues] == [
        (cue.start, cue.end, cue.text) for cue in SAID
    ]


lines = (
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=30)
    .map(lambda text: normalise(text).replace("\n", " ").strip())
    .filter(bool)
)
settings = st.sampled_from(["", "align:start", "line:-1,end position:50%", "size:33.3%"])


@st.composite
def cues(draw: st.DrawFn) -> list[Cue]:
    starts = draw(st.sets(st.integers(0, DAY - 100_000), min_size=1, max_size=20))
    return [
        Cue(
            start,
            start + draw(st.integers(1, 100_000)),
            "\n".join(draw(st.lists(lines, min_size=1, max_size=3))),
            draw(settings),
        )
        for start in sorted(starts)
    ]


@given(cues())
def test_what_is_written_is_read_back_the_same(said: list[Cue]) -> None:
    content = write_captions(said)
    found = read_captions(content)
    assert (found.cues, found.faults) == (said, [])
    assert write_captions(found.cues) == content
    # 文字里没有能当作标记、时间的东西
    body = content.decode().split("\n\n", 1)[1]
    assert "<" not in body
    assert body.count("-->") == len(said)


@given(st.binary(max_size=300), st.sampled_from(["", "a.vtt", "a.srt"]))
def test_any_bytes_are_read_or_refused_in_chinese(data: bytes, name: str) -> None:
    for content in (data, b"WEBVTT\n\n" + data, b"1\n00:00:01,000 --> 00:00:02,000\n" + data):
        found = read_captions(content, name)
        assert bool(found.faults) or found.cues
        for fault in found.faults:
            assert re.search(r"[\u4e00-\u9fff]", fault)
        if not found.faults:
            assert read_captions(write_captions(found.cues)).cues == found.cues


ONE = "00:01.000 --> 00:02.000\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("WEBVTT", "一条字幕也没有"),
        ("WEBVTT\n00:01.000 --> 00:02.000\n话\n", "第 2 行：开头的“WEBVTT”之后要先空一行"),
        ("WEBVTT\n\n一\n话\n", "第 4 行：这里应当是起止的时间"),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\n话\n", "第 3 行：时间要写成“00:00:01.000"),
        ("WEBVTT\n\n00:61.000 --> 01:02.000\n话\n", "第 3 行：时间要写成"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\n话\n", "第 3 行：止于 00:00:02.000，不晚于开始的"),
        ("WEBVTT\n\n25:00:01.000 --> 25:00:02.000\n话\n", "第 3 行：时间超过 24 小时"),
        (f"WEBVTT\n\n{ONE}一\n\n{ONE}二\n", "第 6 行：这一条从 00:00:01.000 起，不晚于上一条（第 3 行"),
        (f"WEBVTT\n\n{ONE}\n00:03.000 --> 00:04.000\n话\n", "第 3 行：这一条只有时间，没有文字"),
        (f"WEBVTT\n\n{ONE}一\n00:03.000 --> 00:04.000\n二\n", "第 5 行：两条字幕之间要空一行"),
        (f"WEBVTT\n\n{ONE}<img src=x onerror=alert(1)>\n", "第 4 行：不认识的标记“<img"),
        (f"WEBVTT\n\n{ONE}<script>\n", "第 4 行：不认识的标记“<script>”"),
        (f"WEBVTT\n\n{ONE}没有完 <b\n", "第 4 行：不认识的标记“<b”"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000 onclick:x\n话\n", "第 3 行：不认识“onclick:x”"),
        ("WEBVTT\n\nSTYLE\n::cue { background: url(//x) }\n", "第 3 行：字幕里不能带样式（STYLE）"),
        ("WEBVTT\n\nREGION\nid:a\n", "第 3 行：字幕里不能带样式（REGION）"),
        (f"WEBVTT\n\n{ONE}\x00话\n", "第 4 行里有不是文字的字符"),
        (f"WEBVTT\n\n{ONE}{'长' * (LONGEST_CUE + 1)}\n", f"第 3 行：这一条有 {LONGEST_CUE + 1} 个字"),
        ("1\n00:00:01,000 --> 00:00:02,000\n一\n\n二\n", "第 5 行：这里应当是序号"),
        ("1\n00:00:01,000 --> 00:00:02\n一\n", "第 2 行：时间要写成“00:00:01,000"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_line(content: str, told: str) -> None:
    assert told in "".join(read_captions(content.encode()).faults)


def test_encoding_size_and_number_have_their_limits() -> None:
    wrong = f"WEBVTT\n\n{ONE}好\n\n00:03.000 --> 00:04.000\n".encode() + "坏\n".encode("gb18030")
    (told,) = read_captions(wrong).faults
    assert told.startswith("第 7 行不是 UTF-8 编码")
    (told,) = read_captions(b"WEBVTT\n\n" + b"x" * MAX_CAPTION_BYTES).faults
    assert "超过 2.0 MB 的上限" in told
    many = write_captions(Cue(n * 10, n * 10 + 5, "话") for n in range(MOST_CUES + 1))
    assert f"最多 {MOST_CUES} 条" in read_captions(many).faults[-1]
    bad = "WEBVTT" + "".join(f"\n\n{ONE}<x>话" for _ in range(50))
    assert len(read_captions(bad.encode()).faults) == MOST_TOLD + 1


def test_a_long_line_of_angle_brackets_is_looked_at_in_no_time() -> None:
    content = f"WEBVTT\n\n{ONE}{'<b' * 200_000}\n".encode()
    assert "不认识的标记" in read_captions(content).faults[0]


def kept(town: Town, content: bytes, name: str) -> StoredFile:
    return store(io.BytesIO(content), name, actor=town.drafter, organisation=town.organisation)


def test_both_kinds_are_taken_in_as_webvtt_and_named_so(town: Town) -> None:
    for content, name in ((VTT.encode(), "会议.vtt"), (SRT.encode("gb18030"), "会议.SRT")):
        file = kept(town, content, name)
        assert (file.media_type, file.name) == ("text/vtt", "会议.vtt")
        stored = path_of(file).read_bytes()
        assert [cue.text for cue in read_captions(stored).cues] == [cue.text for cue in SAID]
        assert stored.startswith(b"WEBVTT\n\n") and len(stored) == file.size
        assert "备注" not in stored.decode()


def test_what_is_called_captions_has_to_be_captions_and_nothing_of_it_stays(town: Town) -> None:
    for content, name, told in (
        ("会议纪要".encode(), "会议.vtt", "第 1 行应当是“WEBVTT”"),
        ("会议纪要".encode(), "会议.srt", "第 1 行：这里应当是序号"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n<b onclick=x>x", "短.txt", "第 4 行：不认识的标记"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xff\xfe\xfd", "短.vtt", "第 4 行不是 UTF-8"),
        (b"<!doctype html><script>x</script>", "短.vtt", "这是网页或程序文件"),
    ):
        with pytest.raises(FileRefused, match=told):
            kept(town, content, name)
    with pytest.raises(FileClassified):
        kept(town, VTT.replace("防汛</b>", "</b>机密★一年").encode(), "会议.vtt")
    assert not StoredFile.objects.exists()


def test_the_words_are_screened_cue_by_cue_and_read_without_times() -> None:
    content = write_captions(SAID)
    assert [(p.place, p.text) for p in read_passages(content).passages] == [
        ("00:00:01 处", SAID[0].text),
        ("00:00:05 处", SAID[1].text),
    ]
    assert read_text(content).text == "\n".join(cue.text for cue in SAID)


def test_a_video_is_told_one_way_or_the_other() -> None:
    assert (
        "视频“会议.mp4”没有字幕，也没有文字稿"
        in untold_faults(["会议.mp4"], is_transcribed=False)[0]
    )
    assert untold_faults(["会议.mp4"], is_transcribed=True) == []
    assert untold_faults([], is_transcribed=False) == []
