"""一个人手上的检索设置：他定的同义词、推荐，还在使用的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import Promotion, SynonymGroup

IN_FORCE = frozenset({"in_force"})
register(LivingHolding(SynonymGroup, "同义词", IN_FORCE, "workbench:synonyms-record"))
register(LivingHolding(Promotion, "检索推荐", IN_FORCE, "workbench:promotions-record"))
