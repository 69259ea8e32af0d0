"""一种记录的各种界面，合起来是 ``viewsets.RecordViewSet``。"""
