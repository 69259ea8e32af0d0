"""没有编排过的页：默认摆哪些块。纯规则，不碰数据库、时钟和配置。"""

from .rules import Block, Blocks, numbered


def default_home(site: str, first_column: str, lower: str = "县市") -> Blocks:
    """首页：开头，方案进度，最新公开与栏目并排，“我要”，专题，下级政府（``lower`` 是它们的统称），部门。"""
    return numbered(
        (
            Block("opening", {
                "title": "文件怎么定的，事情办到哪一步，都在这里",
                "words": f"{site}依照《中华人民共和国政府信息公开条例》公开的信息。"
                "每一份都写明谁发的、什么时候发的、改过没有。",
                "searches": [],
                "column": first_column,
            }),
            Block("plan"),
            Block("list", {
                "heading": "最新公开", "column": "", "organisation": "", "topic": "", "kind": "",
                "count": 8, "order": "new",
            }),
            Block("columns", {"heading": "按栏目找"}, beside=True),
            Block("entrances", {
                "heading": "我要",
                "items": [
                    {"title": "申请公开", "href": "/interact/requests/", "words": "20 个工作日内答复"},
                    {"title": "查申请的进度", "href": "/interact/requests/status/",
                     "words": "凭编号和查询码"},
                ],
            }),
            Block("consultations", {"heading": "正在征求意见", "count": 3, "empty": "hide"}),
            Block("topics", {"heading": "专题", "count": 4}),
            Block("units", {"heading": lower, "which": "lower"}),
            Block("units", {"heading": "政府部门", "which": "departments"}),
        )
    )  # fmt: skip


def default_topic() -> Blocks:
    """专题页：名称、简介和收进来的信息之外，不另摆什么。"""
    return ()
