"""Train a small network on the training table and save it. It knows nothing of whence."""

import argparse
from pathlib import Path

import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

MEASURES = ["mean_radius", "mean_texture", "mean_concavity", "compactness_per_area"]


def tensors(table: pd.DataFrame) -> TensorDataset:
    """The measures, each brought to mean 0 and deviation 1, with the target."""
    measures = table[MEASURES]
    scaled = (measures - measures.mean()) / measures.std()
    features = torch.tensor(scaled.to_numpy(), dtype=torch.float32)
    return TensorDataset(features, torch.tensor(table["target"].to_numpy(), dtype=torch.float32))


def accuracy(model: nn.Module, loader: DataLoader) -> float:
    model.eval()
    with torch.no_grad():
        right = [(model(x).squeeze(1) > 0) == (y > 0.5) for x, y in loader]
    return torch.cat(right).float().mean().item()


def train(model: nn.Module, training: DataLoader, validation: DataLoader, epochs: int) -> None:
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    loss_of = nn.BCEWithLogitsLoss()
    for epoch in range(epochs):
        model.train()
        for features, target in training:
            optimizer.zero_grad()
            loss = loss_of(model(features).squeeze(1), target)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: accuracy {accuracy(model, validation):.3f} on held-out rows")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("models/network.pt"))
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    data = tensors(pd.read_csv("data/train.csv"))
    training, validation = random_split(data, [0.8, 0.2])
    model = nn.Sequential(nn.Linear(len(MEASURES), 8), nn.ReLU(), nn.Linear(8, 1))
    train(
        model,
        DataLoader(training, batch_size=32, shuffle=True),
        DataLoader(validation, batch_size=256),
        options.epochs,
    )
    options.out.parent.mkdir(exist_ok=True)
    torch.save(model.state_dict(), options.out)


if __name__ == "__main__":
    main()
