"""django-tasks 的作业要用装饰器声明在自己的模块里。"""

from bench.queue_candidates import jobs
from django_tasks import task


@task()
def quick(name: str) -> None:
    jobs.quick(name)


@task()
def slow(name: str, seconds: float) -> None:
    jobs.slow(name, seconds)


@task()
def fails_twice(name: str) -> None:
    jobs.fails_twice(name)


@task()
def always_fails(name: str) -> None:
    jobs.always_fails(name)


@task()
def poison(name: str) -> None:
    jobs.poison(name)
