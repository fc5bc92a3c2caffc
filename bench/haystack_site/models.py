from __future__ import annotations

from django.db import models


class Page(models.Model):
    title = models.TextField()
    text = models.TextField()

    class Meta:
        app_label = "haystack_site"

    def __str__(self) -> str:
        return self.title
