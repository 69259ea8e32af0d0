"""演示：一条命令开门；再来一次不多一样；喊停就全停；谁死了说得出是谁。"""

import http.client
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.demo.conftest import (
    PATIENCE,
    Running,
    command,
    demo,
    environment,
    free_port,
    processes_of,
    running,
)
from yangguang.foundation.accounts.models import Role

DAY = "2020-10-20"


def rows(var: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{var / 'yangguang.sqlite3'}?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchall()


def tables(var: Path) -> dict[str, list[tuple[object, ...]]]:
    """库里的全部内容。"""
    names = rows(var, "SELECT name FROM sqlite_master WHERE type = 'table'")
    return {str(name): rows(var, f'SELECT * FROM "{name}"') for (name,) in names}


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    """每个文件的内容和修改时刻：没有重写才算没有动。"""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.fixture(scope="module")
def house(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """一个跑着的演示，各项测试只看不改。"""

    var = tmp_path_factory.mktemp("running") / "demo"
    shutil.copytree(loaded, var)
    with running(var) as shown:
        yield shown


def get(house: Running, path: str, **headers: str) -> tuple[int, bytes, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def sign_in(house: Running, username: str, password: str) -> tuple[int, dict[str, str]]:
    """在登录页上填好交上去，返回应答码和 Cookie。"""
    path = house.address("工作台登录")
    _, page, headers = get(house, path)
    cookies = {
        k: m.value for h in headers.get_all("Set-Cookie", []) for k, m in SimpleCookie(h).items()
    }
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    connection.request(
        "POST", path,
        urlencode({"username": username, "password": password, "csrfmiddlewaretoken": token[1].decode()}),
        {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie(cookies)},
    )  # fmt: skip
    answer = connection.getresponse()
    answer.read()
    for header in answer.headers.get_all("Set-Cookie", []):
        cookies |= {key: morsel.value for key, morsel in SimpleCookie(header).items()}
    connection.close()
    return answer.status, cookies


def cookie(cookies: dict[str, str]) -> str:
    return "; ".join(f"{key}={value}" for key, value in cookies.items())


def test_the_printed_addresses_open_in_a_browser_on_this_machine(house: Running) -> None:
    for name, told in (
        ("首页", "临夏回族自治州人民政府"),
        ("永靖县的站点", "永靖县政府承担 51 份任务"),
        ("工作方案", "临州办发〔2020〕81号"),
        ("任务落实", "43 项任务"),
        ("工作台登录", "登录"),
    ):
        status, page, _ = get(house, house.address(name))
        assert status == 200 and told in page.decode(), name
    assert house.address("首页") == "/"


def test_every_address_of_the_site_map_answers(house: Running) -> None:
    _, index, _ = get(house, "/sitemap.xml")
    parts = re.findall(r"<loc>(.*?)</loc>", index.decode())
    pages = [
        address
        for part in parts
        for address in re.findall(r"<loc>(.*?)</loc>", get(house, urlsplit(part).path)[1].decode())
    ]
    assert len(pages) > 100
    wrong = {
        page: status for page in pages if (status := get(house, urlsplit(page).path)[0]) != 200
    }
    assert wrong == {}


def test_one_login_of_every_role_is_printed_and_each_signs_in(house: Running) -> None:
    password = re.search(r"口令都是 (\S+)）", house.printed)
    assert password
    names = re.findall(r"^  (\S+) +(演示\S+)$", house.printed, re.MULTILINE)
    roles = {
        str(role)
        for (role,) in rows(
            house.var,
            "SELECT DISTINCT a.role FROM accounts_roleassignment a "
            "JOIN accounts_user u ON u.id = a.user_id "
            f"WHERE u.username IN ({','.join(repr(name) for name, _ in names)})",
        )
    }
    assert roles == set(Role.values)
    for username, display_name in names:
        status, cookies = sign_in(house, username, password[1])
        assert status == 302, username
        status, page, _ = get(house, "/workbench/", Cookie=cookie(cookies))
        assert status == 200 and display_name in page.decode(), username
    assert sign_in(house, names[0][0], password[1] + "x")[0] == 422


def test_a_second_run_adds_nothing(copy: Path) -> None:
    before = tables(copy), tree(copy / "site"), tree(copy / "files")
    done = demo(copy, "--no-serve")
    assert done.returncode == 0, done.stderr
    assert (tables(copy), tree(copy / "site"), tree(copy / "files")) == before


def test_back_filled_dates_name_their_source_and_the_audit_keeps_the_true_time(
    loaded: Path,
) -> None:
    published = rows(
        loaded,
        "SELECT p.kind, p.published_at, p.published_at_source, v.created_at "
        "FROM publications_publication p "
        "JOIN publications_publicationversion v ON v.publication_id = p.id AND v.number = 1 "
        "WHERE p.kind NOT IN ('article', 'compilation')",
    )
    assert len(published) > 50
    for kind, at, source, recorded in published:
        # 稿件、汇编就是装入那天公布的；试行的一份照装入的日子往前推，别的都在方案那一年以前
        assert str(at) < ("2021" if kind != "norm" else str(recorded))
        assert str(source).startswith("演示补录")
        assert str(recorded) > "2021"
    ((first,),) = rows(loaded, "SELECT min(at) FROM audit_auditevent")
    assert datetime.fromisoformat(f"{first}").replace(tzinfo=UTC) > datetime.now(UTC) - timedelta(1)


def test_the_plan_and_its_three_interpretations_lead_to_one_another(loaded: Path) -> None:
    site = loaded / "site" / "linxia"
    number = "临州办发〔2020〕81号"
    ((plan,),) = rows(
        loaded,
        "SELECT p.id FROM publications_publication p JOIN publications_publicationversion v "
        f"ON v.id = p.current_version_id WHERE json_extract(v.payload, '$.document_number') = '{number}'",
    )
    (page,) = site.glob(f"document/*/{plan}.html")
    address = "/" + page.relative_to(site).as_posix()
    interpretations = sorted(site.glob("interpretation/*/*.html"))
    assert len(interpretations) == 3
    for each in interpretations:
        assert f'href="{address}"' in each.read_text("utf-8")
        assert f'href="/{each.relative_to(site).as_posix()}"' in page.read_text("utf-8")
    due, done = rows(
        loaded,
        "SELECT interpretation_due, interpreted_on FROM documents_officialdocument "
        f"WHERE document_number = '{number}'",
    )[0]
    assert str(done) <= str(due), "解读在期限以内"


def test_ctrl_c_ends_every_process_and_frees_the_port(copy: Path) -> None:
    with running(copy) as shown:
        assert len(processes_of(copy)) >= 3
        shown.process.send_signal(signal.SIGINT)
        said = shown.wait()
    assert shown.process.returncode == 0
    assert "演示已结束" in said
    assert processes_of(copy) == []
    assert shown.port_is_free()


def test_a_worker_that_is_killed_is_named_and_the_rest_end_too(copy: Path) -> None:
    with running(copy) as shown:
        os.kill(shown.member("work"), signal.SIGKILL)
        said = shown.wait()
    assert shown.process.returncode == 1
    assert "“作业”进程自己结束了（被信号 SIGKILL 结束）" in said
    assert processes_of(copy) == []
    assert shown.port_is_free()


def test_loading_that_is_interrupted_says_so_and_goes_on_where_it_stopped(
    loaded: Path, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        command("--no-serve"), env=environment(tmp_path), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    for line in process.stdout:
        if "20 / 70" in line:
            process.send_signal(signal.SIGINT)
            break
    said, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "再次运行接着装" in said and "Traceback" not in error
    assert demo(tmp_path, "--no-serve").returncode == 0
    for table in (
        "documents_officialdocument",
        "publications_publicationversion",
        "plans_progressreport",
    ):
        count = f"SELECT count(*) FROM {table}"
        assert rows(tmp_path, count) == rows(loaded, count), table


def test_a_demonstration_that_is_killed_leaves_no_process(copy: Path) -> None:

    with running(copy) as shown:
        shown.process.send_signal(signal.SIGKILL)
        shown.process.wait()
    deadline = time.monotonic() + 60
    while processes_of(copy) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_of(copy) == []
    assert demo(copy, "--no-serve").returncode == 0


def test_a_port_in_use_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = demo(tmp_path, "--port", str(port))
    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"--port：端口 {port} 已被占用。请结束占用它的程序，或换一个，例如 --port {port + 1}。"
    )
    assert not (tmp_path / "yangguang.sqlite3").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--port", "70000"], "1 到 65535"),
        (["--port", "八千"], "不是整数"),
        (["--address", "198.51.100.7"], "不能在 198.51.100.7 上监听"),
        (["--as-of", "2020-02-30"], "没有“2020-02-30”这一天"),
    ],
)
def test_bad_options_are_told_in_chinese(tmp_path: Path, arguments: list[str], told: str) -> None:
    done = demo(tmp_path, *arguments)
    assert done.returncode == 2
    assert told in done.stderr and "Traceback" not in done.stderr


def test_two_do_not_use_one_folder_at_once(house: Running) -> None:
    done = demo(house.var, "--port", str(free_port()))
    assert done.returncode == 2
    assert str(house.process.pid) in done.stderr and "YANGGUANG_VAR" in done.stderr


def test_reset_starts_again_and_touches_nothing_that_is_not_its_own(copy: Path) -> None:
    (copy / "我的笔记.txt").write_text("别删")
    before = {
        str(at) for (at,) in rows(copy, "SELECT created_at FROM publications_publicationversion")
    }
    done = demo(copy, "--reset", "--no-serve")
    assert done.returncode == 0, done.stderr
    assert (copy / "我的笔记.txt").read_text() == "别删"
    after = {
        str(at) for (at,) in rows(copy, "SELECT created_at FROM publications_publicationversion")
    }
    assert len(after) == len(before) and not after & before


def test_as_of_a_past_day_the_pages_stand_apart_and_the_books_stay(copy: Path) -> None:
    before = tables(copy), tree(copy / "site")
    with running(copy, "--as-of", DAY) as shown:
        page = get(shown, shown.address("任务落实"))[1].decode()
        password = re.search(r"口令都是 (\S+)）", shown.printed)
        assert password
        status, cookies = sign_in(shown, "office.drafter", password[1])
        workbench = get(shown, "/workbench/", Cookie=cookie(cookies))[1].decode()
    assert f'截至 <time datetime="{DAY}">{DAY}</time>' in page
    # 9月底前的四件事都在第 27 项，过了期限还没有报送的单位使它成为唯一的“已到期”
    totals = re.findall(r'<b class="\w+">(\d+)</b>(\S+)', page)
    assert totals == [("0", "按期完成"), ("42", "进行中"), ("1", "已到期")]
    (task,) = re.findall(r'<details class="task" id="t\d+-27">(.*?)</details>', page, re.DOTALL)
    due = re.findall(r"（期限 <time datetime=\"(.*?)\">", task)
    assert due.count("2020-09-30") == 4 and due.count("2020-08-31") == 1
    assert task.count('<span class="chip bad">已到期</span>') == 5
    assert status == 302 and "2020 年 10 月 20 日" in workbench
    assert tree(copy / "site") == before[1]
    after = tables(copy)
    changed = {name for name in after if after[name] != before[0][name]}
    # 巡查记下自己走完了一轮，那不是页面的账
    changed -= {"website_patrolround"}
    assert not {name for name in changed if name.startswith(("website_", "publications_"))}
    (signed_in,) = rows(copy, "SELECT at FROM audit_auditevent WHERE action = 'accounts.sign_in'")[
        -1
    ]
    assert datetime.fromisoformat(str(signed_in)).replace(tzinfo=UTC) > datetime.now(
        UTC
    ) - timedelta(hours=1)


def test_the_gazette_of_the_demonstration_leads_to_its_texts_and_to_the_print(
    house: Running,
) -> None:
    _, index, _ = get(house, "/gazette/")
    (address,) = set(re.findall(r'href="(/gazette_issue/[^"]+)"', index.decode()))
    _, page, _ = get(house, address)
    assert "临夏州人民政府公报2020年第1期" in page.decode() and "演示数据" in page.decode()
    plan = re.search(
        r'href="(/document/[^"]+)">\s*临夏回族自治州人民政府办公室关于印发', page.decode()
    )
    pdf = re.search(r'href="([^"]+\.pdf)"', page.decode())
    assert plan and pdf
    assert f'href="{address}"' in get(house, plan[1])[1].decode()
    assert get(house, pdf[1])[1].startswith(b"%PDF")
