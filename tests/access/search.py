"""检索：谁都能查，不登录也行。"""

from tests.access.table import EVERYONE, Row, rows
from tests.town import Town
from yangguang.hub.search.indexer import catch_up


def _asked(town: Town) -> str:
    catch_up()
    return "/search/?q=通知"


rows(Row("search:search", _asked, EVERYONE, elsewhere=True))
