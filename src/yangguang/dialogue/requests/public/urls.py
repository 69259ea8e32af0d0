"""依申请公开的公开地址，都在 ``/interact/requests/`` 之下。"""

from django.urls import path

from . import applying, finding, following

app_name = "requests"
urlpatterns = [
    path("", finding.find, name="find"),
    path("at/<slug:code>/", finding.office, name="office"),
    path("at/<slug:code>/search/", finding.search, name="search"),
    path("at/<slug:code>/found/<int:publication>/", finding.found, name="found"),
    path("at/<slug:code>/blank/", finding.blank, name="blank"),
    path("at/<slug:code>/apply/", applying.application, name="apply"),
    path("receipt/", following.receipt, name="receipt"),
    path("receipt/pdf/", following.receipt_file, name="receipt-pdf"),
    path("status/", following.status, name="status"),
    path("case/", following.case, name="case"),
    path("case/withdraw/", following.withdrawing, name="withdraw"),
    path("case/part/<int:key>/", following.part, name="part"),
    path("case/do/<slug:name>/", following.step, name="step"),
    path("leave/", following.leave, name="leave"),
    path("mine/", following.mine, name="mine"),
    path("mine/<int:key>/", following.mine_one, name="mine-one"),
]
