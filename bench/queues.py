"""作业队列的试验：用真进程和真的 kill -9 看各候选者做不做得到我们要的几件事。

    python bench/queues.py q2|tasks|house [sqlite:////路径 | postgresql://…]

``q2`` 与 ``tasks`` 只在试验用的虚拟环境里装（``django-q2``、``django-tasks``、
``django-tasks-db``），``house`` 是最后采用的自己的队列，用项目的环境运行。
工人进程被杀后由本脚本重起，相当于 systemd 的 ``Restart=always``。
结论见 ``docs/decisions/0002-job-queue.md``。
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEASE = 6


class Trial:
    """一个候选者在一个数据库上的一轮试验。"""

    def __init__(self, queue: str, database: str, folder: Path) -> None:
        self.log = folder / "log"
        self.queue = queue
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "bench.queue_candidates.settings",
            "TRIAL_QUEUE": queue,
            "TRIAL_DATABASE": database,
            "TRIAL_LOG": str(self.log),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
        }
        self.workers: list[subprocess.Popen[bytes]] = []
        self.run("-m", "django", "migrate", "-v0")

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment, check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def code(self, text: str) -> str:
        prelude = (
            "import django; django.setup()\n"
            "from django.db import transaction\n"
            "from bench.queue_candidates.operations import *\n"
        )
        return self.run("-c", prelude + text)

    def start(self) -> None:
        """各两个工人：q2 与自己的队列一个主进程带两个，django-tasks 起两个进程。"""
        command = {
            "q2": ["qcluster"],
            "tasks": ["db_worker", "--interval", "0.2", "--no-reload"],
            "house": ["work"],
        }
        self.workers = [
            subprocess.Popen(
                [sys.executable, "-m", "django", *command[self.queue]],
                env=self.environment, start_new_session=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for _ in range(2 if self.queue == "tasks" else 1)
        ]  # fmt: skip

    def revive(self) -> None:
        """死了的工人重起。"""
        if any(worker.poll() is not None for worker in self.workers):
            for worker in self.workers:
                self._kill_group(worker)
            self.start()

    def stop(self) -> None:
        for worker in self.workers:
            self._kill_group(worker)
        self.workers = []

    @staticmethod
    def _kill_group(worker: "subprocess.Popen[bytes]") -> None:
        try:
            os.killpg(worker.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        worker.wait()

    def lines(self, word: str, name: str) -> list[tuple[int, float]]:
        if not self.log.exists():
            return []
        rows = (line.split() for line in self.log.read_text().splitlines())
        return [(int(r[2]), float(r[3])) for r in rows if r[:2] == [word, name]]

    def wait(self, condition: Callable[[], bool], seconds: float) -> bool:
        """等到条件成立，期间重起死掉的工人；超时返回假。"""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if condition():
                return True
            self.revive()
            time.sleep(0.1)
        return condition()

    # ── 各项 ──

    def rollback(self) -> str:
        self.code(
            "try:\n with transaction.atomic():\n  enqueue('quick', 'rolled'); 1/0\n"
            "except ZeroDivisionError: pass\n"
            "with transaction.atomic(): enqueue('quick', 'committed')"
        )
        self.start()
        self.wait(lambda: bool(self.lines("start", "committed")), 20)
        time.sleep(1)
        return f"回滚的运行 {len(self.lines('start', 'rolled'))} 次，提交的 {len(self.lines('start', 'committed'))} 次"

    def throughput(self) -> str:
        self.code("with transaction.atomic():\n for n in range(300): enqueue('quick', f'many{n}')")
        self.start()
        began = time.monotonic()

        def counts() -> list[int]:
            text = self.log.read_text() if self.log.exists() else ""
            return [text.count(f"start many{n} ") for n in range(300)]

        self.wait(lambda: all(counts()), 90)
        took = time.monotonic() - began
        time.sleep(LEASE + 2)
        done = counts()
        return f"300 个用 {took:.1f} 秒（含启动），没跑 {done.count(0)}，跑重 {sum(n > 1 for n in done)}"

    def retry(self) -> str:
        self.code("enqueue('fails_twice', 'twice')")
        self.start()
        ok = self.wait(lambda: bool(self.lines("end", "twice")), 45)
        times = [at for _, at in self.lines("start", "twice")]
        gaps = [f"{b - a:.1f}" for a, b in zip(times, times[1:], strict=False)]
        return f"{'最终成功' if ok else '没有成功'}，运行 {len(times)} 次，间隔 {gaps} 秒"

    def kill_job(self) -> str:
        self.code("enqueue('slow', 'killed', 3)")
        self.start()
        self.wait(lambda: bool(self.lines("start", "killed")), 20)
        os.kill(self.lines("start", "killed")[0][0], signal.SIGKILL)
        struck = time.monotonic()
        ok = self.wait(lambda: bool(self.lines("end", "killed")), 40)
        return f"杀掉正在跑它的进程：{'重跑完成' if ok else '再也没有跑完'}，{time.monotonic() - struck:.1f} 秒后；{self.code('print(state())')}"

    def kill_all(self) -> str:
        self.code("enqueue('slow', 'wiped', 3)")
        self.start()
        self.wait(lambda: bool(self.lines("start", "wiped")), 20)
        for worker in self.workers:
            os.kill(worker.pid, signal.SIGKILL)
        time.sleep(4.5)
        orphan = len(self.lines("end", "wiped"))
        alive = subprocess.run(
            ["pgrep", "-c", "-r", "S,R,D", "-g", ",".join(str(w.pid) for w in self.workers)],
            capture_output=True, text=True, check=False,
        ).stdout.strip()  # fmt: skip
        ok = self.wait(lambda: bool(self.lines("end", "wiped")), 40)
        return f"杀掉主进程：残留子进程 {alive} 个，残留者跑完 {orphan} 次；重起后{'完成' if ok else '没有完成'}，共开始 {len(self.lines('start', 'wiped'))} 次"

    def poison(self) -> str:
        self.code("enqueue('poison', 'poison')")
        self.start()
        self.wait(lambda: False, 50)
        return f"一跑就自杀的作业：50 秒里开始 {len(self.lines('start', 'poison'))} 次；{self.code('print(state())')}"

    def long_job(self) -> str:
        self.code("enqueue('slow', 'long', 20)")
        self.start()
        self.wait(lambda: len(self.lines("end", "long")) >= 1, 45)
        starts = len(self.lines("start", "long"))
        return f"比租约（{LEASE} 秒）长的作业（20 秒）：开始 {starts} 次，跑完 {len(self.lines('end', 'long'))} 次"

    def dead_letter(self) -> str:
        self.code("enqueue('always_fails', 'hopeless')")
        self.start()
        self.wait(lambda: False, 45)
        return f"总是失败的作业：45 秒里跑了 {len(self.lines('start', 'hopeless'))} 次；{self.code('print(state())')}"

    def terminate(self) -> str:
        self.code("enqueue('slow', 'term', 2)")
        self.start()
        self.wait(lambda: bool(self.lines("start", "term")), 20)
        began = time.monotonic()
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait(30)
        codes = [worker.returncode for worker in self.workers]
        return f"SIGTERM：{time.monotonic() - began:.1f} 秒后退出，退出码 {codes}，手上的作业{'跑完了' if self.lines('end', 'term') else '没有跑完'}"


STEPS = (
    "rollback", "throughput", "retry", "kill_job", "kill_all", "poison", "long_job",
    "dead_letter", "terminate",
)  # fmt: skip


def main() -> None:
    queue = sys.argv[1]
    folder = Path(tempfile.mkdtemp(prefix="queues-"))
    database = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder / 'trial.sqlite3'}"
    trial = Trial(queue, database, folder)
    try:
        for step in STEPS:
            print(f"{queue}\t{step}\t{getattr(trial, step)()}", flush=True)
            trial.stop()
            trial.code("clear()")
            trial.log.unlink(missing_ok=True)
    finally:
        trial.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
