"""The seven networks of the study in PyTorch, layer for layer as libs/nn-models builds them."""

from torch import nn


def _dense(inputs, hidden, activation, dropout=0.0):
    layers = []
    for width in hidden:
        layers += [nn.Linear(inputs, width), activation()]
        if dropout:
            layers.append(nn.Dropout(dropout))
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, 10))


def _two_convolutions(pool_dropout, dense_dropout):
    def block(inputs, outputs):
        layers = [nn.Conv2d(inputs, outputs, 3), nn.ReLU(), nn.MaxPool2d(2)]
        return layers + ([nn.Dropout(pool_dropout)] if pool_dropout else [])

    dense = [nn.Flatten(), nn.Linear(1600, 128), nn.ReLU()] + ([nn.Dropout(dense_dropout)] if dense_dropout else [])
    return nn.Sequential(*block(1, 32), *block(32, 64), *dense, nn.Linear(128, 10))


def _normalized_convolutions():
    def normalized(inputs, outputs):
        return [nn.Conv2d(inputs, outputs, 3, padding="same"), nn.ReLU(), nn.BatchNorm2d(outputs)]

    def block(inputs, outputs):
        return [*normalized(inputs, outputs), *normalized(outputs, outputs), nn.MaxPool2d(2), nn.Dropout(0.25)]

    dense = [nn.Flatten(), nn.Linear(3136, 512), nn.ReLU(), nn.BatchNorm1d(512), nn.Dropout(0.5)]
    return nn.Sequential(*block(1, 32), *block(32, 64), *dense, nn.Linear(512, 10))


def _vgg16():
    layers, inputs = [], 1
    for count, outputs in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]:
        for _ in range(count):
            layers += [nn.Conv2d(inputs, outputs, 3, padding="same"), nn.ReLU()]
            inputs = outputs
        layers.append(nn.MaxPool2d(2, ceil_mode=True))
    dense = [nn.Flatten()]
    for _ in range(2):
        dense += [nn.Linear(512, 512), nn.ReLU(), nn.Dropout(0.5)]
    return nn.Sequential(*layers, *dense, nn.Linear(512, 10))


NETWORKS = {
    "initial-nn": lambda: _dense(784, [32], nn.Sigmoid),
    "dropout-ann": lambda: _dense(784, [512, 512], nn.ReLU, 0.2),
    "deep-ann": lambda: _dense(784, [512, 512], nn.ReLU),
    "simple-cnn": lambda: _two_convolutions(0.0, 0.0),
    "dropout-cnn": lambda: _two_convolutions(0.25, 0.5),
    "deep-cnn-bn": _normalized_convolutions,
    "vgg16": _vgg16,
}

# Networks whose input is a flat row of 784 values; the others take one channel of 28 by 28.
FLAT = frozenset({"initial-nn", "dropout-ann", "deep-ann"})
