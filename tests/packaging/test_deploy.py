"""What ``deploy/`` says is true: commands, options, folders and paths are those that there are.

There is no container engine in the tests; the unit is verified where systemd is.
"""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from whence.cli.app import app
from whence.server.access.principal import OpenAccess
from whence.server.app import make_app
from whence.server.home import server_home
from whence.server.project import HomeProjects

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CONTAINER = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ")
UNIT = (DEPLOY / "whence.service").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
HOME = "/var/lib/whence"


def said(instruction: str) -> list[str]:
    """The arguments of each line with that instruction."""
    return re.findall(rf"^ *{instruction} +(.+)$", CONTAINER, re.MULTILINE)


def parses(arguments: list[str]) -> dict:
    """The options that ``whence`` reads from these arguments; fails where it would refuse them."""
    name, *rest = arguments
    command = app.get_command(click.Context(app), name)
    assert command is not None
    return command.make_context(name, rest, parent=click.Context(app)).params


def test_the_container_starts_a_server_for_others():
    assert json.loads(said("ENTRYPOINT")[0]) == ["whence"]
    options = parses(json.loads(said("CMD")[-1]))
    assert (options["host"], options["port"], options["auth"]) == ("0.0.0.0", 5500, "auto")
    assert said("EXPOSE") == ["5500"]


def test_the_container_runs_as_a_user_who_owns_the_home(monkeypatch):
    lines = CONTAINER.splitlines()
    user = next(number for number, line in enumerate(lines) if line.startswith("USER"))
    assert lines[user] == "USER whence"
    assert not [line for line in lines[user:] if line.startswith(("RUN", "COPY", "ADD"))]
    assert json.loads(said("VOLUME")[0]) == [HOME]
    assert f"--owner whence --group whence --mode 0700 {HOME}" in CONTAINER
    assert "XDG_DATA_HOME=/var/lib" in said("ENV")
    monkeypatch.setenv("XDG_DATA_HOME", "/var/lib")
    assert server_home() == Path(HOME, "server")


def test_the_container_installs_extras_that_there_are():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    [extras] = re.findall(r"\$\{wheel\}\[([\w,]+)\]", CONTAINER)
    assert set(extras.split(",")) <= project["optional-dependencies"].keys()


def test_the_health_that_the_container_asks_for_is_there(tmp_path):
    [path] = re.findall(r"http://127\.0\.0\.1:5500(/\w+)", CONTAINER)
    served = make_app(HomeProjects(tmp_path), OpenAccess())
    assert path in {getattr(route, "path", "") for route in served.routes}


def test_the_composed_server_uses_the_composed_database():
    server, database = COMPOSE["services"]["whence"], COMPOSE["services"]["database"]
    options = parses(server["command"])
    assert options["host"] == "0.0.0.0"
    named = {key: database["environment"][f"POSTGRES_{key}"] for key in ("USER", "DB")}
    assert options["database"] == f"postgresql://{named['USER']}@database/{named['DB']}"
    password = server["environment"]["PGPASSWORD"]
    assert password == database["environment"]["POSTGRES_PASSWORD"]
    assert server["volumes"] == [f"home:{HOME}"]
    assert {volume.split(":")[0] for one in (server, database) for volume in one["volumes"]} == set(
        COMPOSE["volumes"]
    )
    assert (DEPLOY / server["build"]["context"] / server["build"]["dockerfile"]).is_file()


def test_compose_reads_the_file():
    if subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        pytest.skip("docker compose is not here")
    done = subprocess.run(
        ["docker", "compose", "-f", DEPLOY / "compose.yaml", "config", "--quiet"],
        env={"POSTGRES_PASSWORD": "x", "PATH": "/usr/bin:/usr/local/bin"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_unit_starts_the_server_with_the_home_that_it_may_write(monkeypatch):
    [line] = re.findall(r"^ExecStart=/opt/whence/bin/whence (.+)$", UNIT, re.MULTILINE)
    options = [word for word in line.split() if not word.startswith("$")]
    assert parses(options)["auth"] == "on"
    [example] = re.findall(r"^# +WHENCE_OPTIONS=(.+)$", UNIT, re.MULTILINE)
    assert parses([*options, *example.split()])["proxy_headers"] is True
    assert "Environment=XDG_DATA_HOME=/var/lib\n" in UNIT
    assert "StateDirectory=whence\n" in UNIT
    monkeypatch.setenv("XDG_DATA_HOME", "/var/lib")
    assert server_home() == Path(HOME, "server")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_takes_the_unit(tmp_path):
    unit = tmp_path / "whence.service"
    unit.write_text(
        UNIT.replace("/opt/whence/bin/whence", "/bin/true").replace("=whence\n", "=root\n", 2)
    )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True
    )
    assert [line for line in done.stderr.splitlines() if "whence.service" in line] == []
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_every_command_in_the_comments_is_one(path):
    for words in re.findall(
        r"\bwhence (token [^\n#]+|server [^\n#]*)$", path.read_text(), re.MULTILINE
    ):
        name, *rest = [word.strip("'") for word in words.split()]
        command = app.get_command(click.Context(app), name)
        if isinstance(command, click.Group):
            command = command.get_command(click.Context(command), rest.pop(0))
        command.make_context(name, [word for word in rest if "$" not in word])
