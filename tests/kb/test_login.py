"""Logging in at the desk: second factor, lock-out, sessions."""

from __future__ import annotations

import datetime
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from kb.accounts import lockout
from kb.models import AuditEntry, FailedLogins

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough one"
SECRET = "JBSWY3DPEHPK3PXP"
LOGIN = "/admin/login/"


@pytest.fixture
def mitra(django_user_model):
    return django_user_model.objects.create_superuser("mitra", password=PASSWORD)


def log_in(client, username="mitra", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": username, "password": password}, **more)


def code_now(secret=SECRET):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def text_of(response):
    return response.content.decode()


def is_in(client):
    return "_auth_user_id" in client.session


# The second factor


def test_a_password_opens_the_desk_of_who_has_no_second_factor(client, mitra):
    response = log_in(client, follow=True)

    assert response.redirect_chain == [("/admin/", 302)]
    assert "Set one up" in text_of(response), "the desk reminds of it"


def test_a_password_alone_opens_nothing_to_who_has_a_second_factor(client, mitra):
    TOTP.activate(mitra, SECRET)

    response = log_in(client)

    assert response.headers["Location"] == "/admin/account/second-factor/authenticate/"
    assert not is_in(client)
    assert client.get("/admin/").status_code == 302


def test_password_and_code_open_the_desk(client, mitra, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    TOTP.activate(mitra, SECRET)
    log_in(client)

    client.post("/admin/account/second-factor/authenticate/", {"code": code_now()})

    assert client.get("/admin/").status_code == 200


def test_a_recovery_code_opens_once(client, mitra):
    TOTP.activate(mitra, SECRET)
    code = RecoveryCodes.activate(mitra).get_unused_codes()[0]

    log_in(client)
    client.post("/admin/account/second-factor/authenticate/", {"code": code})
    again = Client()
    log_in(again)
    again.post("/admin/account/second-factor/authenticate/", {"code": code})

    assert is_in(client)
    assert not is_in(again)


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/kb/substance/", "/admin/password_change/"]
)
def test_where_it_is_required_the_desk_leads_who_has_none_to_set_one_up(
    client, mitra, settings, address
):
    settings.REQUIRE_SECOND_FACTOR = True
    log_in(client)

    response = client.get(address)

    assert response.headers["Location"] == "/admin/account/second-factor/"
    assert "Set up one to work at the desk" in text_of(
        client.get("/admin/account/second-factor/")
    )


def test_having_one_is_not_enough_where_this_login_did_not_use_it(
    client, mitra, settings
):
    settings.REQUIRE_SECOND_FACTOR = True
    client.force_login(mitra)  # a session from before it was set up
    TOTP.activate(mitra, SECRET)

    led = client.get("/admin/kb/substance/").headers["Location"]
    assert led.startswith("/admin/account/second-factor/reauthenticate/?next=")
    client.post(led, {"code": code_now()})

    assert client.get("/admin/kb/substance/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_desk_and_shows_recovery_codes_once(
    client, mitra, settings
):
    settings.REQUIRE_SECOND_FACTOR = True
    log_in(client)
    page = "/admin/account/second-factor/totp/activate/"
    client.post(f"/admin/account/again/?next={page}", {"password": PASSWORD})
    shown = text_of(client.get(page))
    secret = re.findall(r'account__key">([A-Z2-7]+)<', shown)[0]

    codes = client.post(page, {"code": code_now(secret)}, follow=True)

    assert len(re.findall(r"<li><code>[\d ]{8,}</code>", text_of(codes))) == 10
    assert client.get("/admin/").status_code == 200
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    again = text_of(client.get("/admin/account/second-factor/recovery-codes/"))
    assert "<li><code>" not in again


def test_an_operator_takes_a_lost_factor_away(client, mitra, capsys):
    TOTP.activate(mitra, SECRET)

    call_command("second_factor")
    call_command("second_factor", reset="mitra")
    call_command("second_factor")

    said = capsys.readouterr().out
    assert said.startswith("mitra: has one\n")
    assert said.endswith("mitra: has none\n")
    log_in(client)
    assert is_in(client)
    assert (
        AuditEntry.objects.filter(event="factor-reset").get().about == "account mitra"
    )


def test_a_reset_of_nobody_is_refused():
    with pytest.raises(CommandError, match="There is no account 'nobody'"):
        call_command("second_factor", reset="nobody")


def test_nobody_makes_an_account_from_outside(client):
    assert client.get("/admin/account/signup/").status_code in (302, 404)


def test_who_has_no_place_at_the_desk_is_told_so(client, django_user_model):
    django_user_model.objects.create_user("reader", password=PASSWORD)
    log_in(client, "reader")

    assert client.get("/admin/", follow=True).status_code == 403


# Lock-out


def fail(client, times, username="mitra", **more):
    for _ in range(times):
        response = log_in(client, username, "wrong", **more)
    return response


def test_after_five_failures_the_right_password_is_refused_too(client, mitra):
    response = fail(client, 5)
    assert re.search(
        r"Try again in 1 minute, after \d\d:\d\d:\d\d UTC", text_of(response)
    )

    log_in(client)

    assert not is_in(client)


def test_the_lock_holds_for_another_client_from_elsewhere(mitra):
    fail(Client(REMOTE_ADDR="192.0.2.1"), 5)
    other = Client(REMOTE_ADDR="198.51.100.7")

    response = log_in(other)

    assert "Try again in" in text_of(response)
    assert not is_in(other)


def test_the_wait_ends(client, mitra):
    fail(client, 5)
    FailedLogins.objects.update(locked_until=timezone.now())

    log_in(client)

    assert is_in(client)
    assert not FailedLogins.objects.filter(mark=lockout.account("mitra").mark).exists()


def test_four_failures_and_then_the_right_password_open(client, mitra):
    fail(client, 4)

    log_in(client)

    assert is_in(client)


def test_the_wait_grows_up_to_an_hour():
    minutes = [lockout.wait_after(n, 5).total_seconds() / 60 for n in range(3, 14)]

    assert minutes == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_failures_of_a_day_ago_are_forgotten(client, mitra):
    fail(client, 4)
    FailedLogins.objects.update(last_at=timezone.now() - datetime.timedelta(days=2))

    assert "Try again" not in text_of(fail(client, 1))


def test_one_network_may_not_try_many_names(mitra):
    client = Client(REMOTE_ADDR="192.0.2.1")
    for number in range(20):
        fail(client, 1, f"name-{number}")

    assert "Try again in" in text_of(log_in(client))
    log_in(elsewhere := Client(REMOTE_ADDR="198.51.100.7"))
    assert is_in(elsewhere)


def test_a_name_that_nobody_has_is_answered_like_one_that_somebody_has(mitra):
    def answers(username, address):
        client = Client(REMOTE_ADDR=address)
        found = []
        for _ in range(6):
            shown = re.findall(r"errorlist.*?</ul>", text_of(fail(client, 1, username)))
            found.append([re.sub(r"\d\d:\d\d:\d\d", "", each) for each in shown])
        return found

    assert answers("mitra", "192.0.2.1") == answers("nobody", "192.0.2.2")


def test_wrong_codes_lock_too_and_a_new_login_does_not_help(client, mitra):
    TOTP.activate(mitra, SECRET)
    page = "/admin/account/second-factor/authenticate/"
    for _ in range(2):
        log_in(client)
        for _ in range(3):
            response = client.post(page, {"code": "000000"})

    assert "Try again in" in text_of(response)
    client.post(page, {"code": code_now()})
    assert not is_in(client)


def test_the_names_that_failed_are_not_stored(client, mitra):
    fail(client, 1, "hunter2-in-the-wrong-field")

    assert "hunter2" not in str(list(AuditEntry.objects.values()))
    assert "hunter2" not in str(list(FailedLogins.objects.values()))


# Sessions


def test_a_session_lasts_half_a_day_and_no_script_reads_it(client, mitra):
    before = client.session.session_key

    cookie = log_in(client).cookies["sessionid"]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == 12 * 3600
    assert cookie.value != before


def test_a_new_password_ends_all_other_sessions(client, mitra):
    other = Client()
    log_in(client)
    log_in(other)

    client.post(
        "/admin/password_change/",
        {
            "old_password": PASSWORD,
            "new_password1": "another long one",
            "new_password2": "another long one",
        },
    )

    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


def test_somebody_sees_their_sessions_and_ends_the_others(client, mitra):
    other = Client(HTTP_USER_AGENT="Another browser")
    log_in(client)
    log_in(other)
    page = "/admin/account/sessions/"

    assert "Another browser" in text_of(client.get(page))
    client.post(page)

    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


def test_readers_get_no_cookie(client):
    assert not client.get("/").cookies
    assert not client.get("/substances/").cookies


@pytest.mark.django_db
def test_one_right_password_does_not_forget_the_wrong_ones_before_it():
    counters = [lockout.account("ada")]
    for _ in range(4):
        lockout.count_attempt(counters)
    lockout.count_attempt(counters)
    lockout.take_back(counters)
    assert lockout.locked_until(counters) is None

    lockout.count_attempt(counters)

    assert lockout.locked_until(counters) is not None
