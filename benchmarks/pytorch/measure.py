"""What both timings share: options, batches, the training step and the line of JSON."""

import argparse
import gzip
import json
import os
import statistics
import time

import torch
from torch import nn

from networks import FLAT, NETWORKS

GLOBAL_BATCH = 128


def parse_options(description, models):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--model", choices=models, default=models[0])
    parser.add_argument("--optimizer", choices=["adam", "sgd"], default="adam")
    parser.add_argument("--batch-size", type=_positive_integer, default=GLOBAL_BATCH, help="global batch")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to measure")
    parser.add_argument("--data-dir", help="folder of the Fashion-MNIST .gz files; random pixels without it")
    return parser.parse_args()


def _positive_integer(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is not a positive number")
    return value


def load_examples(data_dir, flat):
    """All training examples as float32 in [0, 1] with int64 labels; 6 000 random ones where there is no data."""
    shape = (-1, 784) if flat else (-1, 1, 28, 28)
    if data_dir is None:
        generator = torch.Generator().manual_seed(1)
        pixels = torch.rand((6000, 784), generator=generator)
        return pixels.reshape(shape), torch.randint(0, 10, (6000,), generator=generator)
    images = _read_idx(os.path.join(data_dir, "train-images-idx3-ubyte.gz"), 16)
    labels = _read_idx(os.path.join(data_dir, "train-labels-idx1-ubyte.gz"), 8)
    return (images.to(torch.float32) / 255).reshape(shape), labels.to(torch.int64)


def _read_idx(path, header_bytes):
    with gzip.open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()[header_bytes:]), dtype=torch.uint8)


def make_optimizer(name, parameters):
    """Keras's settings, which Weft uses: Adam 0.001 with epsilon 1e-7, SGD 0.01 without momentum."""
    if name == "adam":
        return torch.optim.Adam(parameters, lr=0.001, eps=1e-7)
    return torch.optim.SGD(parameters, lr=0.01)


def training_step(network, optimizer, images, labels, batch, generator):
    """A function that draws one batch at random, trains on it once and returns its loss."""
    loss_of = nn.CrossEntropyLoss()

    def step():
        chosen = torch.randint(0, len(labels), (batch,), generator=generator)
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(network(images[chosen]), labels[chosen])
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def build(model):
    torch.manual_seed(0)
    return NETWORKS[model]().train()


def is_flat(model):
    return model in FLAT


def time_steps(step, steps):
    """Seconds of each of `steps` steps."""
    seconds = []
    for _ in range(steps):
        started = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - started)
    return seconds


def steps_for(step, budget_seconds):
    """Warms up, and says how many steps take about `budget_seconds` (3 to 20 000)."""
    time_steps(step, 2)
    probe = statistics.median(time_steps(step, 3))
    return max(3, min(20_000, int(budget_seconds / probe)))


def print_result(options, processes, seconds, network):
    median = statistics.median(seconds)
    print(
        json.dumps(
            {
                "system": "pytorch-ddp-gloo" if processes > 1 else "pytorch",
                "version": torch.__version__,
                "model": options.model,
                "optimizer": options.optimizer,
                "processes": processes,
                "threadsPerProcess": torch.get_num_threads(),
                "globalBatch": options.batch_size,
                "data": "random" if options.data_dir is None else "fashion-mnist",
                "parameters": sum(tensor.numel() for tensor in network.parameters()),
                "steps": len(seconds),
                "medianStepMs": round(median * 1000, 4),
                "examplesPerSecond": round(options.batch_size / median, 1),
            }
        ),
        flush=True,
    )
