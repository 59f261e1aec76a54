"""Odd torch programs do under ``whence run`` what they do under plain Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.truth import Project

pytest.importorskip("torch", reason="needs PyTorch")

pytestmark = pytest.mark.torch

ODD = """
import copy, io, pickle
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

class Own(torch.optim.Optimizer):
    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for weight in group["params"]:
                weight.sub_(weight.grad, alpha=group["lr"])
        return "stepped"

class Bad(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def __getattr__(self, name):
        if name not in ("layer", "_backward_hooks"):
            print("asked", name) if name == "missing" else None
        return super().__getattr__(name)

    def parameters(self, recurse=True):
        raise RuntimeError("no parameters for you")

    def forward(self, x):
        return self.layer(x)

class Raising(Dataset):
    def __len__(self):
        raise TypeError("no length")

    def __getitem__(self, at):
        if at > 3:
            raise IndexError
        return torch.full((2,), float(at))

torch.manual_seed(0)
first_init = torch.optim.SGD.__init__
torch.optim.SGD.__init__ = lambda self, *a, **k: (print("patched"), first_init(self, *a, **k))[1]

def steps(model, optimizer, count=3):
    seen = []
    for _ in range(count):
        optimizer.zero_grad()
        loss = model(torch.ones(4, 2)).pow(2).mean()
        loss.backward()
        seen.append(optimizer.step())
    return seen, round(loss.item(), 6)

model = nn.Linear(2, 1)
own = Own(model.parameters(), 0.1)
handle = own.register_step_post_hook(lambda *given: print("hook", len(given)))
print(steps(model, own))
handle.remove()
print(steps(model, own))

bad = Bad()
print(steps(bad, torch.optim.SGD(bad.layer.parameters(), lr=0.1)))
try:
    bad.missing
except AttributeError as error:
    print(error)

plain = nn.Linear(2, 1)
adam = torch.optim.Adam(plain.parameters(), lr=0.1)
schedule = torch.optim.lr_scheduler.StepLR(adam, 2)
print(steps(plain, adam)[1])
schedule.step()
print(sorted(vars(adam)), len(pickle.dumps(adam)), type(copy.deepcopy(adam)).__name__)

torch._dynamo.reset()
compiled = torch.compile(nn.Linear(2, 1), backend="eager", fullgraph=True)
fresh = torch.optim.Adam(compiled.parameters(), lr=0.1, foreach=True)
step = torch.compile(fresh.step, backend="eager")
for _ in range(2):
    compiled(torch.ones(4, 2)).sum().backward()
    step()
print(round(compiled._orig_mod.weight.sum().item(), 6))

def lbfgs():
    model = nn.Linear(2, 1)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=3)
    def closure():
        optimizer.zero_grad()
        loss = model(torch.ones(4, 2)).pow(2).mean()
        loss.backward()
        return loss
    return round(float(optimizer.step(closure)), 6)

print(lbfgs())
try:
    print(len(DataLoader(Raising())))
except TypeError as error:
    print(error)
iterator = iter(DataLoader(TensorDataset(torch.arange(6)), batch_size=4))
print([next(iterator), next(iterator, None), next(iterator, None)])
try:
    torch.optim.Adam([])
except ValueError as error:
    print(error)
buffer = io.BytesIO()
torch.save({"model": plain.state_dict(), "optimizer": adam.state_dict()}, buffer)
buffer.seek(0)
print(plain.load_state_dict(torch.load(buffer)["model"]))
try:
    plain.load_state_dict({"weight": torch.zeros(1)})
except RuntimeError as error:
    print(str(error).splitlines()[0])
with torch.inference_mode():
    print(nn.Linear(2, 1).weight.is_inference())
"""

RANKS = """
import os, sys
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn

def work(rank, folder):
    store = f"file://{folder}/meet"
    dist.init_process_group("gloo", init_method=store, rank=rank, world_size=2)
    x = torch.load("x.pt")
    model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        loss = model(x[rank * 10 : rank * 10 + 10]).pow(2).mean()
        loss.backward()
        optimizer.step()
    if rank == 0:
        torch.save(model.module.state_dict(), "ranks.pt")
    dist.barrier()
    dist.destroy_process_group()

if __name__ == "__main__":
    torch.save(torch.rand(20, 2), "x.pt")
    mp.spawn(work, (os.getcwd(),), nprocs=2)
"""


def test_odd_programs_do_what_they_do_without_us(tmp_path: Path) -> None:
    project = Project(tmp_path)
    ran = project.run("odd.py", ODD)
    plain = subprocess.run(
        [sys.executable, "odd.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.out == plain.stdout
    gaps = project.json("flow", "odd")["completeness"]["gaps"]
    assert [gap for gap in gaps if gap["code"] == "observer-failed"] == []


@pytest.mark.skipif(os.name != "posix", reason="gloo's file store")
def test_each_process_of_a_parallel_training_says_its_rank(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.run("ranks.py", RANKS)
    answer = project.json("trace", "ranks.pt")
    fits = [node["attributes"] for node in answer["nodes"] if node["kind"] == "fit"]
    told = [(fit["class"], fit["rank"], fit["world_size"]) for fit in fits]
    assert ("torch.nn.modules.linear.Linear", 0, 2) in told
    edges = project.json("flow", "ranks.pt")["edges"]
    assert {(e["source"]["origin"], e["sink"]["class"], e["sink"]["line"]) for e in edges} == {
        ("x.pt", "Linear", 18)
    }
