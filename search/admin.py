"""A look at what the index has still to learn. Nothing here is written by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from search.models import PendingKey


@admin.register(PendingKey)
class PendingKeyDesk(admin.ModelAdmin):
    list_display = ["key", "noted_at"]
    ordering = ["noted_at", "pk"]
    search_fields = ["key"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
