"""The curators' desk, a file a family."""

from django.contrib import admin

from kb.admin import (
    claims,
    curation,
    evidence,
    regulation,
    reports,
    review,
    sources,
    subjects,
    symptoms,
)

__all__ = [
    "claims",
    "curation",
    "evidence",
    "regulation",
    "reports",
    "review",
    "sources",
    "subjects",
    "symptoms",
]

admin.site.site_title = "Pharmakon desk"
admin.site.site_header = "Pharmakon desk"
admin.site.index_title = "Records, and the facts that belong to them"
