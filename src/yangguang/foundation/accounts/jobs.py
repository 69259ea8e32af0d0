"""账号的作业：清掉过期的会话。"""

from datetime import time

from yangguang.foundation.jobs.registry import job, schedule

from .services import discard_sessions


@job("accounts.discard_sessions")
def discard() -> None:
    """删去过期的会话。重做无害。"""
    discard_sessions()


schedule("accounts.discard_sessions", "accounts.discard_sessions", daily=time(3, 40))
