"""The four roles of the desk, as groups. Each `migrate` makes sure of them.

A group keeps what an administrator added to it; what a role needs is put back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

CONTRIBUTOR, REVIEWER = "Contributor", "Reviewer"
PUBLISHER, ADMINISTRATOR = "Publisher", "Administrator"
ROOMS = ("kb", "articles")
# Made by the program or by review, or about people: only an administrator types them.
UNTYPED = (
    "assignment",
    "auditentry",
    "author",
    "change",
    "changecomment",
    "curator",
    "dataversion",
    "failedlogins",
    "gradechange",
    "job",
    "linkcheck",
    "oldslug",
    "qualityday",
    "recentcount",
    "taggedrecord",
)


def ensure_roles(sender: Any = None, **_: Any) -> None:
    """Make the groups with their permissions; receives `post_migrate`.

    Permissions of a room are there once the signal comes from that room.
    """
    if sender is not None and sender.label not in (*ROOMS, "search"):
        return
    records = Q(content_type__app_label__in=ROOMS) & ~Q(
        content_type__model__startswith="historical"
    )
    typed = records & ~Q(content_type__model__in=UNTYPED)
    about_people = Q(
        content_type__model__in=("auditentry", "failedlogins", "recentcount")
    )
    view = Q(codename__startswith="view_")
    edit = Q(codename__startswith="add_") | Q(codename__startswith="change_")
    missed = Q(content_type__app_label="search", content_type__model="missedquery")
    contributor = (records & view & ~about_people) | (typed & edit) | (missed & view)
    reviewer = (
        contributor
        | Q(codename="approve_change")
        | (missed & Q(codename="delete_missedquery"))
    )
    publisher = reviewer | Q(codename="publish_record")
    everything = publisher | Q(content_type__app_label__in=(*ROOMS, "search", "auth"))
    for name, wanted in (
        (CONTRIBUTOR, contributor),
        (REVIEWER, reviewer),
        (PUBLISHER, publisher),
        (ADMINISTRATOR, everything),
    ):
        group, _created = Group.objects.get_or_create(name=name)
        _add(group, Permission.objects.filter(wanted))


def _add(group: Group, wanted: Iterable[Permission]) -> None:
    there = set(group.permissions.values_list("pk", flat=True))
    group.permissions.add(*(each for each in wanted if each.pk not in there))
