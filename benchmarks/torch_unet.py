"""kcolor's U-Net written in PyTorch, and a step of its training, with which `benchmarks.train_step` compares.

It has the same layers in the same order and the same number of weights, channels first. Targets are prepared beforehand. It
needs torch alone.
"""

import itertools

import torch
from torch import nn
from torch.nn import functional

ACTIVATIONS = {"relu": nn.ReLU, "leaky_relu": lambda: nn.LeakyReLU(0.2)}


class UNet(nn.Module):
    """A U-Net as `kcolor.models.unet`.

    Args:
        channels: Integer. Channels of the output.
        filters: Integers, one for each level, from the outside to the inside.
        activation: String. ``"relu"`` or ``"leaky_relu"``.
        dropout: Floats, one for each level; 0 for levels without one.
        sigmoid: Boolean. Whether the output goes through a sigmoid.
    """

    def __init__(self, channels, filters=(16, 32, 64, 128, 256), activation="relu", dropout=(), sigmoid=False):
        super().__init__()
        before = (1, *filters)
        self.down = nn.ModuleList(_block(i, o, activation) for i, o in zip(before, filters, strict=False))
        self.dropout = nn.ModuleList(nn.Dropout(p) for p in [*dropout, *[0.0] * len(filters)][: len(filters)])
        ups = list(itertools.pairwise(filters))[::-1]
        self.up = nn.ModuleList(nn.ConvTranspose2d(i, o, 3, stride=2, padding=1, output_padding=1) for o, i in ups)
        self.join = nn.ModuleList(_block(2 * width, width, activation) for width, _ in ups)
        self.head = nn.Conv2d(filters[0], channels, 1)
        self.last = nn.Sigmoid() if sigmoid else nn.Identity()

    def forward(self, x):
        skips = []
        for level, (block, dropout) in enumerate(zip(self.down, self.dropout, strict=True)):
            x = dropout(block(functional.max_pool2d(x, 2) if level else x))
            skips.append(x)
        for up, join, skip in zip(self.up, self.join, skips[-2::-1], strict=True):
            x = join(torch.cat([up(x), skip], dim=1))
        return self.last(self.head(x).float())


def _block(inputs, width, activation):
    layers = []
    for before in (inputs, width):
        layers += [nn.Conv2d(before, width, 3, padding=1), nn.BatchNorm2d(width), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers)


def weights(module) -> int:
    """How many trainable weights there are."""
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


def loss(raw, truth, pixel_weights=None):
    """Returns the loss of a batch: cross entropy for bins, mean absolute error for colours.

    The truth of bins is indices, or shares ``(b, bins, h, w)``.
    """
    if raw.shape[1] == 3:
        return functional.l1_loss(raw, truth)
    each = functional.cross_entropy(raw, truth, reduction="none")
    return each.mean() if pixel_weights is None else (each * pixel_weights).mean()


def stepper(module, luma, truth, pixel_weights=None, bfloat16=False, learning_rate=1e-3):
    """Returns a function that takes one step of training and waits for it.

    Args:
        module: A `UNet`.
        luma: NumPy array as kcolor has it, channels last.
        truth: NumPy array as kcolor has it, channels last. Indices of bins are ``(b, h, w, 1)``.
        pixel_weights: NumPy array as kcolor has it, or None.
        bfloat16: Boolean. Whether to compute under autocast.
        learning_rate: Float. Adam's learning rate.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    module = module.to(device, memory_format=torch.channels_last).train()
    optimizer = torch.optim.Adam(module.parameters(), learning_rate, eps=1e-7)
    seen = torch.from_numpy(luma).to(device).permute(0, 3, 1, 2)
    truth = torch.from_numpy(truth).to(device)
    truth = truth.permute(0, 3, 1, 2) if truth.is_floating_point() else truth[..., 0].long()
    pixel_weights = None if pixel_weights is None else torch.from_numpy(pixel_weights).to(device)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device, torch.bfloat16, enabled=bfloat16):
            raw = module(seen)
        loss(raw, truth, pixel_weights).backward()
        optimizer.step()
        if device == "cuda":
            torch.cuda.synchronize()

    return step
