"""Trains torchhd on the numbers that `cargo xtask peers` has left in a folder, and prints lines of JSON.

Record encoding (position and level hypervectors, bound and summed up) in MAP, the fastest of its algebras here, and
its `Centroid` model: one pass of `add`, then epochs of `add_adapt` (AdaptHD). Samples go in batches, since one by one
takes longer. Time is time on the wall of two threads, the peak of memory that of the process.
"""

import json
import sys
import time

import numpy as np
import torch
import torchhd
from torchhd.models import Centroid

DIMENSION, LEVELS = 10_000, 16
# What fits into a cache is encoded fastest.
ENCODED, LEARNED = 8, 64

folder, name, features, method, epochs = sys.argv[1:]
features, epochs = int(features), int(epochs)
torch.set_num_threads(2)
torch.set_grad_enabled(False)
torch.manual_seed(1)


def side(which):
    rows = np.fromfile(f"{folder}/{which}.f32", "<f4").reshape(-1, features)
    return rows, torch.from_numpy(np.fromfile(f"{folder}/{which}.u8", np.uint8).astype(np.int64))


(rows, labels), (held_out, held_labels) = side("train"), side("held_out")
low, high = rows.min(axis=0), rows.max(axis=0)
scaled = lambda rows: torch.from_numpy(((rows - low) / np.maximum(high - low, 1e-9)).clip(0, 1).astype(np.float32))
rows, held_out = scaled(rows), scaled(held_out)
position = torchhd.embeddings.Random(features, DIMENSION)
value = torchhd.embeddings.Level(LEVELS, DIMENSION)
classes = int(labels.max()) + 1


def encode(rows):
    parts = [torchhd.hash_table(position.weight, value(part)) for part in rows.split(ENCODED)]
    return torch.cat(parts).sign()


def learn(samples):
    model = Centroid(DIMENSION, classes)
    for samples, targets in zip(whole.split(LEARNED), labels.split(LEARNED)):
        model.add(samples, targets)
    for _ in range(epochs if method == "retrained" else 0):
        order = torch.randperm(len(labels))
        for chosen in order.split(LEARNED):
            model.add_adapt(whole[chosen], labels[chosen])
    return model


start = time.perf_counter()
whole = encode(rows)
encoded = time.perf_counter() - start
learned = []
while len(learned) < 5 and sum(learned) < 4:
    start = time.perf_counter()
    model = learn(whole)
    learned.append(time.perf_counter() - start)
with open("/proc/self/status") as status:
    peak = next(float(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmHWM:"))
accuracy = (model(encode(held_out)).argmax(1) == held_labels).float().mean().item()
learned.sort()
for what, more in [("", encoded), (", encoded", 0)]:
    line = {"work": f"training, {method}{what}: {name}", "engine": "torchhd MAP", "D": DIMENSION, "N": len(labels)}
    line |= {"median_ns": round(1e9 * (learned[len(learned) // 2] + more)), "min": round(1e9 * (learned[0] + more))}
    print(json.dumps(line | {"megabytes": round(peak), "accuracy": round(accuracy, 4)}), flush=True)
