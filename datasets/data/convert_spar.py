#!/usr/bin/env python3
"""Converts seglearn's watch_dataset.npy to spar.bin.gz; README.md beside this file describes the format.

    convert_spar.py WATCH_DATASET.NPY SPAR.BIN.GZ
"""

import hashlib
import struct
import sys
import zlib

import numpy as np

SOURCE_SHA256 = "eb122f23cdf06ef6bd6c6c5312958ec5cf9d038e2e6d457b8081662c75a42537"
# Counts per g and per rad/s: powers of two, the largest at which nothing saturates.
SCALE = np.array([4096.0] * 3 + [1024.0] * 3)


def gzip_bytes(data):
    """gzip without a name or a time, so that the same input gives the same bytes."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    body = deflate.compress(data) + deflate.flush()
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + body + struct.pack("<II", zlib.crc32(data), len(data))


def main(source, target):
    # The file is a pickle, which can run code: load only the very file that was looked at.
    with open(source, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SOURCE_SHA256:
        sys.exit(f"{source}: SHA-256 is {digest}, expected {SOURCE_SHA256}: take it from seglearn 1.2.5")
    data = np.load(source, allow_pickle=True).item()
    assert data["X_labels"] == ["ax", "ay", "az", "wx", "wy", "wz"]
    assert data["y_labels"] == ["PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW"]

    counts = [np.rint(x * SCALE) for x in data["X"]]
    saturated = sum(int(((c < -32768) | (c > 32767)).sum()) for c in counts)
    counts = [np.clip(c, -32768, 32767).astype("<i2") for c in counts]

    head = b"HDCREC1\0" + struct.pack("<HH", 6, len(counts))
    for count, exercise, subject, side in zip(counts, data["y"], data["subject"], data["side"]):
        head += struct.pack("<IBBBB", len(count), int(exercise), int(subject), int(side), 0)
    deltas = np.concatenate([np.diff(c[:, channel], prepend=c.dtype.type(0)) for channel in range(6) for c in counts])
    deltas = deltas.view("<u2")
    # High bytes first, then low bytes: the high ones are nearly all 0 or 255 and cost almost nothing.
    packed = gzip_bytes(head + (deltas >> 8).astype("u1").tobytes() + (deltas & 255).astype("u1").tobytes())
    with open(target, "wb") as file:
        file.write(packed)

    stream = b"".join(c.tobytes() for c in counts)
    print(f"recordings {len(counts)}, steps {sum(map(len, counts))}, saturated {saturated}, bytes {len(packed)}")
    print(f"largest error {max(np.abs(c / SCALE - x).max() for c, x in zip(counts, data['X'])):.6f}")
    print(f"SHA-256 of the counts (i16 LE, recording by recording, time-major): {hashlib.sha256(stream).hexdigest()}")
    print(f"SHA-256 of {target}: {hashlib.sha256(packed).hexdigest()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
