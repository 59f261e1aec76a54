"""Which data Lightning trained a module on, asked of real runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.training import edges, table
from tests.support.truth import Project

pytest.importorskip("torch", reason="needs PyTorch")
pytest.importorskip("pandas")
pytest.importorskip("pytorch_lightning")

pytestmark = pytest.mark.torch

SCRIPT = """
import pandas as pd
import pytorch_lightning as pl
import torch
from torch.utils.data import DataLoader, TensorDataset

def loader(table):
    x = torch.tensor(table[["a", "b"]].values, dtype=torch.float32)
    return DataLoader(TensorDataset(x, torch.tensor(table["y"].values)), batch_size=20)

class Module(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 1)

    def training_step(self, batch, at):
        x, y = batch
        return (self.layer(x).squeeze(1) - y).pow(2).mean()

    def validation_step(self, batch, at):
        self.log("loss", self.training_step(batch, at))

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)

class Data(pl.LightningDataModule):
    def setup(self, stage=None):
        self.table = pd.read_csv("table.csv")

    def train_dataloader(self):
        return loader(self.table)

def trainer():
    return pl.Trainer(
        max_epochs=2, logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, accelerator="cpu",
    )

training = pd.read_csv("table.csv")
held_out = pd.read_csv("held_out.csv")
first = trainer()
first.fit(Module(), loader(training), val_dataloaders=loader(held_out))
first.save_checkpoint("first.ckpt")
second = Module()
trainer().fit(second, datamodule=Data())
torch.save(second.state_dict(), "second.pt")
"""


def test_a_fit_has_the_data_of_its_loaders_and_of_its_data_module(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("table.csv", table(80, 0))
    project.write("held_out.csv", table(20, 9))
    project.run("fits.py", SCRIPT)
    assert edges(project.json("flow", "first.ckpt")) == {
        ("table.csv", 39, "Module", "fit", 42, "train", "inferred"),
        ("held_out.csv", 40, "Module", "fit", 42, "validation", "inferred"),
        ("table.csv", 28, "Module", "fit", 45, "train", "inferred"),
    }
    traced = project.json("trace", "second.pt")
    names = {node["id"]: node["name"] for node in traced["nodes"]}
    fits = [node["attributes"] for node in traced["nodes"] if node["kind"] == "fit"]
    assert (45, 8) in {(one["line"], one["steps"]) for one in fits}
    made = {names[e["source"]] for e in traced["edges"] if names[e["target"]] == "Trainer.fit"}
    assert "Module" in made
