"""E-mail by the operator's SMTP server."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from server.alerts.errors import NotSent
from server.alerts.messages import text_of, title_of
from server.alerts.model import Channel, Delivery

SECONDS = 8.0
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
PERMANENT = range(500, 600)


class MailSender:
    """Sends by one SMTP server, as ``smtp://``, ``smtps://`` or ``smtp+starttls://`` names it."""

    def __init__(self, url: str | None, sender: str) -> None:
        self._url = urlsplit(url) if url else None
        self._sender = sender

    async def send(self, channel: Channel, secret: str, delivery: Delivery) -> str:  # noqa: ARG002 - it needs none
        """Sends one; a remark where some recipients were refused. Raises NotSent."""
        url = self._url
        if url is None:
            raise NotSent("THEDATA_SMTP_URL is not set")
        try:
            refused, _ = await aiosmtplib.send(
                self._message(channel, delivery),
                sender=self._sender,
                recipients=list(channel.recipients),
                hostname=url.hostname,
                port=url.port or PORTS[url.scheme],
                username=unquote(url.username) if url.username else None,
                password=unquote(url.password) if url.password else None,
                use_tls=url.scheme == "smtps",
                start_tls=url.scheme == "smtp+starttls",
                timeout=SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = sorted({item.code for item in error.recipients})
            final = all(code in PERMANENT for code in codes)
            raise NotSent(f"the mail server refused every recipient ({_told(codes)})", final=final) from error
        except aiosmtplib.SMTPResponseException as error:
            # What it says may hold what it was told; a code does not.
            raise NotSent(f"the mail server refused it (SMTP {error.code})") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSent(f"the mail server could not be spoken to ({type(error).__name__})") from error
        codes = sorted({answer.code for answer in refused.values()})
        return (
            f"{len(refused)} of {len(channel.recipients)} recipients were refused ({_told(codes)})" if refused else ""
        )

    def _message(self, channel: Channel, delivery: Delivery) -> EmailMessage:
        message = dict(delivery.message)
        mail = EmailMessage()
        mail["From"] = self._sender
        mail["To"] = ", ".join(channel.recipients)
        mail["Subject"] = "".join(letter if letter.isprintable() else " " for letter in title_of(message))
        mail["Date"] = format_datetime(delivery.created_at)
        mail["Message-ID"] = f"<{delivery.id}@thedata.io>"  # the same at every try
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text_of(message))
        return mail


def _told(codes: list[int]) -> str:
    return ", ".join(f"SMTP {code}" for code in codes)
