"""Which data a Trainer of transformers had, asked of a real run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.training import edges, table
from tests.support.truth import Project

pytest.importorskip("torch", reason="needs PyTorch")
pytest.importorskip("pandas")
pytest.importorskip("accelerate")
pytest.importorskip("transformers")

pytestmark = pytest.mark.torch


def test_a_training_has_the_data_sets_that_its_trainer_was_made_with(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("table.csv", table(80, 0))
    project.write("held_out.csv", table(20, 9))
    project.run(
        "trains.py",
        """
        import pandas as pd
        import torch
        from torch.utils.data import Dataset
        from transformers import (
            BertConfig, BertForSequenceClassification, Trainer, TrainingArguments,
        )

        class Words(Dataset):
            def __init__(self, table):
                self.words = torch.tensor(table[["a", "b"]].values).long()
                self.labels = torch.tensor(table["y"].values)

            def __len__(self):
                return len(self.labels)

            def __getitem__(self, at):
                return {"input_ids": self.words[at], "labels": self.labels[at]}

        config = BertConfig(
            vocab_size=30, hidden_size=8, num_hidden_layers=1, num_attention_heads=1,
            intermediate_size=8,
        )
        trainer = Trainer(
            model=BertForSequenceClassification(config),
            args=TrainingArguments(
                output_dir="out", max_steps=3, report_to=[], use_cpu=True, save_strategy="no",
            ),
            train_dataset=Words(pd.read_csv("table.csv")),
            eval_dataset=Words(pd.read_csv("held_out.csv")),
        )
        trainer.train()
        trainer.save_model("saved")
        """,
    )
    model = "saved/model.safetensors"
    assert edges(project.json("flow", model)) == {
        ("table.csv", 29, "BertForSequenceClassification", "train", 32, "train", "inferred"),
        (
            "held_out.csv",
            30,
            "BertForSequenceClassification",
            "train",
            32,
            "validation",
            "inferred",
        ),
    }
    nodes = project.json("trace", model)["nodes"]
    fits = [node["attributes"]["steps"] for node in nodes if node["kind"] == "fit"]
    assert fits == [3]
