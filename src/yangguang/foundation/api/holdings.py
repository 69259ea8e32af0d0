"""一个人手上的接口密钥：他发的、还有效的，到期要有人管。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import ApiKey
from .rules import KEY_LIFE

register(
    LivingHolding(ApiKey, "接口密钥", frozenset({KEY_LIFE.initial}), "workbench:api-keys-record")
)
