"""Mails to a real server on loopback: what they hold, how they are protected, what happens when something fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from mail_server import PASSWORD, USER, Received, certificate, serving

from dondoc.reminders import Digest, Item, Section
from dondoc.reminders_delivery import Outcome, Round
from dondoc.reminders_mail import Mailer, check, message
from dondoc.settings import SmtpSettings
from ingest.errors import MailFailed, UsageError
from tracking import Store, reminding
from tracking.reminding import Slot

DAY = date(2024, 4, 1)
SENDER = "don-doc@songlam.example"
NAMES = ("Sở Nội vụ", "Sở Tài chính", "Sở Y tế")
TO = {name: (f"{letter}@songlam.example",) for name, letter in zip(NAMES, "abc", strict=True)}


def a_digest(agency: str = "Sở Nội vụ", text: str = "Rà soát quy trình.") -> Digest:
    item = Item(1, text, "Kế hoạch số 07/KH-UBND", agency, date(2024, 3, 15), 17)
    return Digest(agency, DAY, 7, "Văn phòng UBND tỉnh Sông Lam", (Section("overdue", (item,), 1),))


DIGESTS = [a_digest(name) for name in NAMES]


@pytest.fixture
def server() -> Iterator[Received]:
    with serving(Received()) as received:
        yield received


def plain(received: Received) -> SmtpSettings:
    return SmtpSettings(host="127.0.0.1", port=received.port, security="none", sender=SENDER, timeout_seconds=5)


@pytest.fixture
def around(tmp_path: Path) -> Iterator[Round]:
    with Store.open(tmp_path / "dondoc.db") as store:
        yield Round(store, tmp_path / "nhac-viec", "text", "An")


def sent(around: Round, settings: SmtpSettings, digests: list[Digest] = DIGESTS) -> list[Outcome]:
    with Mailer(settings, around.folder) as mailer:
        return list(around.mail(digests, TO, mailer))


# The message


def test_a_mail_has_text_and_html_and_a_vietnamese_subject(around: Round, server: Received) -> None:
    assert [outcome.outcome for outcome in sent(around, plain(server), DIGESTS[:1])] == ["sent"]
    ((recipients, mail),) = server.mails
    assert recipients == ["a@songlam.example"]
    assert mail["Subject"] == "[Nhắc việc 01/04/2024] Sở Nội vụ: quá hạn 1"
    assert (mail["From"], mail["To"], mail["Auto-Submitted"]) == (SENDER, "a@songlam.example", "auto-generated")
    assert mail["Message-ID"].endswith("@songlam.example>")
    assert mail["Date"]
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert "trễ 17 ngày" in text.get_content()
    assert "trễ 17 ngày" in html.get_content()


@given(st.text(max_size=80))
@examples(max_examples=60, deadline=None)
def test_no_name_from_a_scan_adds_a_header_or_a_recipient(name: str) -> None:
    check_headers(message(a_digest(name), SENDER, ("a@x.vn",)))


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\r\n\r\n"], ids=repr)
def test_no_line_break_adds_a_header(break_: str) -> None:
    mail = message(a_digest(f"Sở Nội vụ{break_}Bcc: x@evil.example{break_}<b>"), SENDER, ("a@x.vn",))
    check_headers(mail)
    assert "Bcc: x@evil.example" in mail["Subject"]


def check_headers(mail: EmailMessage) -> None:
    head = bytes(mail).split(b"\r\n\r\n", 1)[0]
    names = [line.split(b":")[0].decode() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    wanted = ["Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
    assert sorted(names) == sorted(wanted)
    assert mail["To"] == "a@x.vn"
    assert head.isascii()


def test_the_server_gets_only_seven_bits() -> None:
    assert bytes(message(a_digest(text="Đôn đốc\u2009việc " * 200), SENDER, ("a@x.vn",))).isascii()


# Encryption and login


def test_starttls_with_a_login(around: Round, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    received = Received()
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("THU", PASSWORD)
    with serving(received, tls_context=context, require_starttls=True, auth_required=True, authenticator=received.authenticate):
        settings = replace(plain(received), security="starttls", user=USER, password_env="THU", ca_file=str(trusted))
        assert [outcome.outcome for outcome in sent(around, settings)] == ["sent"] * 3
        assert received.encrypted == [True] * 3
        assert received.logins == [True]
        again = replace(around, again=True)
        for wrong in (replace(settings, ca_file=""), replace(settings, host="localhost")):
            outcomes = sent(again, wrong)
            assert [outcome.outcome for outcome in outcomes] == ["failed"] * 3
            assert "chứng thư" in (outcomes[0].problem or "")
    assert len(received.mails) == 3


def test_the_password_may_lie_in_a_file_and_is_never_shown(
    around: Round, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    received = Received()
    monkeypatch.delenv("DONDOC_SMTP_PASSWORD", raising=False)
    path = tmp_path / "mat-khau.txt"
    path.write_text(PASSWORD + "\n", "utf-8-sig")
    with serving(received, auth_require_tls=False, authenticator=received.authenticate):
        settings = replace(plain(received), user=USER, password_file=str(path))
        assert sent(around, settings, DIGESTS[:1])[0].outcome == "sent"
        for wrong in ("mat-khau-cu", "mật-khẩu", ""):
            path.write_text(wrong, "utf-8")
            with pytest.raises((MailFailed, UsageError)) as error, Mailer(settings, tmp_path) as mailer:
                mailer.connect()
            told = f"{error.value}{error.value.__cause__}{capfd.readouterr()}"
            assert PASSWORD not in told
            assert not wrong or wrong not in told
        path.unlink()
        with pytest.raises(UsageError, match="mật khẩu"), Mailer(settings, tmp_path) as mailer:
            mailer.connect()
        with pytest.raises(UsageError, match="DONDOC_SMTP_PASSWORD"), Mailer(replace(settings, password_file=""), tmp_path) as mailer:
            mailer.connect()
    assert (received.logins[0], any(received.logins[1:])) == (True, False)


def test_a_server_without_starttls_gets_nothing_in_the_clear(around: Round, server: Received, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_SMTP_PASSWORD", PASSWORD)
    outcomes = sent(around, replace(plain(server), security="starttls", user=USER))
    assert {outcome.outcome for outcome in outcomes} == {"failed"}
    assert "STARTTLS" in (outcomes[0].problem or "")
    assert (server.mails, server.logins) == ([], [])


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"security": "tls"}, "security"),
        ({"sender": ""}, "sender"),
        ({"sender": "An <a@x.vn>\nBcc: b@x.vn"}, "sender"),
        ({"port": 70000}, "port"),
        ({"timeout_seconds": 0.0}, "timeout_seconds"),
        ({"security": "none", "user": "x", "host": "mail.songlam.example"}, "user"),
    ],
    ids=str,
)
def test_settings_that_cannot_be_used(changes: dict[str, object], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        check(replace(SmtpSettings(host="127.0.0.1", sender=SENDER), **changes))  # type: ignore[arg-type]


# What fails


def test_one_refused_address_stops_no_other_and_is_tried_again(around: Round, server: Received) -> None:
    server.refused = {"b@songlam.example"}
    outcomes = sent(around, plain(server))
    assert [outcome.outcome for outcome in outcomes] == ["sent", "failed", "sent"]
    assert "550 5.1.1 Mailbox unknown" in (outcomes[1].problem or "")
    assert {row.agency for row in around.store.reminders()} == {"Sở Nội vụ", "Sở Y tế"}
    server.refused = set()
    assert [outcome.outcome for outcome in sent(around, plain(server))] == ["already", "sent", "already"]
    assert server.recipients == [["a@songlam.example"], ["c@songlam.example"], ["b@songlam.example"]]


def test_of_several_addresses_one_may_be_refused(around: Round, server: Received) -> None:
    server.refused = {"b@x.vn"}
    with Mailer(plain(server), around.folder) as mailer:
        (outcome,) = around.mail(DIGESTS[:1], {"Sở Nội vụ": ("a@x.vn", "b@x.vn")}, mailer)
    assert (outcome.outcome, outcome.to) == ("sent", ("a@x.vn",))
    assert "b@x.vn" in (outcome.problem or "")


@pytest.mark.parametrize("answer", ["451 try later", "421 closing", "hang up", "554 spam"])
def test_what_the_server_does_with_one_mail_leaves_the_others_alone(around: Round, server: Received, answer: str) -> None:
    server.data_answers = ["250 OK", answer]
    assert [outcome.outcome for outcome in sent(around, plain(server))] == ["sent", "failed", "sent"]
    assert {row.agency for row in around.store.reminders()} == {"Sở Nội vụ", "Sở Y tế"}


def test_a_server_that_does_not_answer_is_asked_once(around: Round, server: Received, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = 0
    connect = Mailer.connect

    def counted(self: Mailer) -> None:
        nonlocal tries
        tries += 1
        connect(self)

    monkeypatch.setattr(Mailer, "connect", counted)
    settings = replace(plain(server), port=1)
    outcomes = sent(around, settings, [*DIGESTS, a_digest("Thanh tra tỉnh")])
    assert [outcome.outcome for outcome in outcomes] == ["failed", "failed", "failed", "written"]
    assert tries == 1
    assert [row.channel for row in around.store.reminders()] == ["text"]


def test_ctrl_c_gives_the_claim_back(around: Round, server: Received, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Mailer, "send", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sent(around, plain(server))
    assert around.store.reminders() == []


def test_one_connection_serves_all(around: Round, server: Received) -> None:
    sent(around, plain(server))
    assert (len(server.mails), server.connections) == (3, 1)


# Once a day


def test_a_second_round_sends_nothing_unless_told(around: Round, server: Received) -> None:
    sent(around, plain(server))
    assert {outcome.outcome for outcome in sent(around, plain(server))} == {"already"}
    assert len(server.mails) == 3
    assert {outcome.outcome for outcome in sent(replace(around, again=True), plain(server))} == {"sent"}
    assert len(server.mails) == 6
    tomorrow = [replace(digest, day=DAY + timedelta(days=1)) for digest in DIGESTS]
    assert {outcome.outcome for outcome in sent(around, plain(server), tomorrow)} == {"sent"}
    kept = around.store.query("SELECT count(*) FROM office_events WHERE what = 'remind'").rows
    assert kept == ((9,),)


def test_a_failure_of_again_leaves_the_first_sending_known(around: Round, server: Received) -> None:
    sent(around, plain(server))
    before = around.store.reminders()
    server.refused = {address for (address,) in TO.values()}
    assert {outcome.outcome for outcome in sent(replace(around, again=True), plain(server))} == {"failed"}
    assert [(row.agency, row.sent_at) for row in around.store.reminders()] == [(row.agency, row.sent_at) for row in before]
    assert {outcome.outcome for outcome in sent(around, plain(server))} == {"already"}


def test_two_at_once_send_once(around: Round, server: Received) -> None:
    start = threading.Barrier(2)
    outcomes: list[Outcome] = []

    def one() -> None:
        with Store.open(around.store.path) as store:
            start.wait()
            outcomes.extend(sent(replace(around, store=store), plain(server)))

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(to for (to,) in server.recipients) == sorted(to for (to,) in TO.values())
    assert sorted(outcome.outcome for outcome in outcomes) == ["already"] * 3 + ["sent"] * 3


def test_a_mail_whose_process_died_over_it_is_not_sent_again_by_itself(around: Round, server: Received) -> None:
    died = datetime.now() - reminding.STALE
    with around.store._writing() as connection:
        assert reminding.claim(connection, Slot("Sở Nội vụ", DAY, "email"), "a@x.vn", who="An", again=False, now=died)
    for _ in range(2):
        (planned, *_), (outcome, *others) = around.plan(DIGESTS, TO), sent(around, plain(server))
        assert (planned.outcome, outcome.outcome) == ("failed", "failed")
        assert f"lúc {died:%H:%M} bị ngắt giữa chừng" in str(outcome.problem)
    assert {one.outcome for one in others} == {"already"}
    assert len(server.mails) == len(DIGESTS) - 1
    again = sent(replace(around, again=True), plain(server), DIGESTS[:1])
    assert [one.outcome for one in again] == ["sent"]
    assert [one.outcome for one in sent(around, plain(server), DIGESTS[:1])] == ["already"]


def test_a_process_killed_between_sending_and_noting_sends_once(around: Round, server: Received, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Store, "finish_reminder", killed)
        with pytest.raises(Killed):
            sent(around, plain(server), DIGESTS[:1])
    assert len(server.mails) == 1
    assert [one.outcome for one in sent(around, plain(server), DIGESTS[:1])] == ["already"]  # it may still be at it
    with around.store._writing() as connection:
        connection.execute("UPDATE reminders SET claimed_at = ?", ((datetime.now() - reminding.STALE).isoformat(timespec="seconds"),))
    assert [one.outcome for one in sent(around, plain(server), DIGESTS[:1])] == ["failed"]
    assert len(server.mails) == 1


def test_the_claim_of_a_process_that_died_over_a_file_lapses(around: Round) -> None:
    slot = Slot("Sở Nội vụ", DAY, "docx")
    now = datetime(2024, 4, 1, 8)
    with around.store._writing() as connection:

        def claim(at: datetime, *, again: bool = False) -> bool:
            return reminding.claim(connection, slot, "a@x.vn", who="An", again=again, now=at)

        assert claim(now)
        assert not claim(now + timedelta(minutes=1))
        assert not claim(now + timedelta(minutes=1), again=True)
        assert not reminding.is_free(connection, slot, now + timedelta(minutes=1))
        assert reminding.is_free(connection, slot, now + reminding.STALE)
        assert claim(now + reminding.STALE)
        reminding.finish(connection, slot, now + reminding.STALE)
        # Sent, then claimed once more by a process that died: it did go out that day.
        assert claim(now + timedelta(hours=1), again=True)
        assert not claim(now + timedelta(hours=2))
        assert claim(now + timedelta(hours=2), again=True)


def test_reminding_needs_a_name(around: Round) -> None:
    with pytest.raises(UsageError):
        around.store.claim_reminder(Slot("Sở Y tế", DAY, "email"), "a@x.vn", " ")
