"""一种记录的工作台界面：列表、记录、新建、修改、动作，声明一次。

看得见什么由权限规则定，越权与不存在一样是 404；按钮由转换表定，暂不能办的说明缘由。
没有脚本也都能用；有脚本时列表的筛选不整页刷新。
"""

from django.urls import URLPattern

from .screens.bulk import BulkScreens
from .screens.declared import M
from .screens.lists import ListScreens
from .screens.versions import VersionScreens


class RecordViewSet(ListScreens[M], BulkScreens[M], VersionScreens[M]):
    """一种记录的界面：声明见 ``screens.declared.Declared``。"""

    def routes(self) -> list[URLPattern]:
        """全部地址。"""
        found = [
            self.route("", self.list_view, ""),
            self.route("<int:pk>/", self.record_view, "record"),
            self.route("<int:pk>/do/<slug:event>/", self.action_view, "do"),
            self.route("<int:pk>/print/", self.print_view, "print"),
        ]
        if self.create_form is not None:
            found.append(self.route("new/", self.create_view, "new"))
        if self.edit_form is not None:
            found.append(self.route("<int:pk>/edit/", self.edit_view, "edit"))
        if self.keeps_versions:
            found.append(self.route("<int:pk>/versions/", self.versions_view, "versions"))
        return [*found, *self.extra_routes()]
