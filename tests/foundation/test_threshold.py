"""门槛：太大的不读就拒，带空字符的答 400，读不懂的提交也有一页中文；没有一个是 500。"""

import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from tests.outlets.website.test_serving import ask
from tests.town import TEXT, Town
from tests.web import Browser, Web, free_port
from tests.workbench import sign_in
from yangguang.foundation.files.rules import MAX_REQUEST_BYTES, MAX_VISITOR_BYTES, MEGABYTE
from yangguang.outlets.website.serving import SiteServer
from yangguang.sources.documents.models import OfficialDocument

NUL_PAGES = (
    "/workbench/documents/?q=%00",
    "/workbench/documents/?state=%00",
    "/workbench/documents/?page=%00&sort=%00",
    "/workbench/documents/new/?a=1%00",
    "/workbench/sign-in/?next=%00",
    "/workbench/nowhere/?%00",
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", NUL_PAGES)
def test_a_nul_in_a_query_is_told_in_chinese(town: Town, path: str) -> None:
    for client in (Client(), sign_in(town.drafter).client):
        answer = client.get(path)
        assert answer.status_code == 400
        assert "看不见的空字符" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["text", "key", "seen", "a\0b"])
def test_a_nul_in_what_is_submitted_is_told_in_chinese_and_nothing_is_kept(
    town: Town, field: str
) -> None:
    desk = sign_in(town.drafter)
    form = {"key": "k", "text": TEXT.format(number=1), field: "一\0二"}
    answer = desk.client.post("/workbench/documents/new/", form)
    assert answer.status_code == 400 and "看不见的空字符" in answer.content.decode()
    assert not OfficialDocument.objects.exists()
    answer = Client().post("/workbench/sign-in/", {"username": "a\0b", "password": "c"})
    assert answer.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["issuers", "title", "body"])
def test_a_nul_in_any_field_of_a_document_never_reaches_the_database(
    town: Town, field: str
) -> None:
    """名单一类的字段存成 JSON，PostgreSQL 的 JSON 存不下空字符。"""
    document = town.document()
    answer = sign_in(town.drafter).fill(
        f"/workbench/documents/{document.pk}/edit/", **{field: "一\0二"}
    )
    assert answer.status_code == 400
    before = getattr(document, field)
    document.refresh_from_db()
    assert getattr(document, field) == before


@pytest.mark.parametrize("path", ["/a\0b", "/workbench/\0", "/files/\0.pdf"])
def test_a_nul_in_a_public_address_is_simply_not_found(tmp_path: Path, path: str) -> None:
    (tmp_path / "sites.json").write_text('[{"code": "a", "domain": "a", "prefix": ""}]')
    status, _, body = ask(SiteServer(tmp_path), path)
    assert status == "404" and "没有找到" in body.decode()


@pytest.mark.django_db
def test_a_submission_that_cannot_be_read_is_told_in_chinese(town: Town) -> None:
    client = sign_in(town.drafter).client
    address = "/workbench/documents/new/"
    broken = client.post(address, b"--x", content_type="multipart/form-data; boundary=")
    many = client.post(
        address, {f"f{n}": "1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    )
    long = client.post(address, {"key": "k", "text": "长" * (4 * MEGABYTE)})
    for answer, told in (
        (broken, "上传的内容有误"), (many, "系统读不懂这次提交"), (long, "系统读不懂这次提交"),
    ):  # fmt: skip
        assert answer.status_code == 400
        assert told in answer.content.decode()


@pytest.mark.django_db
def test_the_limit_is_small_for_a_visitor_and_one_full_file_for_staff(town: Town) -> None:
    def post(client: Client, size: int) -> int:
        kind = "application/x-www-form-urlencoded"
        extra = {"CONTENT_LENGTH": str(size)}
        return client.post("/workbench/documents/new/", b"", content_type=kind, **extra).status_code

    assert post(Client(), MAX_VISITOR_BYTES + 1) == 413
    assert post(Client(), MAX_VISITOR_BYTES) != 413
    staff = sign_in(town.drafter).client
    assert post(staff, MAX_REQUEST_BYTES + 1) == 413


@pytest.fixture
def web(tmp_path: Path, transactional_db: None) -> Iterator[Web]:
    web = Web(free_port(), tmp_path / "web.log")
    web.start()
    yield web
    if web.process is not None:
        web.kill()


def _peak(web: Web) -> int:
    """网站进程用过的最多内存，字节。"""
    found = 0
    for pid in web.pids():
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                found += int(line.split()[1]) * 1024
    return found


def test_200_megabytes_are_refused_without_being_read(town: Town, web: Web) -> None:
    """真的进程、真的连接：请求头一到就答复，正文不等它传完，内存不为它增长。"""
    browser = Browser(web.port).sign_in(town.drafter)
    # 第一次答复要载入模板、词典；第二次起看内存
    _send_too_much(web, browser)
    before = _peak(web)
    answer, said, sent = _send_too_much(web, browser)
    assert answer.status == 413
    assert "提交的内容过大" in said and "超过一次 110.0 MB 的上限" in said
    assert sent < 32 * MEGABYTE
    assert _peak(web) - before < 32 * MEGABYTE
    assert browser.get("/workbench/").status == 200


def test_a_nul_sent_over_the_wire_is_never_an_error_of_ours(town: Town, web: Web) -> None:
    browser = Browser(web.port).sign_in(town.drafter)
    for path in ("/%00", "/workbench/%00", "/workbench/documents/%00/", quote("/机\0构/")):
        assert browser.get(path).status in {400, 404, 503}, path
    for path in NUL_PAGES:
        assert browser.get(path).status == 400, path
    assert "Traceback" not in web.log.read_text()


def _send_too_much(web: Web, browser: Browser) -> tuple[HTTPResponse, str, int]:
    """声明 200 MB 的正文，听答复，再尽量往里送；返回答复、它的话和送出的字节数。"""
    size, sent = 200 * MEGABYTE, 0
    with socket.create_connection(("127.0.0.1", web.port), timeout=60) as stream:
        stream.sendall(
            (
                f"POST /workbench/documents/new/ HTTP/1.1\r\nHost: 127.0.0.1:{web.port}\r\n"
                f"Cookie: {browser.cookie()}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                f"Content-Length: {size}\r\n\r\n"
            ).encode()
        )
        answer = HTTPResponse(stream)
        answer.begin()
        said = answer.read().decode()
        stream.setblocking(False)
        try:
            while sent < size:
                sent += stream.send(b"x" * MEGABYTE)
        except OSError:
            pass
    return answer, said, sent
