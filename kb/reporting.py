"""Takes a reader's report without account, cookie, script or another's service.

What keeps machines out: a field that people do not see, a signed time stamp that is neither
too young nor too old, bounds on length, and a limit for each neighbourhood of addresses
that is kept without the address (kb.limits, docs/decisions.md).
"""

from __future__ import annotations

from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.limits import Limit
from kb.models import ReaderReport

YOUNGEST_S, OLDEST_S = 3, 24 * 3600
REPORTS, WITHIN_S = 5, 3600
REPORTS_OF_ALL = 200
_signer = TimestampSigner(salt="kb.reporting")


def stamp(about: str) -> str:
    """Return what says when the form about this page was handed out."""
    return _signer.sign(about)


def trouble_with(stamp: str, about: str) -> str:
    """Return what is wrong with a stamp, as a sentence for a person, or ""."""
    again = _("Nothing was sent. Please press the button again.")
    try:
        if _signer.unsign(stamp, max_age=OLDEST_S) != about:
            return again
    except SignatureExpired:
        too_old = _("The form had been open for more than a day.")
        return f"{too_old} {again}"
    except BadSignature:
        return again
    try:
        _signer.unsign(stamp, max_age=YOUNGEST_S)
    except SignatureExpired:
        return ""  # older than the youngest: a person had time to write
    too_young = _("That was quicker than a person writes.")
    return f"{too_young} {again}"


class ReportForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What is wrong, and how do you know?"),
        min_length=10,
        max_length=ReaderReport.LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "aria-describedby": "text-help"}),
        error_messages={
            "required": gettext_lazy("Write what is wrong."),
            "min_length": gettext_lazy("Write a little more: at least 10 letters."),
            "max_length": gettext_lazy("Write less: at most 4,000 letters."),
        },
    )
    reply_to = forms.EmailField(
        label=gettext_lazy(
            "Your e-mail address, only if you want an answer (optional)"
        ),
        required=False,
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "aria-describedby": "reply-help"}
        ),
        error_messages={
            "invalid": gettext_lazy(
                "This is not an e-mail address, as name@example.org."
            )
        },
    )


limit = Limit("report", REPORTS, WITHIN_S, of_all=REPORTS_OF_ALL)
