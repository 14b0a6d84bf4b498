#!/usr/bin/env python3
"""Times data-parallel training (DDP over gloo, one thread a process) on this machine, and prints one line of JSON."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import datetime  # noqa: E402
import tempfile  # noqa: E402

import torch  # noqa: E402  (reads OMP_NUM_THREADS when it is loaded)
import torch.distributed as distributed  # noqa: E402
from torch.nn.parallel import DistributedDataParallel  # noqa: E402

import measure  # noqa: E402

PROCESSES = 2
MODELS = ["initial-nn", "deep-ann", "simple-cnn", "deep-cnn-bn"]


def train(rank, options, rendezvous):
    """One process: its share of every global batch; rank 0 prints. All ranks take the same number of steps."""
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo",
        init_method=f"file://{rendezvous}",
        rank=rank,
        world_size=PROCESSES,
        timeout=datetime.timedelta(seconds=60),
    )
    images, labels = measure.load_examples(options.data_dir, measure.is_flat(options.model))
    network = DistributedDataParallel(measure.build(options.model))
    optimizer = measure.make_optimizer(options.optimizer, network.parameters())
    generator = torch.Generator().manual_seed(2 + rank)
    share = options.batch_size // PROCESSES
    step = measure.training_step(network, optimizer, images, labels, share, generator)
    steps = torch.tensor([measure.steps_for(step, options.seconds)])
    distributed.broadcast(steps, src=0)
    seconds = measure.time_steps(step, int(steps))
    if rank == 0:
        measure.print_result(options, PROCESSES, seconds, network)
    distributed.destroy_process_group()


def main():
    options = measure.parse_options(__doc__, MODELS)
    if options.batch_size % PROCESSES != 0:
        raise SystemExit(f"--batch-size {options.batch_size} cannot be shared by {PROCESSES} processes")
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(train, (options, os.path.join(folder, "rendezvous")), nprocs=PROCESSES)


if __name__ == "__main__":
    main()
