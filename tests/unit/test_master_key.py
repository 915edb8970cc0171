"""The master key: made once, private, and never replaced by another."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from server.keys import KEY_BYTES, MasterKey, MasterKeyError, SecretUnreadable, seal, unseal
from server.settings import Settings
from tests.conftest import IMPORTS

LOAD = (
    "import sys; from server.keys import MasterKey; from server.settings import Settings;"
    "sys.stdin.readline(); print(MasterKey.load(Settings(home=sys.argv[1])).id)"
)
KEY = bytes(range(KEY_BYTES))


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", LOAD, str(tmp_path)],
            env={**os.environ, "PYTHONPATH": IMPORTS},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    try:
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        ids = {process.communicate(timeout=30)[0].strip() for process in processes}
    finally:
        for process in processes:
            process.kill()
            process.wait(timeout=10)
    assert ids == {MasterKey.load(Settings(home=tmp_path)).id}
    assert os.listdir(tmp_path / "keys") == ["master.key"], "what the slower ones made is gone"


def test_a_start_that_died_half_way_does_not_stop_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    # In a container every start has the same process id.
    (folder / f"master.{os.getpid()}").write_text("half")
    assert MasterKey.load(Settings(home=tmp_path)).id


def test_the_folder_of_the_key_is_its_owner_s_alone(tmp_path: Path) -> None:
    MasterKey.load(Settings(home=tmp_path))
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


@pytest.mark.parametrize("content", ["", "not Base64!", base64.b64encode(KEY[:-1]).decode(), "AAAA" * 11])
def test_a_key_that_is_no_key_is_refused_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys" / "master.key"
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(MasterKeyError):
        MasterKey.load(Settings(home=tmp_path))
    assert path.read_text() == content


def test_a_key_in_the_settings_makes_no_file(tmp_path: Path) -> None:
    encoded = SecretStr(base64.b64encode(KEY).decode())
    assert MasterKey.load(Settings(home=tmp_path, master_key=encoded)).id == MasterKey(KEY).id
    assert not (tmp_path / "keys").exists()


def test_what_is_wrong_with_a_key_is_told_without_the_key(tmp_path: Path) -> None:
    for text in ("Y2FuYXJ5", "canary!"):
        with pytest.raises(MasterKeyError) as caught:
            MasterKey.load(Settings(home=tmp_path, master_key=SecretStr(text)))
        assert text not in str(caught.value)


def test_each_purpose_has_its_own_key() -> None:
    master = MasterKey(KEY)
    keys = {master.derive(purpose) for purpose in ("access-token", "refresh-token", "wrap")}
    assert len(keys) == 3
    assert all(len(key) == KEY_BYTES and key != KEY for key in keys)
    assert KEY.hex() not in master.id


def test_a_data_key_opens_only_for_its_organization_and_under_its_master_key() -> None:
    wrapped = MasterKey(KEY).new_data_key(b"ours")
    assert len(MasterKey(KEY).unwrap(wrapped, b"ours")) == KEY_BYTES
    with pytest.raises(SecretUnreadable):
        MasterKey(KEY).unwrap(wrapped, b"theirs")
    with pytest.raises(SecretUnreadable):
        MasterKey(b"x" * KEY_BYTES).unwrap(wrapped, b"ours")


@given(plain=st.binary(max_size=200), place=st.binary(max_size=50), data=st.data())
def test_one_flipped_bit_anywhere_makes_it_unreadable(plain: bytes, place: bytes, data: st.DataObject) -> None:
    sealed = seal(KEY, plain, place)
    assert unseal(KEY, sealed, place) == plain
    assert plain not in sealed or len(plain) < 4
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    flipped = bytearray(sealed)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SecretUnreadable):
        unseal(KEY, bytes(flipped), place)


def test_the_same_secret_sealed_twice_is_not_the_same() -> None:
    assert seal(KEY, b"secret", b"") != seal(KEY, b"secret", b"")
