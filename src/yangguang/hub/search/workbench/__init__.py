"""检索的工作台：没有查到的词、同义词、推荐结果。"""

from yangguang.foundation.workbench.registry import register

from .fruitless import FruitlessViewSet
from .promotions import PromotionViewSet
from .synonyms import SynonymViewSet

register(FruitlessViewSet())
register(SynonymViewSet())
register(PromotionViewSet())
