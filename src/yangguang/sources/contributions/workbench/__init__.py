"""信息报送的工作台：投稿、约稿、报送排名。"""

from yangguang.foundation.workbench.registry import register

from .calls import CallViewSet
from .contributions import ContributionViewSet
from .ranking import RankingViewSet

register(ContributionViewSet())
register(CallViewSet())
register(RankingViewSet())
