"""Work that no request waits for: a queue in the database, and the worker that does it.

    @task(limit=datetime.timedelta(minutes=30))
    def check_links() -> str: ...

    check_links.enqueue()          # in the caller's transaction: rolled back with it

A worker may be killed at any moment, and its job then runs again: a task has to bear
being run twice. Several workers share one queue. Tests run a task where it is enqueued
(the setting WORK_AT_ONCE).
"""

from __future__ import annotations

import datetime
import logging
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections, models
from django.utils import timezone
from django.utils.module_loading import import_string

from kb.choices import JobState
from kb.models import Job

ATTEMPTS = 3
RETRY = datetime.timedelta(minutes=5)  # more after each attempt
LONGEST_RETRY = RETRY * ATTEMPTS
KEPT = datetime.timedelta(days=30)  # how long finished jobs can be looked at
PAUSE_S = 5.0

log = logging.getLogger("kb.work")


class Stopped(BaseException):
    """Raised by a signal in the midst of a job: it is given back and done again later."""


@dataclass(frozen=True, slots=True)
class Task:
    """A function of plain values that returns what it did, in a sentence.

    `limit` is how long it may take: a job that runs longer is taken for lost.
    """

    function: Callable[..., str]
    limit: datetime.timedelta

    @property
    def name(self) -> str:
        return f"{self.function.__module__}.{self.function.__qualname__}"

    def __call__(self, **arguments: Any) -> str:
        return self.function(**arguments)

    def enqueue(self, **arguments: Any) -> Job:
        """Note that it has to be done: 1 query."""
        job = Job.objects.create(task=self.name, arguments=arguments)
        if settings.WORK_AT_ONCE:
            run(job)
            job.refresh_from_db()
        return job


def task(
    limit: datetime.timedelta = datetime.timedelta(minutes=10),
) -> Callable[[Callable[..., str]], Task]:
    return lambda function: Task(function, limit)


def find_task(name: str) -> Task | None:
    """Return a task by its name, or None where the code no longer has it."""
    try:
        found = import_string(name)
    except ImportError:
        return None
    return found if isinstance(found, Task) else None


# Doing


def run_next() -> bool:
    """Do the job that has waited longest; return whether there was one."""
    ready = Job.objects.filter(state=JobState.WAITING, run_after__lte=timezone.now())
    return any(run(job) for job in ready.order_by("run_after", "pk")[:10])


def run(job: Job) -> bool:
    """Do a waiting job; return False where another worker has taken it.

    Its function runs outside any transaction of ours, and whatever it raises is kept.
    """
    now = timezone.now()
    # One conditional update decides between workers, on SQLite and PostgreSQL alike.
    taken = Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(
        state=JobState.RUNNING, started_at=now, attempts=models.F("attempts") + 1
    )
    if not taken:
        return False
    found = find_task(job.task)
    if found is None:
        _finish(job, now, JobState.FAILED, "There is no such task in this version.")
        return True
    try:
        says = str(found(**job.arguments))
    except Stopped:
        _mine(job, now).update(state=JobState.WAITING, attempts=job.attempts)
        raise
    except Exception as error:  # whatever a task raises must not end the worker
        log.exception("%s failed", job.task)
        _fail(job, now, "".join(traceback.format_exception(error)))
    else:
        _finish(job, now, JobState.DONE, says)
    return True


def _fail(job: Job, started_at: datetime.datetime, says: str) -> None:
    attempts = job.attempts + 1
    if attempts >= ATTEMPTS:
        _finish(job, started_at, JobState.FAILED, says)
        return
    _mine(job, started_at).update(
        state=JobState.WAITING,
        run_after=timezone.now() + RETRY * attempts,
        says=_kept(says),
    )


def _kept(says: str) -> str:
    """Return what a text field takes: PostgreSQL refuses NUL, and the job would be lost."""
    return says[-4000:].replace("\0", "�")


def _finish(
    job: Job, started_at: datetime.datetime, state: JobState, says: str
) -> None:
    _mine(job, started_at).update(
        state=state, finished_at=timezone.now(), says=_kept(says)
    )


def _mine(job: Job, started_at: datetime.datetime) -> models.QuerySet[Job]:
    """Return the job unless it was taken for lost and given to another worker since."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, started_at=started_at)


# What is due, and what was lost


def enqueue_due(daily: Iterable[Task], today: datetime.date | None = None) -> int:
    """Queue each task that was not queued today; return how many were.

    The database takes a key once, so that two workers at the same moment queue it once.
    """
    today = today or timezone.localdate()
    wanted = {f"{each.name}:{today}": each for each in daily}
    there = set(Job.objects.filter(key__in=wanted).values_list("key", flat=True))
    new = [
        Job(task=each.name, key=key) for key, each in wanted.items() if key not in there
    ]
    Job.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def reap(now: datetime.datetime | None = None) -> int:
    """Give back the jobs of workers that were killed; return how many there were."""
    now = now or timezone.now()
    count = 0
    for job in Job.objects.filter(state=JobState.RUNNING):
        found = find_task(job.task)
        limit = found.limit if found else datetime.timedelta(0)
        # A start that lies ahead by more was noted by a clock that was set back since.
        if job.started_at is not None and abs(now - job.started_at) <= limit:
            continue
        lost = Job.objects.filter(
            pk=job.pk, state=JobState.RUNNING, started_at=job.started_at
        )
        if job.attempts >= ATTEMPTS:
            count += lost.update(
                state=JobState.FAILED, finished_at=now, says="Its worker was lost."
            )
        else:
            count += lost.update(state=JobState.WAITING, run_after=now)
    late = Job.objects.filter(state=JobState.WAITING, run_after__gt=now + LONGEST_RETRY)
    if late.exists():  # asked first: an update alone would lock SQLite each time
        late.update(run_after=now)
    return count


def forget_old(now: datetime.datetime | None = None) -> None:
    """Delete jobs that ended long ago."""
    before = (now or timezone.now()) - KEPT
    Job.objects.filter(finished_at__lt=before).delete()


def step(daily: Iterable[Task]) -> bool:
    """Look for what is due and lost, then do one job; return whether there was one."""
    reap()
    if enqueue_due(daily):
        forget_old()
    return run_next()


def work(daily: Iterable[Task], *, goes_on: Callable[[], bool]) -> None:
    """Do one job after another, until `goes_on` denies it or Stopped is raised."""
    daily = tuple(daily)
    while goes_on():
        close_old_connections()
        try:
            was_busy = step(daily)
        except DatabaseError as error:
            # Restarting, or locked for long: it comes back.
            log.warning("The database does not answer, trying again: %s", error)
            was_busy = False
        until = time.monotonic() + (0 if was_busy else PAUSE_S)
        while time.monotonic() < until and goes_on():
            time.sleep(0.5)
