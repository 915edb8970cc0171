"""Where a client connects to, and what it trusts."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from thedata_client import AsyncClient, errors
from thedata_client.address import Address

from server.app import App
from tests.client.conftest import PASSWORD


@pytest.mark.parametrize(
    ("text", "target", "tls"),
    [
        ("https://data.example.com", "data.example.com:443", True),
        ("https://data.example.com:8443/", "data.example.com:8443", True),
        ("http://data.example.com", "data.example.com:80", False),
        ("data.example.com:8080", "data.example.com:8080", True),
        ("localhost:8080", "localhost:8080", False),
        ("127.0.0.1:8080", "127.0.0.1:8080", False),
        ("[::1]:8080", "[::1]:8080", False),
        ("10.0.0.7:8080", "10.0.0.7:8080", True),
    ],
)
def test_an_address_says_whether_it_is_tls(text: str, target: str, tls: bool) -> None:
    address = Address.parse(text)
    assert (address.target, address.tls) == (target, tls)


@pytest.mark.parametrize(
    "text", ["", "ftp://x:1", "data.example.com", "x:99999", "http://", "http://u@x:1", "http://x/y"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"address|port"):
        Address.parse(text)


def test_certificates_that_can_not_be_read_are_told() -> None:
    with pytest.raises(FileNotFoundError):
        AsyncClient("https://localhost:1", ca_file="/no/such/file.pem")


def test_who_calls_is_said_in_one_way() -> None:
    with pytest.raises(ValueError, match="not both"):
        AsyncClient("localhost:1", token="t", email="e", password="p")
    with pytest.raises(ValueError, match="go together"):
        AsyncClient("localhost:1", email="e")


@dataclass(frozen=True)
class Secured:
    """A server behind TLS, and the certificate that proves it."""

    port: int
    certificate: Path


@pytest.fixture
async def secured(app: App, tmp_path: Path) -> AsyncIterator[Secured]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(1)
        )
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "ca.pem", tmp_path / "key.pem")
    context.set_alpn_protocols(["h2"])
    carrying: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to, back = await asyncio.open_connection("127.0.0.1", app.port)
        carrying.update({asyncio.create_task(carry(reader, back)), asyncio.create_task(carry(to, writer))})

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=context)
    yield Secured(server.sockets[0].getsockname()[1], tmp_path / "ca.pem")
    server.close()
    await asyncio.wait_for(asyncio.gather(*carrying), 10)


async def test_a_server_is_spoken_to_by_tls(secured: Secured) -> None:
    async with AsyncClient(f"https://localhost:{secured.port}", ca_file=secured.certificate) as client:
        session = await client.register("ann@example.com", PASSWORD)
        assert (await client.auth.get_current_user()).user.id == session.user.id


async def test_a_server_that_nobody_vouches_for_gets_no_password(secured: Secured) -> None:
    async with AsyncClient(f"https://localhost:{secured.port}", email="ann@example.com", password=PASSWORD) as client:
        with pytest.raises(errors.Unavailable):
            await client.auth.get_current_user()
