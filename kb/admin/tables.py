"""Tables in and out on the lists of the desk: CSV and XLSX, with a look before anything."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from kb import review, sheets, tables
from kb.accounts import audit
from kb.choices import AuditEvent

LARGEST_BYTES = 5 * 1024 * 1024
SALT = "kb.admin.tables"
ONE_DAY_S = 86_400
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class TableForm(forms.Form):
    file = forms.FileField(
        label="Table",
        help_text="CSV (UTF-8), TSV or XLSX, at most 5 MB and 2,000 rows.",
    )
    reason = forms.CharField(
        label="Why these changes?",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Whoever reviews them reads it, and it stands in the public history.",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise ValidationError("At most 5 MB.")
        if Path(file.name).suffix.lower() not in (".csv", ".tsv", ".xlsx"):
            raise ValidationError("Takes a file that ends in .csv, .tsv or .xlsx.")
        return file


class TablesMixin:
    """For the desk of a model in `kb.tables.TABLES`."""

    change_list_template: Any = "admin/tabled_list.html"

    @property
    def table(self) -> tables.Table:
        return tables.TABLES[self.model]  # type: ignore[attr-defined]

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"  # type: ignore[attr-defined]
        view = self.admin_site.admin_view  # type: ignore[attr-defined]
        return [
            path("table/", view(self.import_table), name=f"{name}_table"),
            path("table.<str:form>", view(self.export_table), name=f"{name}_export"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"  # type: ignore[attr-defined]
        context = {
            "table_url": reverse(f"{name}_table"),
            "export_urls": [
                (form.upper(), reverse(f"{name}_export", args=[form])) for form in TYPES
            ],
            "query": request.GET.urlencode(),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)  # type: ignore[misc]

    # Out

    def export_table(self, request: HttpRequest, form: str) -> HttpResponse:
        """Send the rows of the list as it is filtered, formulas disarmed."""
        if not self.has_view_permission(request) or form not in TYPES:  # type: ignore[attr-defined]
            raise PermissionDenied
        rows = self.get_changelist_instance(request).get_queryset(request)  # type: ignore[attr-defined]
        found = (
            [tables.escaped(cell) for cell in row]
            for row in tables.out_rows(self.table, rows)
        )
        body = as_xlsx(found) if form == "xlsx" else as_csv(found)
        self._audit(AuditEvent.EXPORTED, f"as {form}")
        response = HttpResponse(body, content_type=TYPES[form])
        name = self.opts.verbose_name_plural.replace(" ", "-")  # type: ignore[attr-defined]
        response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
        return response

    # In

    def import_table(self, request: HttpRequest) -> HttpResponse:
        if not (
            self.has_add_permission(request) and self.has_change_permission(request)  # type: ignore[attr-defined]
        ):
            raise PermissionDenied
        if "rows" in request.POST:
            return self._confirm(request)
        form = TableForm(request.POST or None, request.FILES or None)
        if request.method != "POST" or not form.is_valid():
            return self._table_page(request, form=form)
        try:
            rows = read_upload(form.cleaned_data["file"], self.table.needed)
        except sheets.Unreadable as problem:
            form.add_error("file", str(problem))
            return self._table_page(request, form=form)
        return self._preview(request, rows, form.cleaned_data["reason"])

    def _preview(
        self, request: HttpRequest, rows: list[sheets.Row], reason: str
    ) -> HttpResponse:
        made = tables.plan(self.table, rows)
        kept = [[row.line, row.cells] for row in rows]
        sent = {"rows": kept, "reason": reason, "by": request.user.pk}
        return self._table_page(
            request,
            plan=made,
            counts=[
                (word, made.count(word))
                for word in ("new", "changed", "unchanged", "error")
            ],
            signed=signing.dumps(sent, salt=SALT, compress=True)
            if made.is_right
            else "",
            wrong=[fate.line for fate in made.fates if fate.verdict == "error"],
            reason=reason,
        )

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        try:
            sent = signing.loads(request.POST["rows"], salt=SALT, max_age=ONE_DAY_S)
        except signing.BadSignature:
            sent = {}
        if sent.get("by") != request.user.pk:
            messages.error(request, "Send the table again: the look at it is too old.")
            return HttpResponseRedirect(request.path)
        rows = [sheets.Row(line, cells) for line, cells in sent["rows"]]
        made = tables.plan(self.table, rows)
        try:
            saved, proposed = tables.apply(made, by=request.user, reason=sent["reason"])
        except (review.NotAllowed, ValidationError) as refusal:
            messages.error(
                request, "; ".join(getattr(refusal, "messages", [str(refusal)]))
            )
            return self._preview(request, rows, sent["reason"])
        self._audit(AuditEvent.IMPORTED, f"saved {saved}, proposed {proposed}")
        if saved:
            messages.success(request, f"Saved: {saved}.")
        if proposed:
            address = reverse("admin:kb_change_changelist")
            waiting = format_html(
                'Waiting for review by somebody else: {}, under <a href="{}">Changes</a>.',
                proposed,
                address,
            )
            messages.info(request, waiting)
        if not saved and not proposed:
            messages.info(request, "Nothing was different, so nothing was written.")
        return HttpResponseRedirect(request.path + "../")

    def _audit(self, event: AuditEvent, detail: str) -> None:
        names = str(self.opts.verbose_name_plural)  # type: ignore[attr-defined]
        audit.record(event, about=f"table of {names}", detail=detail)

    def _table_page(self, request: HttpRequest, **context: Any) -> HttpResponse:
        names = self.opts.verbose_name_plural  # type: ignore[attr-defined]
        return TemplateResponse(
            request,
            "admin/table_import.html",
            {
                **self.admin_site.each_context(request),  # type: ignore[attr-defined]
                "title": f"Take in a table of {names}",
                "opts": self.opts,  # type: ignore[attr-defined]
                "columns": self.table.columns,
                "needed": self.table.needed,
                **context,
            },
        )


def read_upload(file: Any, needed: Iterable[str]) -> list[sheets.Row]:
    """Return the rows of an uploaded file. Raises Unreadable."""
    suffix = Path(file.name).suffix.lower()
    with tempfile.NamedTemporaryFile(suffix=suffix) as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        rows = []
        for row in sheets.rows(Path(kept.name), tuple(needed)):
            rows.append(sheets.Row(row.line, tables.unescaped(row.cells)))
            if len(rows) > tables.MOST_ROWS:
                break
    return rows


def as_csv(rows: Iterable[list[str]]) -> bytes:
    """Return a CSV file that spreadsheets read as UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[list[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Table")
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row])
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()
