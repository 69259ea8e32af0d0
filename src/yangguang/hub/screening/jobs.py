"""作业：存过内容之后查一次错。重做无害。"""

from django.apps import apps

from yangguang.foundation.jobs.registry import Hopeless, job

from .services import OBSERVE, observe


@job(OBSERVE)
def observe_again(label: str, pk: int) -> None:
    """查一条记录的错；记录已经没有了就算了。"""
    try:
        model = apps.get_model(label)
    except LookupError as error:
        raise Hopeless(f"没有 {label} 这种记录。") from error
    record = model._default_manager.filter(pk=pk).first()
    if record is not None:
        observe(record)
