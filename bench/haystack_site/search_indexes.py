from __future__ import annotations

from typing import Any

from haystack import indexes

from bench.haystack_site.models import Page


class PageIndex(indexes.SearchIndex, indexes.Indexable):
    text = indexes.CharField(document=True)
    title = indexes.CharField(model_attr="title")

    def get_model(self) -> type[Page]:
        return Page

    def prepare_text(self, page: Page) -> str:
        return f"{page.title}\n{page.text}"

    def index_queryset(self, using: Any = None) -> Any:
        return Page._default_manager.all()
