"""make bench：依次跑各项测量，各自打印结果。

    python bench/run.py [名称…]

不写名称就全部跑。候选者只在 uv 临时搭的环境里装，不进项目的依赖。
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = ROOT / ".venv" / "bin" / "uv"
QUEUES = ("django-q2==1.11.1", "django-tasks==0.12.0", "django-tasks-db==0.13.0")
SERVERS = ("gunicorn==27.0.1",)


def with_packages(*packages: str) -> list[str]:
    """在项目依赖之外再加几个包的临时环境里运行 Python。"""
    extra = [part for package in packages for part in ("--with", package)]
    return [str(UV), "run", "--quiet", "--isolated", "--frozen", *extra, "python"]


BENCHES: dict[str, list[list[str]]] = {
    "bake": [[sys.executable, "bench/bake.py"]],
    "growing": [[sys.executable, "bench/growing.py"]],
    "nginx": [[sys.executable, "bench/nginx.py"]],
    "servers": [[*with_packages(*SERVERS), "bench/servers.py"]],
    "queues": [
        *([*with_packages(*QUEUES), "bench/queues.py", name] for name in ("q2", "tasks")),
        [sys.executable, "bench/queues.py", "house"],
    ],
    "ledger": [
        [sys.executable, "bench/ledger.py", "准备", "var/bench-ledger"],
        [sys.executable, "bench/ledger.py", "量", "var/bench-ledger"],
    ],
    "requests": [[sys.executable, "bench/requests.py"]],
    "screening": [[sys.executable, "bench/screening.py"]],
    "workbench": [[sys.executable, "bench/workbench.py"]],
    "search": [[sys.executable, "bench/search.py"], [sys.executable, "bench/search_page.py"]],
}
"""每一项由哪几条命令组成，按先后。"""


def main() -> int:
    """逐项运行；有一项失败就停下，退出码非零。"""
    chosen = sys.argv[1:] or list(BENCHES)
    if unknown := [name for name in chosen if name not in BENCHES]:
        print(f"没有这项测量：{'、'.join(unknown)}。可选：{'、'.join(BENCHES)}", file=sys.stderr)
        return 2
    for name in chosen:
        for command in BENCHES[name]:
            print(f"· {name}：{' '.join(command[-2:])}", flush=True)
            if code := subprocess.run(command, cwd=ROOT).returncode:
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
