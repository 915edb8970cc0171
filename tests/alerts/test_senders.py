"""How messages are sent: to whom, over what, and what is told of a try that failed."""

from __future__ import annotations

import ssl
import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr, ValidationError

from server.alerts.destinations import JudgedDestinations
from server.alerts.errors import NotSent
from server.alerts.messages import trial_of
from server.alerts.model import Channel, ChannelKind, Delivery
from server.alerts.senders.http import HttpSender, SlackSender, WebhookSender
from server.alerts.senders.mail import MailSender
from server.clock import now
from server.errors import PermissionDenied
from server.network.check import OPEN
from server.pipelines.webhooks import new_secret
from server.settings import Settings
from tests.alerts.receivers import Receiver, mailbox


def trial() -> Delivery:
    return trial_of(uuid4(), "ops", now())


def channel_to(url: str) -> Channel:
    return Channel(name="ops", kind=ChannelKind.WEBHOOK, url=url)


class Policy:
    """Lets messages go to one address, or nowhere."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked: list[str] = []

    async def reachable(self, host: str) -> list[str]:
        self.asked.append(host)
        if not self.addresses:
            raise PermissionDenied("NETWORK", "The network policy denies this host.")
        return list(self.addresses)


async def test_only_the_addresses_that_the_policy_gives_are_spoken_to(hook: Receiver) -> None:
    url = hook.url.replace("127.0.0.1", "told.example") + "/p?q=1"
    policy = Policy("127.0.0.1")
    await WebhookSender(HttpSender(policy)).send(channel_to(url), new_secret(), trial())
    [hit] = hook.hits
    assert policy.asked == ["told.example"]
    assert (hit.path, hit.headers["host"]) == ("/p", url.split("/")[2])


async def test_nothing_goes_where_the_policy_denies_it(hook: Receiver) -> None:
    with pytest.raises(PermissionDenied):
        await WebhookSender(HttpSender(Policy())).send(channel_to(hook.url), new_secret(), trial())
    assert hook.hits == []


async def test_the_next_address_is_tried_where_one_is_dead(hook: Receiver) -> None:
    url = hook.url.replace("127.0.0.1", "told.example")
    await WebhookSender(HttpSender(Policy("127.0.0.9", "127.0.0.1"))).send(channel_to(url), new_secret(), trial())
    assert len(hook.hits) == 1


async def test_a_name_without_an_address_is_told() -> None:
    with pytest.raises(NotSent, match=r"the name nowhere\.invalid has no address"):
        await JudgedDestinations(OPEN).reachable("nowhere.invalid")


async def test_an_error_holds_neither_secret_nor_answer(hook: Receiver) -> None:
    hook.codes = [500]
    url = f"{hook.url}/services/T0/SECRET"
    with pytest.raises(NotSent) as caught:
        await SlackSender(HttpSender(JudgedDestinations(OPEN))).send(
            Channel(name="c", kind=ChannelKind.SLACK), url, trial()
        )
    assert "SECRET" not in str(caught.value)
    with pytest.raises(NotSent) as caught:
        await SlackSender(HttpSender(JudgedDestinations(OPEN))).send(
            Channel(name="c", kind=ChannelKind.SLACK), "http://127.0.0.1:1/SECRET", trial()
        )
    assert "SECRET" not in str(caught.value)


async def test_a_wait_that_the_receiver_asks_for_is_kept(hook: Receiver) -> None:
    hook.codes, hook.headers = [429, 503, 503], {"retry-after": "7"}
    sender = WebhookSender(HttpSender(JudgedDestinations(OPEN)))
    for _ in range(2):
        with pytest.raises(NotSent) as caught:
            await sender.send(channel_to(hook.url), new_secret(), trial())
        assert caught.value.wait_seconds == 7
    hook.headers = {"retry-after": "9" * 40}
    with pytest.raises(NotSent) as caught:
        await sender.send(channel_to(hook.url), new_secret(), trial())
    assert caught.value.wait_seconds == 600


def to(*recipients: str) -> Channel:
    return Channel(name="post", kind=ChannelKind.EMAIL, recipients=recipients)


def tls_context() -> ssl.SSLContext:
    """A server's, with a certificate that nobody knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = builder.not_valid_before(now()).not_valid_after(now() + timedelta(days=1)).sign(key, hashes.SHA256())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(pem)
        context.load_cert_chain(file.name)
    return context


async def test_mail_is_sent_with_a_login() -> None:
    async with mailbox(auth_require_tls=False) as mails:
        await MailSender(f"smtp://a%40b:p%20w@127.0.0.1:{mails.port}", "a@x.example").send(
            to("b@x.example"), "", trial()
        )
        assert mails.logins == [(b"a@b", b"p w")]
        [(recipients, mail)] = mails.mails
        assert (recipients, mail["Auto-Submitted"]) == (["b@x.example"], "auto-generated")
        with pytest.raises(NotSent, match=r"^the mail server refused it \(SMTP 535\)$"):
            await MailSender(f"smtp://a:SECRET@127.0.0.1:{mails.port}", "a@x.example").send(
                to("b@x.example"), "", trial()
            )


async def test_mail_is_not_sent_to_a_server_whose_certificate_nobody_knows() -> None:
    async with mailbox(tls_context=tls_context(), require_starttls=True) as mails:
        with pytest.raises(NotSent, match="could not be spoken to"):
            await MailSender(f"smtp+starttls://127.0.0.1:{mails.port}", "a@x.example").send(
                to("b@x.example"), "", trial()
            )
    async with mailbox(implicit_tls=tls_context()) as mails:
        with pytest.raises(NotSent, match="could not be spoken to"):
            await MailSender(f"smtps://127.0.0.1:{mails.port}", "a@x.example").send(to("b@x.example"), "", trial())
        assert mails.mails == []


async def test_a_server_without_starttls_gets_no_mail_that_asks_for_it() -> None:
    async with mailbox() as mails:
        with pytest.raises(NotSent, match="could not be spoken to"):
            await MailSender(f"smtp+starttls://127.0.0.1:{mails.port}", "a@x.example").send(
                to("b@x.example"), "", trial()
            )
        assert mails.mails == []


async def test_recipients_that_are_refused_are_told() -> None:
    async with mailbox() as mails:
        sender = MailSender(f"smtp://127.0.0.1:{mails.port}", "a@x.example")
        remark = await sender.send(to("b@x.example", "c@refused.example"), "", trial())
        assert remark == "1 of 2 recipients were refused (SMTP 550)"
        with pytest.raises(NotSent, match=r"refused every recipient \(SMTP 550\)") as caught:
            await sender.send(to("c@refused.example"), "", trial())
        assert caught.value.final


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://x", "a@x.example"),
        ("smtp://", "a@x.example"),
        ("smtp://x/path", "a@x.example"),
        ("smtp://u:SECRET@x", ""),
        ("smtp://u:SECRET@x", "a@x\nBcc: b"),
    ],
)
def test_a_mail_server_that_can_t_be_is_refused_at_the_start(url: str, sender: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(smtp_url=SecretStr(url), smtp_from=sender)
    assert "SECRET" not in str(caught.value)


async def test_without_a_mail_server_there_is_no_mail() -> None:
    with pytest.raises(NotSent, match="THEDATA_SMTP_URL"):
        await MailSender(None, "").send(to("b@x.example"), "", trial())
