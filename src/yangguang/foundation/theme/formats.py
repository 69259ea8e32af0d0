"""日期、时间、大小、文件类型在页面上怎样写。纯函数。"""

from datetime import date, datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
MEDIA_TYPES = {
    "application/pdf": "PDF",
    "application/msword": "DOC",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.ms-excel": "XLS",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/zip": "ZIP",
    "text/plain": "TXT",
    "text/csv": "CSV",
    "text/vtt": "字幕",
    "image/png": "PNG",
    "image/jpeg": "JPG",
}


def _moment(value: date | datetime | str) -> date | datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(LOCAL)
    return value


def local(value: datetime) -> datetime:
    """当地时间。"""
    return value.astimezone(LOCAL)


def iso_date(value: date | datetime | str) -> str:
    """2020-09-25。"""
    return _moment(value).isoformat()[:10]


def cn_date(value: date | datetime | str) -> str:
    """2020年9月25日。"""
    moment = _moment(value)
    return f"{moment.year}年{moment.month}月{moment.day}日"


def minute(value: datetime | str) -> str:
    """2020-09-28 09:00：发布时间的法定写法。"""
    return f"{_moment(value):%Y-%m-%d %H:%M}"


def iso_moment(value: datetime) -> str:
    """2020-09-28T09:00:00+08:00：网页里给机器看的时刻，精确到秒。"""
    return local(value).isoformat(timespec="seconds")


def rfc_date(value: datetime) -> str:
    """Mon, 28 Sep 2020 09:00:00 +0800：RSS 的写法。"""
    return format_datetime(local(value))


def file_size(size: int) -> str:
    """48 KB。"""
    if size < 1024:
        return f"{size} 字节"
    for unit in ("KB", "MB"):
        size_in_unit = size / 1024
        if size_in_unit < 1024:
            return (
                f"{size_in_unit:.1f} {unit}" if size_in_unit < 10 else f"{size_in_unit:.0f} {unit}"
            )
        size = int(size_in_unit)
    return f"{size / 1024:.1f} GB"


def media_label(media_type: str) -> str:
    """文件类型的简写，认不出就照写。"""
    return MEDIA_TYPES.get(media_type, media_type.rpartition("/")[2].upper())
