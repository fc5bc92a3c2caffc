"""The queue of the background: done once, given back when a worker dies, due once a day."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from kb import tasks, work
from kb.choices import JobState
from kb.models import Job, QualityDay

pytestmark = pytest.mark.django_db

done: list[str] = []


@work.task(limit=datetime.timedelta(minutes=30))
def say_nul() -> str:
    return "Noted te\0a."


@work.task(limit=datetime.timedelta(minutes=30))
def note(word: str = "seen") -> str:
    done.append(word)
    return f"Noted {word}."


@work.task()
def stumble() -> str:
    raise ValueError("the wrong foot")


@work.task()
def be_stopped() -> str:
    raise work.Stopped


@pytest.fixture(autouse=True)
def queued(settings):
    settings.WORK_AT_ONCE = False
    done.clear()


def later(minutes):
    return timezone.now() + datetime.timedelta(minutes=minutes)


def test_nothing_is_done_by_who_asks_for_it():
    job = note.enqueue(word="tea")

    assert done == []
    assert job.state == JobState.WAITING


def test_a_worker_does_it_and_keeps_what_it_says():
    job = note.enqueue(word="tea")

    assert work.run_next() is True

    job.refresh_from_db()
    assert (done, job.state, job.says) == (["tea"], JobState.DONE, "Noted tea.")
    assert work.run_next() is False


def test_what_is_rolled_back_was_never_asked_for():
    with transaction.atomic():
        note.enqueue()
        transaction.set_rollback(True)

    assert work.run_next() is False


def test_two_workers_that_see_the_same_job_do_it_once():
    job = note.enqueue()
    as_the_other_saw_it = Job.objects.get(pk=job.pk)

    assert work.run(job) is True
    assert work.run(as_the_other_saw_it) is False

    assert done == ["seen"]


def test_what_fails_is_tried_again_later_and_then_given_up():
    job = stumble.enqueue()

    for attempt in (1, 2, 3):
        assert work.run_next() is True
        job.refresh_from_db()
        assert "the wrong foot" in job.says
        if attempt < 3:
            assert job.state == JobState.WAITING
            assert job.run_after > timezone.now()
            Job.objects.update(run_after=timezone.now())

    assert job.state == JobState.FAILED


def test_the_job_of_a_killed_worker_is_done_by_another():
    job = note.enqueue()
    Job.objects.update(state=JobState.RUNNING, started_at=timezone.now(), attempts=1)

    assert work.reap(later(29)) == 0
    assert work.reap(later(31)) == 1
    Job.objects.update(run_after=timezone.now())
    assert work.run_next() is True

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_a_job_that_kills_its_worker_each_time_is_given_up():
    job = note.enqueue()
    Job.objects.update(state=JobState.RUNNING, started_at=timezone.now(), attempts=3)

    work.reap(later(31))

    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_a_clock_that_was_set_back_holds_up_no_job():
    waiting, running = note.enqueue(word="a"), note.enqueue(word="b")
    Job.objects.filter(pk=waiting.pk).update(run_after=later(60 * 24 * 365))
    Job.objects.filter(pk=running.pk).update(
        state=JobState.RUNNING, started_at=later(60 * 24 * 365), attempts=1
    )

    work.reap()

    assert work.run_next() is True
    assert work.run_next() is True
    assert sorted(done) == ["a", "b"]


def test_a_job_that_failed_waits_its_time_though_others_are_looked_for():
    job = note.enqueue()
    Job.objects.filter(pk=job.pk).update(run_after=later(9))

    work.reap()

    assert work.run_next() is False


def test_what_a_job_says_is_kept_whatever_it_holds():
    job = say_nul.enqueue()

    work.run_next()

    job.refresh_from_db()
    assert (job.state, job.says) == (JobState.DONE, "Noted te�a.")


def test_a_worker_that_was_taken_for_lost_does_not_speak_for_the_job():
    job = note.enqueue()
    began = timezone.now()
    Job.objects.update(state=JobState.RUNNING, started_at=later(40), attempts=2)

    work._finish(job, began, JobState.DONE, "I am back.")

    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_a_worker_that_is_stopped_gives_its_job_back_at_once():
    job = be_stopped.enqueue()

    with pytest.raises(work.Stopped):
        work.run_next()

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)


def test_what_is_due_each_day_is_queued_once_a_day():
    monday, tuesday = datetime.date(2026, 11, 23), datetime.date(2026, 11, 24)

    found = [work.enqueue_due([note], day) for day in (monday, monday, tuesday)]

    assert found == [1, 0, 1]
    assert Job.objects.count() == 2


def test_two_workers_at_the_same_moment_queue_it_once(monkeypatch):
    day = datetime.date(2026, 11, 24)
    work.enqueue_due([note], day)
    monkeypatch.setattr(Job.objects, "filter", lambda **_: Job.objects.none())

    work.enqueue_due([note], day)  # it looked before the other wrote

    monkeypatch.undo()
    assert Job.objects.count() == 1


def test_a_job_of_another_version_is_no_reason_to_fall():
    job = Job.objects.create(task="kb.tasks.gone_since")
    other = Job.objects.create(task="os.getcwd")

    work.run_next()
    work.run_next()

    for each in (job, other):
        each.refresh_from_db()
        assert each.state == JobState.FAILED


def test_in_tests_a_task_is_done_where_it_is_asked_for(settings):
    settings.WORK_AT_ONCE = True

    assert note.enqueue(word="now").state == JobState.DONE
    assert done == ["now"]


def test_the_worker_keeps_the_figures_of_each_day_without_a_timer():
    call_command("worker", "--once")

    assert QualityDay.objects.get().day == timezone.localdate()
    names = set(Job.objects.values_list("task", flat=True))
    assert names == {task.name for task in tasks.DAILY}


def test_jobs_that_ended_long_ago_are_forgotten():
    note.enqueue()
    work.run_next()

    work.forget_old(later(60 * 24 * 29))
    assert Job.objects.count() == 1
    work.forget_old(later(60 * 24 * 31))
    assert Job.objects.count() == 0
