"""Whether the addresses that we cite still open: politely, bounded, never on one failure.

`judge` is the rule; docs/operations.md tells it to operators.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode, urlsplit
from urllib.robotparser import RobotFileParser

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kb import fetching, version
from kb.choices import LinkState, State
from kb.models import HelpResource, LinkCheck, Source

AGAIN = datetime.timedelta(days=7)  # after a check that found it, or could not tell
AGAIN_FAILING = datetime.timedelta(days=1)
DEAD_CHECKS, DEAD_AFTER = 3, datetime.timedelta(days=7)
GONE_STATUSES = frozenset({404, 410})
GONE_REASONS = frozenset({"dns"})
LIMIT = 200  # addresses a run
LONGEST_S = 1500.0  # a run; below the limit of its task
HOST_PAUSE_S = 2.0
CHUNK = 10  # results stored at once
HISTORY = 10

log = logging.getLogger("kb.links")


class Outcome(NamedTuple):
    """What one look at an address found: works, failing (not there), or unclear."""

    found: LinkState
    status: int | None = None
    final_address: str = ""
    says: str = ""


@dataclasses.dataclass
class Report:
    checked: int = 0
    dead: list[str] = dataclasses.field(default_factory=list)
    left: int = 0

    def __str__(self) -> str:
        newly = f"; gone: {', '.join(self.dead)}" if self.dead else ""
        return f"Checked {self.checked} addresses, {self.left} are still due{newly}."


class HasAddresses(Protocol):
    doi: str | None
    pmid: str | None
    url: str | None


# Which addresses


def addresses_of(source: HasAddresses) -> list[str]:
    """Return every public address of a source, the one that readers get first."""
    found = []
    if source.doi:
        found.append(f"https://doi.org/{source.doi}")
    if source.pmid:
        found.append(f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/")
    if source.url:
        found.append(source.url)
    return found


def citing(address: str) -> list[Source | HelpResource]:
    """Return the sources and help lines that lead to an address: 2 queries."""
    wanted = Q(url=address)
    for field, stem in (
        ("doi", "https://doi.org/"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/"),
    ):
        if address.startswith(stem):
            wanted |= Q(**{field: address.removeprefix(stem).removesuffix("/")})
    sources = Source.objects.filter(wanted)
    help_lines = HelpResource.objects.filter(url=address).select_related("region")
    return [*sources, *help_lines]


def cited() -> list[str]:
    """Return the addresses that readers get, of sources and of help: 2 queries."""
    sources = Source.objects.exclude(state=State.WITHDRAWN).only("doi", "pmid", "url")
    found = [address for source in sources for address in addresses_of(source)]
    found += [
        help_resource.url or "" for help_resource in HelpResource.objects.only("url")
    ]
    return sorted(set(found) - {""})


def due(now: datetime.datetime) -> list[str]:
    """Return the cited addresses whose check is due, those never checked first."""
    checks = {check.address: check for check in LinkCheck.objects.all()}

    def last(address: str) -> float:
        check = checks.get(address)
        return check.checked_at.timestamp() if check and check.checked_at else 0.0

    def is_due(address: str) -> bool:
        check = checks.get(address)
        if check is None or check.checked_at is None:
            return True
        again = AGAIN_FAILING if check.state == LinkState.FAILING else AGAIN
        # A little early, so that a daily run at the same hour does not skip a day.
        return now - check.checked_at >= again - datetime.timedelta(hours=1)

    return sorted(filter(is_due, cited()), key=lambda each: (last(each), each))


def states() -> list[str]:
    """Return the state of each cited address, never checked ones too: 3 queries."""
    known = dict(LinkCheck.objects.values_list("address", "state"))
    return [known.get(address, LinkState.NOT_CHECKED) for address in cited()]


def checks_of(addresses: Iterable[str]) -> dict[str, LinkCheck]:
    """Return what is known of addresses: 1 query, none where there is no address."""
    wanted = {address for address in addresses if address}
    if not wanted:
        return {}
    rows = LinkCheck.objects.filter(address__in=wanted)
    return {check.address: check for check in rows}


def dead_sources() -> dict[int, LinkCheck]:
    """Return {primary key: check} of the sources whose reader's address is gone.

    2 queries, 1 where nothing is gone.
    """
    dead = {
        each.address: each for each in LinkCheck.objects.filter(state=LinkState.DEAD)
    }
    if not dead:
        return {}
    # Only those that have such an address at all: it may not be the one readers get.
    rest = {
        field: [each.removeprefix(start).removesuffix(end) for each in dead]
        for field, start, end in (
            ("doi", "https://doi.org/", ""),
            ("pmid", "https://pubmed.ncbi.nlm.nih.gov/", "/"),
        )
    }
    sources = Source.objects.filter(
        Q(doi__in=rest["doi"]) | Q(pmid__in=rest["pmid"]) | Q(url__in=dead)
    ).only("pk", "doi", "pmid", "url")
    return {source.pk: dead[source.link] for source in sources if source.link in dead}


# The rule


def judge(check: LinkCheck, outcome: Outcome, now: datetime.datetime) -> None:
    """Set what a check has to say after one more look; nothing is saved.

    Gone is said after three failures on different days, a week from first to last. A
    look that could not tell says nothing against what failed before.
    """
    is_new_day = check.checked_at is None or check.checked_at.date() != now.date()
    if outcome.found == LinkState.WORKS:
        check.state, check.failures, check.failing_since = LinkState.WORKS, 0, None
    elif outcome.found == LinkState.FAILING:
        if check.failing_since is None:
            check.failing_since, check.failures = now, 1
        elif is_new_day:
            check.failures += 1
        is_dead = (
            check.failures >= DEAD_CHECKS and now - check.failing_since >= DEAD_AFTER
        )
        # Once gone it stays so until it opens again.
        if check.state != LinkState.DEAD:
            check.state = LinkState.DEAD if is_dead else LinkState.FAILING
    elif check.failing_since is None:
        check.state = LinkState.UNCLEAR
    check.http_status = outcome.status
    check.final_address = outcome.final_address[:2000]
    check.checked_at = now
    line = {
        "on": now.date().isoformat(),
        "found": str(outcome.found),
        "status": outcome.status,
        "says": outcome.says[:200],
    }
    check.last_checks = [line, *check.last_checks][:HISTORY]


def read(status: int, final_address: str) -> Outcome:
    """Return what a status means: only 404 and 410 speak against an address.

    A redirect that ends here leads nowhere, and tells nothing.
    """
    if 200 <= status < 300:
        return Outcome(LinkState.WORKS, status, final_address)
    if status in GONE_STATUSES:
        return Outcome(LinkState.FAILING, status, final_address, f"status {status}")
    return Outcome(LinkState.UNCLEAR, status, final_address, f"status {status}")


# Looking


def look(address: str) -> Outcome:
    """Open an address, HEAD first, GET where HEAD tells nothing. Raises nothing."""
    try:
        answer = _fetch(address, method="HEAD")
        found = read(answer.status, answer.url)
        if found.found != LinkState.WORKS:
            # Many servers answer HEAD wrongly, some with 404.
            try:
                answer = _fetch(address, method="GET")
                found = read(answer.status, answer.url)
            except fetching.FetchError as error:
                if error.status is None:
                    raise
                found = read(error.status, address)  # too large, whatever it is
    except fetching.FetchError as error:
        is_gone = error.reason in GONE_REASONS
        state = LinkState.FAILING if is_gone else LinkState.UNCLEAR
        return Outcome(state, None, "", error.reason)
    return found


def _fetch(address: str, **how: Any) -> fetching.Answer:
    return fetching.fetch(address, **how)


class Robots:
    """What the hosts of one run allow; each is asked once."""

    def __init__(self) -> None:
        self._rules: dict[str, RobotFileParser | None] = {}

    def allow(self, address: str) -> bool:
        if not _host_of(address):
            return True  # nobody to ask, and nobody to bother
        parts = urlsplit(address)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._rules:
            self._rules[host] = self._ask(host)
        rules = self._rules[host]
        return rules is None or rules.can_fetch("Pharmakon", address)

    def _ask(self, host: str) -> RobotFileParser | None:
        try:
            answer = _fetch(f"{host}/robots.txt", method="GET", max_bytes=200_000)
        except fetching.FetchError:
            return None
        if answer.status != 200:
            return None
        rules = RobotFileParser()
        rules.parse(answer.body.decode("utf-8", "replace").splitlines())
        return rules


def find_archived(address: str) -> str:
    """Return the address of a copy that the Internet Archive has, or ""."""
    query = urlencode({"url": address})
    try:
        answer = _fetch(f"{settings.ARCHIVE_URL}?{query}", method="GET")
        closest = json.loads(answer.body)["archived_snapshots"]["closest"]
        copy = str(closest["url"]) if closest["available"] else ""
    except (fetching.FetchError, ValueError, LookupError, TypeError):
        return ""
    copy = copy.replace("http://web.archive.org/", "https://web.archive.org/", 1)
    return copy if copy.startswith("https://") else ""


# A run


def check_due(
    *,
    limit: int = LIMIT,
    now: datetime.datetime | None = None,
    only_due: bool = True,
    sleep: Callable[[float], None] = time.sleep,
) -> Report:
    """Check what is due: one address at a time, hosts in turn, a pause for each host.

    What was found is stored every few addresses, so that a run that is cut off loses
    little; twice done does no harm.
    """
    started = time.monotonic()
    wanted = due(now or timezone.now()) if only_due else cited()
    report = Report()
    robots, seen_at = Robots(), dict[str, float]()
    waiting: list[tuple[str, Outcome, datetime.datetime, str]] = []
    for address in _hosts_in_turn(wanted[:limit]):
        if time.monotonic() - started > LONGEST_S:
            break
        host = _host_of(address)
        _wait(seen_at.get(host), sleep)
        outcome = (
            look(address)
            if robots.allow(address)
            else Outcome(LinkState.UNCLEAR, None, "", "robots.txt asks us not to")
        )
        seen_at[host] = time.monotonic()
        copy = find_archived(address) if outcome.found == LinkState.FAILING else ""
        waiting.append((address, outcome, now or timezone.now(), copy))
        report.checked += 1
        if len(waiting) == CHUNK:
            report.dead += save_outcomes(waiting)
            waiting.clear()
    report.dead += save_outcomes(waiting)
    report.left = len(wanted) - report.checked
    return report


@transaction.atomic
def save_outcomes(
    outcomes: Iterable[tuple[str, Outcome, datetime.datetime, str]],
) -> list[str]:
    """Store what was found; return what is newly gone.

    Pages that are kept are made anew, once, where the verdict or the copy became another.
    One more look with the same result waits for the next day, as the day of a check does.
    """
    newly_dead, is_seen = [], False
    for address, outcome, now, copy in outcomes:
        check, _ = LinkCheck.objects.get_or_create(address=address)
        before, copy_before = check.state, check.archived_address
        judge(check, outcome, now)
        check.archived_address = copy or check.archived_address
        check.save()
        is_seen |= (check.state, check.archived_address) != (before, copy_before)
        if check.is_dead and before != LinkState.DEAD:
            newly_dead.append(address)
    if is_seen:
        version.bump()
    return newly_dead


def _wait(seen_at: float | None, sleep: Callable[[float], None]) -> None:
    if seen_at is not None:
        rest = seen_at + HOST_PAUSE_S - time.monotonic()
        if rest > 0:
            sleep(rest)


def _host_of(address: str) -> str:
    """Return the host of an address, "" of one that is none: an import may bring any."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _hosts_in_turn(addresses: Iterable[str]) -> Iterator[str]:
    """Yield one address of each host, then the next of each."""
    by_host: dict[str, list[str]] = {}
    for address in addresses:
        by_host.setdefault(_host_of(address), []).append(address)
    for row in zip_longest(*by_host.values()):
        yield from (address for address in row if address is not None)
