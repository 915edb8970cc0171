"""A real MariaDB server for the session."""

from __future__ import annotations

import datetime as dt
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.sync.mysql.config import MysqlConfig
from tests.servers.installing import program

PASSWORD = "correct horse 'battery' staple ü"


@dataclass(frozen=True)
class Server:
    port: int
    folder: Path
    authority: str

    def config(self, database: object, **changes: object) -> MysqlConfig:
        values: dict[str, object] = {
            "host": "127.0.0.1", "port": self.port, "database": database, "user": "owner", "password": PASSWORD,
        }  # fmt: skip
        return MysqlConfig.model_validate(values | changes)

    def admin(self) -> Any:
        return pymysql.connect(unix_socket=str(self.folder / "socket"), user="root", autocommit=True, charset="utf8mb4")

    @contextmanager
    def database(self) -> Iterator[str]:
        """An empty database, which is dropped afterwards."""
        name = f"lab_{uuid.uuid4().hex[:8]}"
        with self.admin() as admin, admin.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
            try:
                yield name
            finally:
                cursor.execute(f"DROP DATABASE {name}")


def certificates(folder: Path) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "thedata test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pem.decode()


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    program("mariadbd", "mariadb-server")
    folder = Path(tempfile.mkdtemp(prefix="thedata-mysql-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    authority = certificates(folder)
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    for path in (folder, *folder.iterdir()):
        os.chown(path, user.pw_uid, user.pw_gid)
    data = folder / "data"
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", f"--user={user.pw_name}",
         "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["mariadbd", "--no-defaults", f"--user={user.pw_name}", f"--datadir={data}", f"--socket={folder}/socket",
             f"--port={port}", "--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin",
             "--innodb-flush-log-at-trx-commit=0", "--character-set-server=latin1", f"--pid-file={folder}/pid",
             f"--ssl-cert={folder}/cert.pem", f"--ssl-key={folder}/key.pem", f"--ssl-ca={folder}/cert.pem"],
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        found = Server(port, folder, authority)
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < deadline, (folder / "log").read_text()
                time.sleep(0.05)
        with found.admin() as admin, admin.cursor() as cursor:
            cursor.execute("CREATE USER owner@`127.0.0.1` IDENTIFIED BY %s", (PASSWORD,))
            cursor.execute("GRANT ALL ON *.* TO owner@`127.0.0.1`")
        yield found
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder)
