"""The curators' desk, a file a family."""

from django.contrib import admin

from kb.admin import (
    accounts,
    claims,
    curation,
    evidence,
    regulation,
    reports,
    review,
    safety,
    sources,
    subjects,
    symptoms,
    work,
)

__all__ = [
    "accounts",
    "claims",
    "curation",
    "evidence",
    "regulation",
    "reports",
    "review",
    "safety",
    "sources",
    "subjects",
    "symptoms",
    "work",
]

admin.site.site_title = "Pharmakon desk"
admin.site.site_header = "Pharmakon desk"
admin.site.index_title = "Records, and the facts that belong to them"
