"""The desk of the edited pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from simple_history.admin import SimpleHistoryAdmin

from articles import condition
from articles.checking import TooLong
from articles.drafting import draft_from_text
from articles.models import Article, Author
from articles.rendering import render as render_markdown
from kb.admin import needs
from kb.admin.base import NEVER_REVIEWED, REVIEW, RecordDesk, with_https
from kb.admin.lists import linked_filter


class ArticleForm(forms.ModelForm):
    """Lets nothing be saved whose links and citations lead nowhere."""

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        errors = condition.link_errors(body)
        if errors:
            raise ValidationError([ValidationError(error) for error in errors])
        return body


@admin.register(Author)
class AuthorDesk(SimpleHistoryAdmin):
    """A person, not a record: looked after by administrators, without review."""

    list_display = ["name", "credentials", "credentials_url"]
    list_per_page = 50
    search_fields = ["name", "credentials"]
    fields = ["name", ("credentials", "credentials_url"), "interests"]

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        return super().formfield_for_dbfield(
            db_field, request, **with_https(db_field), **kwargs
        )


@admin.register(Article)
class ArticleDesk(RecordDesk):
    form = ArticleForm
    change_form_template = "admin/articles/article/change_form.html"
    list_select_related = ["profile"]
    list_display = [
        "name",
        "byline",
        "state",
        "sources_gone",
        "published_on",
        "reviewed_on",
        "updated",
    ]
    list_filter: list[Any] = [
        "state",
        "needs_review",
        NEVER_REVIEWED,
        linked_filter("source", "sources__slug"),
    ]
    search_fields = ["name", "slug", "summary", "body", "author"]
    autocomplete_fields = [
        "profile",
        "substances",
        "alkaloids",
        "symptoms",
        "claims",
        "sources",
        *RecordDesk.autocomplete_fields,
    ]
    lines = {"takeaways": "Three to five sentences to take away, one a line."}
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "slug", "summary", "body", "takeaways", "tags"],
                "description": "The name is the title, the summary the lead.",
            },
        ),
        ("Who and when", {"fields": [("author", "published_on"), "profile"]}),
        (
            "What it is about",
            {"fields": ["substances", "alkaloids", "symptoms", "claims", "sources"]},
        ),
        REVIEW,
        ("Dates", {"fields": [("created_at", "updated_at")], "classes": ["collapse"]}),
    ]

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "body":
            field.widget.attrs["rows"] = "30"
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return condition.with_gone_sources(super().get_queryset(request))

    @admin.display(description="sources", ordering="gone_count")
    def sources_gone(self, article: Any) -> str:
        """Say how many of its sources are retracted, of concern, or withdrawn."""
        return f"⚠ {article.gone_count} gone" if article.gone_count else "–"

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "preview/",
                self.admin_site.admin_view(require_POST(self.preview)),
                name="articles_article_preview",
            ),
            path(
                "from-text/",
                self.admin_site.admin_view(
                    sensitive_post_parameters("text")(require_POST(self.from_text))
                ),
                name="articles_article_from_text",
            ),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest) -> HttpResponse:
        """Show how a text will look, and which of its links lead nowhere."""
        if not (
            self.has_change_permission(request) or self.has_add_permission(request)
        ):
            raise PermissionDenied
        body = request.POST.get("body", "")
        context = {
            "text": render_markdown(body),
            "errors": condition.link_errors(body),
        }
        return render(request, "admin/articles/article/preview.html", context)

    def from_text(self, request: HttpRequest) -> HttpResponse:
        """Store a checked text as a draft and open it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            article = draft_from_text(request.POST.get("text", ""))
        except (TooLong, ValueError) as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:articles_article_changelist")
        self.log_addition(request, article, "Made from a checked text.")
        self.message_user(
            request,
            "The text is a draft now, with its marks. Rewrite it in your own words and"
            " give each sentence its source before it goes to review.",
        )
        return HttpResponseRedirect(
            reverse("admin:articles_article_change", args=[article.pk])
        )

    def render_change_form(
        self, request: Any, context: Mapping[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        article = kwargs.get("obj")
        context = {**context, "troubles": _troubles(article) if article else []}
        return super().render_change_form(request, context, *args, **kwargs)


def _troubles(article: Article) -> list[str | SafeString]:
    """Return what a curator of this article should see at once."""
    return [
        *condition.gone_sources(article, render_markdown(article.body).cited),
        *condition.link_errors(article.body),
    ]


needs.register(
    needs.assigned(Article),
    needs.drafts_of(Article),
    needs.flagged("Articles to look at again: a source of theirs changed", Article),
)
