"""What is recorded of a torch training, and that torch compiles as before."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs PyTorch")

from tests.support.observing import Recorded, observing  # noqa: E402 - torch may be missing
from tests.support.program import Outcome, run_recorded  # noqa: E402
from whence.model.relation import Relation  # noqa: E402

pytestmark = pytest.mark.torch


def test_a_checkpoint_is_a_model_with_its_number_of_parameters(tmp_path: Path) -> None:
    with observing(tmp_path, "torch"):
        module = torch.nn.Linear(3, 2)
        torch.save(module.state_dict(), "weights.pt")
        torch.save({"epoch": 3, "model": module.state_dict()}, "checkpoint.pt")
        loaded = torch.load("weights.pt")
    assert set(loaded) == {"weight", "bias"}
    record = Recorded(tmp_path)
    weights = record.entity("model", "weights.pt")
    assert (weights.attributes["n_parameters"], weights.attributes["n_tensors"]) == (8, 2)
    checkpoint = record.entity("model", "checkpoint.pt")
    assert checkpoint.attributes["n_parameters"] == 8
    accesses = [(Path(o.path.decode()).name, o.access) for o in record.openings.values()]
    assert accesses == [("weights.pt", "w"), ("checkpoint.pt", "w"), ("weights.pt", "r")]
    last = record.entities_of("model", "OrderedDict")[-1]
    assert record.upstream_files(last.id) == {"weights.pt"}


def test_settings_of_a_training_are_parameters_of_the_run(tmp_path: Path) -> None:
    with observing(tmp_path, "torch") as session:
        torch.manual_seed(7)
        module = torch.nn.Linear(3, 2)
        torch.optim.AdamW(module.parameters(), lr=0.01)
        torch.optim.SGD(module.parameters(), lr=0.5, momentum=0.9)
    params = Recorded(tmp_path).params(session.run)
    assert params["seed.torch"] == 7
    assert (params["optimizer"], params["optimizer.lr"]) == ("AdamW", 0.01)
    assert params["optimizer.betas"] == (0.9, 0.999)
    assert (params["optimizer_2"], params["optimizer_2.momentum"]) == ("SGD", 0.9)


def test_a_loader_says_what_it_loads_and_how(tmp_path: Path) -> None:
    from torch.utils.data import DataLoader, TensorDataset

    with observing(tmp_path, "torch") as session:
        torch.save(torch.arange(10), "x.pt")
        x = torch.load("x.pt")
        batches = list(DataLoader(TensorDataset(x), batch_size=4, shuffle=True, num_workers=0))
    assert [len(batch[0]) for batch in batches] == [4, 4, 2]
    record = Recorded(tmp_path)
    loader = record.entity("dataset", "TensorDataset")
    expected = {"batch_size": 4, "shuffle": True, "num_workers": 0, "n_samples": 10}
    assert {key: loader.attributes[key] for key in expected} == expected
    assert record.sources(session.run, Relation.USED) == {loader.id: "DataLoader"}
    assert record.upstream_files(loader.id) == {"x.pt"}


def test_compiled_modules_and_their_training_are_as_before(tmp_path: Path) -> None:
    def train() -> list[float]:
        torch.manual_seed(0)
        torch._dynamo.reset()
        module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
        optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
        compiled = torch.compile(module, backend="eager", fullgraph=True)
        losses = []
        for step in range(5):
            optimizer.zero_grad()
            loss = compiled(torch.full((2, 3), float(step))).pow(2).mean()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    call, forward = torch.nn.Module.__call__, torch.nn.Linear.forward
    plain = train()
    with observing(tmp_path, "torch"):
        assert torch.nn.Module.__call__ is call
        assert torch.nn.Linear.forward is forward
        assert train() == plain


def test_detaching_leaves_torch_as_it_was(tmp_path: Path) -> None:
    def held() -> list[object]:
        return [
            torch.save, torch.load, torch.serialization.save, torch.manual_seed,
            torch.random.manual_seed, vars(torch.optim.Optimizer)["__init__"],
            vars(torch.utils.data.DataLoader)["__init__"],
        ]  # fmt: skip

    before = held()
    with observing(tmp_path, "torch"):
        pass
    assert all(now is then for now, then in zip(held(), before, strict=True))


def test_no_library_is_kept_alive_past_the_end(tmp_path: Path) -> None:
    """torch is never unloaded, and duckdb says on the terminal when something still holds it."""
    (tmp_path / "both.py").write_text("import duckdb, torch\n")
    (tmp_path / ".whence").mkdir()
    assert run_recorded(tmp_path, "both.py") == Outcome(0, b"", b"")
