"""Settings: each is documented, checked at the start, and keeps its secrets to itself."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from server.settings import Settings

CANARY = "c4n4ry"
SECRETS = [name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_says_what_it_is_for(name: str) -> None:
    description = Settings.model_fields[name].description
    assert description
    assert description.endswith(".")


def test_what_is_secret_by_its_name_is_secret_by_its_type() -> None:
    telling = ("password", "key", "secret", "url", "token")
    named = [name for name in Settings.model_fields if name.endswith(telling)]
    assert set(named) <= set(SECRETS), named


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_does_not_print(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"otlp_headers": f"x-key={CANARY}", "smtp_url": f"smtp://user:{CANARY}@host"}
    value = given.get(name, CANARY)
    monkeypatch.setenv(f"THEDATA_{name.upper()}", value)
    monkeypatch.setenv("THEDATA_SMTP_FROM", "alerts@example.com")
    settings = Settings()
    assert getattr(settings, name).get_secret_value() == value, "read from the environment"
    for form in (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json(), f"{settings}"):
        assert CANARY not in form


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("grpc_port", "65536"),
        ("grpc_port", "-1"),
        ("http_port", "http"),
        ("log_level", "loud"),
        ("access_token_seconds", "1"),
        ("access_token_seconds", "86400"),
        ("worker_concurrency", "0"),
        ("max_message_bytes", "1"),
        ("migrate", "perhaps"),
        ("file_roots", '"not a list"'),
        ("otlp_endpoint", "collector:4317"),
        ("otlp_endpoint", "http://user:password@collector:4317"),
        ("otlp_headers", "x-key"),
        ("otlp_protocol", "http/json"),
        ("trace_sample_ratio", "1.1"),
        ("metrics_port", "65536"),
    ],
)
def test_a_setting_out_of_its_range_is_refused_by_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"THEDATA_{name.upper()}", value)
    with pytest.raises(ValidationError, match=name) as refused:
        Settings()
    assert "input_value" not in str(refused.value), "what was typed in may be a secret"


def test_a_mail_server_that_can_t_be_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THEDATA_SMTP_URL", f"http://user:{CANARY}@host")
    with pytest.raises(ValidationError, match="smtp_url must be") as caught:
        Settings()
    assert CANARY not in str(caught.value)


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(ValidationError, match="frozen"):
        settings.home = tmp_path
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_folders_are_absolute_whatever_the_process_s_own_folder_becomes() -> None:
    assert Settings(home=Path("here")).home.is_absolute()
    assert Settings(admin_password=SecretStr("x")).upload_root is None


def test_the_standard_variable_names_the_collector_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().otlp_endpoint is None
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://standard:4317")
    assert Settings().otlp_endpoint == "http://standard:4317"
    monkeypatch.setenv("THEDATA_OTLP_ENDPOINT", "http://own:4317")
    assert Settings().otlp_endpoint == "http://own:4317"
