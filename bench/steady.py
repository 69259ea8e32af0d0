"""按固定的步调访问一个地址：不管上一问答了没有，到点就问下一问，到时即止。

    python bench/steady.py 端口 每秒几次 秒数 < 路径（一行一个，用完从头）

只访问本机。用时从该问的那一刻算起，服务器慢了、排了队，都算在内；应答不是 200、断了、十秒没有答，
算一次失败。打印一个 JSON 值：p50、p95、p99、最大的毫秒数，问了几次，失败几次。
"""

import http.client
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

LINES = 64
PATIENCE = 10.0


def steady(port: int, paths: list[str], rate: float, seconds: float) -> dict[str, float]:
    """按 ``rate`` 访问 ``seconds`` 秒。"""
    count = int(rate * seconds)
    began = time.perf_counter() + 0.2
    with ThreadPoolExecutor(LINES) as pool:
        asked = []
        for number, path in enumerate(islice(cycle(paths), count)):
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            asked.append(pool.submit(fetch, port, path, due))
        taken = [each.result() for each in asked]
    answered = sorted(t for t in taken if t is not None)
    return {
        "p50_ms": percentile(answered, 0.5),
        "p95_ms": percentile(answered, 0.95),
        "p99_ms": percentile(answered, 0.99),
        "max_ms": percentile(answered, 1.0),
        "asked": count,
        "failures": count - len(answered),
    }


def fetch(port: int, path: str, due: float) -> float | None:
    """取一次，返回从该问的那一刻起用的毫秒数；失败为 ``None``。"""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return (time.perf_counter() - due) * 1000 if answer.status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def percentile(ordered: list[float], part: float) -> float:
    """第 ``part`` 百分位；一个也没有是零。"""
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def main() -> None:
    """访问一轮，打印结果。"""
    port, rate, seconds = sys.argv[1:]
    paths = sys.stdin.read().split("\n")
    print(json.dumps(steady(int(port), [p for p in paths if p], float(rate), float(seconds))))


if __name__ == "__main__":
    main()
