"""检索：谁都能查，不登录也行。"""

from collections.abc import Callable

from tests.access.table import EVERYONE, Row, rows
from tests.town import Town
from yangguang.hub.search.indexer import catch_up


def _asked(page: str) -> Callable[[Town], str]:
    def path(town: Town) -> str:
        catch_up()
        return f"/search/{page}?q=通知"

    return path


rows(
    Row("search:search", _asked(""), EVERYONE, elsewhere=True),
    Row("search:suggest", _asked("suggest"), EVERYONE, elsewhere=True),
)
