"""人员和任职的工作台：人员，请假代理，工作交接。"""

from yangguang.foundation.workbench.registry import register

from .deputies import DeputyViewSet
from .handovers import HandoverViewSet
from .people import PeopleViewSet

register(PeopleViewSet())
register(HandoverViewSet())
register(DeputyViewSet())
