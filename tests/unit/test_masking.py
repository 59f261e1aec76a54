"""Secrets never reach the record, and what only looks like one is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whence.capture.masking import Masker, is_secret_name, mask_arguments, mask_text

SECRET = "hunter2-XYZ"


@pytest.mark.parametrize(
    "name",
    ["password", "--password", "db_password", "DB_PASSWD", "apiKey", "api-key",
     "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "token", "hf_token", "GITHUB_TOKEN",
     "clientSecret", "private_key",
     "WANDB_API_KEY", "KEY", "credentials", "passphrase", "auth", "session_cookie"],
)  # fmt: skip
def test_a_name_of_a_secret_is_known(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    ["tokenizer", "max_tokens", "pad_token", "eos_token", "key", "sort_key", "primary_key",
     "author", "PWD", "keyboard", "epochs", "passes", "secretary", "compass", "n_tokens",
     "PATH", "monkey"],
)  # fmt: skip
def test_a_name_that_only_resembles_one_is_not_masked(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("given_words", "masked"),
    [
        (["--password", SECRET, "--epochs", "3"], ["--password", "***", "--epochs", "3"]),
        (["--token=" + SECRET], ["--token=***"]),
        (["API_KEY=" + SECRET, "train.py"], ["API_KEY=***", "train.py"]),
        (["model.api_key=" + SECRET], ["model.api_key=***"]),
        (["postgres://me:" + SECRET + "@db/x"], ["postgres://***@db/x"]),
        (["https://x/y?token=" + SECRET + "&n=1"], ["https://x/y?token=***&n=1"]),
        (["-c", f"password = '{SECRET}'; print(1)"], ["-c", "password = '***'; print(1)"]),
        (["--password", "--token", SECRET], ["--password", "--token", "***"]),
        (["--max-tokens", "100", "--lr=0.1"], ["--max-tokens", "100", "--lr=0.1"]),
        (["data/raw.csv", "-n", "5", "a=b", ""], ["data/raw.csv", "-n", "5", "a=b", ""]),
    ],
)  # fmt: skip
def test_arguments_are_masked(given_words: list[str], masked: list[str]) -> None:
    assert mask_arguments(given_words) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('+password = "hunter2"\n', '+password = "***"\n'),
        ("+  'api_key': 'hunter2',\n", "+  'api_key': '***',\n"),
        ('+os.environ["HF_TOKEN"] = "hunter2"\n', '+os.environ["HF_TOKEN"] = "***"\n'),
        ("+connect(password='hunter2', port=5)\n", "+connect(password='***', port=5)\n"),
        ('+token: str = "hunter2"\n', '+token: str = "***"\n'),
        ("+password: hunter2\n", "+password: ***\n"),
        ('+run(["--db-password", "hunter2"])\n', '+run(["--db-password", "***"])\n'),
        ("+tool --token hunter2 -n 5\n", "+tool --token *** -n 5\n"),
        ('+add("--token", "-t", default=1)\n', '+add("--token", "-t", default=1)\n'),
        ("+export GITHUB_TOKEN=hunter2\n", "+export GITHUB_TOKEN=***\n"),
        ("+Authorization: Bearer abc.def-12345\n", "+Authorization: Bearer ***\n"),
        ("+key AKIAIOSFODNN7EXAMPLE end\n", "+key *** end\n"),
        ("+x = 'ghp_" + "a" * 36 + "'\n", "+x = '***'\n"),
        (
            "+-----BEGIN RSA PRIVATE KEY-----\n+MIIE\n+-----END RSA PRIVATE KEY-----\n+x\n",
            "+-----BEGIN RSA PRIVATE KEY-----***\n+x\n",
        ),
        ("+https://me:hunter2@example.org/x.git\n", "+https://***@example.org/x.git\n"),
        ("+password = ask_for_password()\n", "+password = ask_for_password()\n"),
        ("+def login(token: str, n: int) -> None:\n", "+def login(token: str, n: int) -> None:\n"),
        ("+tokenizer = 'bert'\n", "+tokenizer = 'bert'\n"),
        ("+pad_token = '<pad>'\n", "+pad_token = '<pad>'\n"),
        ("+df['key'] = 'a'\n", "+df['key'] = 'a'\n"),
    ],
)  # fmt: skip
def test_text_is_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked


def test_a_pattern_of_the_users_own_is_masked() -> None:
    assert Masker(["corp-[0-9a-f]{4}"]).text("id corp-12ab!") == "id ***!"


def test_a_variable_is_masked_by_its_name_or_its_value() -> None:
    masker = Masker()
    assert masker.variable("HF_TOKEN", "x") == "***"
    assert masker.variable("PIP_INDEX_URL", "https://u:p@host/s") == "https://***@host/s"
    assert masker.variable("LANG", "C.UTF-8") == "C.UTF-8"


_SECRETS = st.text(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-", min_size=12, max_size=40
).filter(lambda text: text[0].isalnum() and text[-1].isalnum())
_NAMES = st.sampled_from(["password", "API_KEY", "hf-token", "clientSecret", "db.passwd"])


@given(_SECRETS, _NAMES, st.integers(0, 6))
def test_a_planted_secret_is_gone_wherever_it_stood(secret: str, name: str, shape: int) -> None:
    identifier = name.replace("-", "_")
    texts = [
        f"+{identifier} = '{secret}'\n",
        f'+{{"{name}": "{secret}"}}\n',
        f"+{name}: {secret}\n",
        f"+{identifier}={secret}\n",
        f"+https://user:{secret}@host/path\n",
        f"+curl 'https://host/x?a=1&{name}={secret}'\n",
        f"+-----BEGIN PRIVATE KEY-----\n+{secret}\n+-----END PRIVATE KEY-----\n",
    ]
    assert secret not in mask_text(texts[shape])
    assert secret not in " ".join(mask_arguments(["x", f"--{name}", secret, f"--{name}={secret}"]))


@pytest.mark.parametrize("word", ["a" * 1_000_000, "a-b." * 250_000, "aB3+/x" * 160_000])
def test_a_long_word_is_searched_in_time(word: str) -> None:
    assert mask_text(word) == word
    assert mask_text(f"{word} token=abcdefgh1") == f"{word} token=***"
