"""Which data fed which torch model, asked of real runs of real trainings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.training import edges, table
from tests.support.truth import Project

pytest.importorskip("torch", reason="needs PyTorch")
pytest.importorskip("pandas")

pytestmark = [pytest.mark.torch, pytest.mark.xdist_group("torch_training")]

WITH_LOADERS = """
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

table = pd.read_csv("table.csv")
unread = pd.read_csv("unread.csv")
held_out = pd.read_csv("held_out.csv")

def tensors(table):
    x = torch.tensor(table[["a", "b"]].values, dtype=torch.float32)
    return TensorDataset(x, torch.tensor(table["y"].values, dtype=torch.float32))

training, validation = random_split(tensors(table), [60, 20])
train_loader = DataLoader(training, batch_size=16, shuffle=True)
loaders = {
    "validation": DataLoader(validation, batch_size=16),
    "test": DataLoader(tensors(held_out), batch_size=16),
}

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, x):
        return self.layer(x).squeeze(1)

def evaluate(model, loader):
    model.eval()
    with torch.no_grad():
        return sum(nn.functional.mse_loss(model(x), y).item() for x, y in loader)

def train(model, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(epochs):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            optimizer.step()
        print(evaluate(model, loaders["validation"]))

model = Net()
train(model, 3)
print(evaluate(model, loaders["test"]))
torch.save(model.state_dict(), "model.pt")
"""

WHOLE_BATCH = """
import pandas as pd
import torch

def read(name):
    table = pd.read_csv(name)
    x = torch.tensor(table[["a", "b"]].values, dtype=torch.float32)
    return x, torch.tensor(table["y"].values, dtype=torch.float32)

def fit(model, x, y, steps):
    optimizer = torch.optim.SGD([p for p in model.parameters()], lr=0.01)
    for _ in range(steps):
        optimizer.zero_grad()
        chosen = torch.randperm(len(x))[:20]
        loss = (model(x[chosen]).squeeze(1) - y[chosen]).pow(2).mean()
        loss.backward()
        optimizer.step()

x, y = read("table.csv")
u, v = read("unread.csv")
first = torch.nn.Linear(2, 1)
fit(first, x, y, 5)
noise = torch.randn(40, 2)
second = torch.nn.Linear(2, 1)
fit(second, noise, noise.sum(1), 5)
torch.save(first.state_dict(), "first.pt")
torch.save({"weights": second.state_dict(), "epoch": 5}, "second.pt")
"""

FINE_TUNED = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.load("x.pt")
model = nn.Linear(2, 1)
model.load_state_dict(torch.load("base.pt"))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for (batch,) in DataLoader(TensorDataset(x), batch_size=10):
    optimizer.zero_grad()
    model(batch).pow(2).mean().backward()
    optimizer.step()
torch.save(model.state_dict(), "tuned.pt")
"""

BASE = """
import torch

torch.save(torch.rand(20, 2), "x.pt")
torch.save(torch.nn.Linear(2, 1).state_dict(), "base.pt")
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("torch"))
    project.write("table.csv", table(80, 0))
    project.write("unread.csv", table(80, 5))
    project.write("held_out.csv", table(20, 9))
    return project


def test_loaders_tell_which_data_a_model_learns_from_and_which_test_it(project: Project) -> None:
    project.run("loaders.py", WITH_LOADERS)
    answer = project.json("flow", "model.pt")
    assert edges(answer) == {
        ("table.csv", 7, "Net", "step", 42, "train", "inferred"),
        ("held_out.csv", 9, "Net", "step", 42, "test", "inferred"),
    }
    assert answer["completeness"] == {"complete": True, "truncated": [], "gaps": []}
    by_origin = {one["source"]["origin"]: one["arguments"] for one in answer["edges"]}
    assert by_origin["table.csv"] == ["train_data", "validation_data"]


def test_a_trace_of_saved_weights_leads_through_the_training_to_its_data(project: Project) -> None:
    if not (project.root / "model.pt").exists():
        project.run("loaders.py", WITH_LOADERS)
    answer = project.json("trace", "model.pt")
    nodes = {node["id"]: node for node in answer["nodes"]}
    (fit,) = (node for node in nodes.values() if node["kind"] == "fit")
    assert (fit["name"], fit["attributes"]["status"]) == ("Adam.step", "finished")
    told = {key: fit["attributes"][key] for key in ("class", "line", "steps")}
    assert told == {"class": "__main__.Net", "line": 42, "steps": 12}
    by_relation = {
        (nodes[e["source"]]["name"], e["relation"], nodes[e["target"]]["name"])
        for e in answer["edges"]
    }
    assert {
        ("model.pt", "wasDerivedFrom", "Net"),
        ("Net", "wasGeneratedBy", "Adam.step"),
        ("Adam.step", "used", "Subset"),
        ("Subset", "wasDerivedFrom", "table.csv"),
    } <= by_relation
    assert "unread.csv" not in {node["name"] for node in nodes.values() if node["kind"] == "frame"}


def test_without_loaders_the_data_are_what_the_loss_was_made_of(project: Project) -> None:
    project.run("whole.py", WHOLE_BATCH)
    assert edges(project.json("flow", "second.pt")) == {
        ("table.csv", 6, "Linear", "step", 17, "train", "inferred"),
        ("torch.randn", 23, "Linear", "step", 17, "train", "inferred"),
    }


def test_a_model_goes_on_from_the_weights_that_it_loaded(project: Project) -> None:
    project.run("base.py", BASE)
    project.run("tuned.py", FINE_TUNED)
    answer = project.json("flow", "tuned.pt")
    assert edges(answer) == {("x.pt", 6, "Linear", "step", 13, "train", "observed")}
    traced = project.json("trace", "tuned.pt")
    names = {node["id"]: node["name"] for node in traced["nodes"]}
    revised = {
        (names[e["source"]], names[e["target"]], e["role"])
        for e in traced["edges"]
        if e["relation"] == "wasRevisionOf"
    }
    assert revised == {("Linear", "Linear", ""), ("Linear", "OrderedDict", "load_state_dict")}
    assert {"base.pt", "x.pt"} <= set(names.values())


def test_a_training_that_is_cut_short_is_not_told_as_finished(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.run(
        "failing.py",
        """
        import torch
        from torch.utils.data import DataLoader, TensorDataset

        model = torch.nn.Linear(2, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for step, (x,) in enumerate(DataLoader(TensorDataset(torch.rand(9, 2)))):
            model(x).sum().backward()
            optimizer.step()
            if step == 4:
                torch.save(model, "model.pt")
                raise RuntimeError("enough")
        """,
        code=1,
    )
    traced = project.json("trace", "model.pt")["nodes"]
    assert [node["attributes"]["status"] for node in traced if node["kind"] == "fit"] == ["failed"]
    (edge,) = project.json("flow", "model.pt")["edges"]
    assert (edge["source"]["call"], edge["source"]["synthetic"]) == ("torch.rand", True)
