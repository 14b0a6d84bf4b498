#!/usr/bin/env python3
"""Times training on one PyTorch process with one thread, and prints one line of JSON."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch  # noqa: E402  (reads OMP_NUM_THREADS when it is loaded)

import measure  # noqa: E402
from networks import NETWORKS  # noqa: E402


def main():
    options = measure.parse_options(__doc__, list(NETWORKS))
    torch.set_num_threads(1)
    images, labels = measure.load_examples(options.data_dir, measure.is_flat(options.model))
    network = measure.build(options.model)
    optimizer = measure.make_optimizer(options.optimizer, network.parameters())
    generator = torch.Generator().manual_seed(2)
    step = measure.training_step(network, optimizer, images, labels, options.batch_size, generator)
    seconds = measure.time_steps(step, measure.steps_for(step, options.seconds))
    measure.print_result(options, 1, seconds, network)


if __name__ == "__main__":
    main()
