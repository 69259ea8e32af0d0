"""用自己的队列声明试验作业；重试三次以内，间隔从一秒起。"""

from datetime import timedelta

from bench.queue_candidates import jobs

from yangguang.foundation.jobs.registry import job

for function in (jobs.quick, jobs.slow, jobs.fails_twice, jobs.always_fails, jobs.poison):
    job(function.__name__, retries=2, backoff=timedelta(seconds=1))(function)
