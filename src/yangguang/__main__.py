"""控制台命令 ``yangguang``：Django 的 manage.py，换成产品的名字。"""

import os
import sys


def main() -> None:
    """运行一条管理命令；退出码的约定见 ``foundation.commands``。"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings.demo")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["yangguang", *sys.argv[1:]])


if __name__ == "__main__":
    main()
