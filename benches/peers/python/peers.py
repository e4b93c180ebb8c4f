"""Times the Python peers on the sizes of benches/peers/rust, and prints the same lines of JSON.

One thread; processor time of the process, as there; inputs are made outside the timer. A package that is not
installed is named on stderr and left out. `cargo xtask peers` runs this and collects the lines.
"""

import json
import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

SAMPLE = 0.002  # seconds
SAMPLES, LONG_SAMPLES = 9, 5
WIDE = 10_000
LEVELS = 16


def package(name):
    try:
        return __import__(name)
    except ImportError as error:
        print(f"left out: {name}: {error}", file=sys.stderr)
        return None


faiss, simsimd, torch, torchhd = map(package, ["faiss", "simsimd", "torch", "torchhd"])
usearch = package("usearch.index")
if usearch:
    import usearch.index

if faiss:
    faiss.omp_set_num_threads(1)
if torch:
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)


def timed(call, calls):
    start = time.process_time_ns()
    for _ in range(calls):
        call()
    return time.process_time_ns() - start


def contest(work, n, engines):
    """Measures `engines` (name, D, units in a call, call) in turn, sample by sample."""
    entries = []
    for name, dimension, units, call in engines:
        calls = 1
        while (first := timed(call, calls)) < SAMPLE * 1e9 and calls < 1 << 20:
            calls *= 2
        entries.append((name, dimension, units, call, calls, first > 5e7, []))
    for sample in range(SAMPLES):
        for _, _, units, call, calls, slow, taken in entries:
            # What takes long is measured three times only.
            if sample >= LONG_SAMPLES and calls == 1 or sample >= 3 and slow:
                continue
            if not slow:
                timed(call, 1 + calls // 8)
            taken.append(timed(call, calls) / calls / units)
    for name, dimension, _, _, _, _, taken in entries:
        q1, median, q3 = np.percentile(taken, [25, 50, 75])
        line = {"work": work, "engine": name, "D": dimension, "N": n, "median_ns": round(median, 1)}
        line |= {"q1": round(q1, 1), "q3": round(q3, 1), "min": round(min(taken), 1)}
        print(json.dumps(line), flush=True)


random = np.random.default_rng(1)


def packed(n, dimension):
    return random.integers(0, 256, (n, dimension // 8), dtype=np.uint8)


def near(rows, queries):
    """Queries near known rows, a quarter of their bits flipped, and which rows those are."""
    which = np.array([(query * 2 + 1) * len(rows) // (queries * 2) for query in range(queries)])
    bits = rows.shape[1] * 8
    return rows[which] ^ packed(queries, bits) & packed(queries, bits), which


def numpy_nearest(rows, queries):
    """XOR and the population count of whole arrays: 64-bit words where the row has them."""
    wide = np.uint64 if rows.shape[1] % 8 == 0 else np.uint16
    rows, queries = rows.view(wide), queries.view(wide)

    def call():
        return [int(np.bitwise_count(rows ^ query).sum(axis=1, dtype=np.uint32).argmin()) for query in queries]

    return call


def search(dimension, n, count):
    rows = packed(n, dimension)
    queries, which = near(rows, count)
    engines = []
    if faiss:
        index = faiss.IndexBinaryFlat(dimension)
        index.add(rows)
        engines.append(("faiss", lambda: index.search(queries, 1)[1][:, 0]))
    if usearch and n * count <= 100_000 * 64:
        def exact():
            found = usearch.index.search(rows, queries, 1, usearch.index.MetricKind.Hamming, exact=True, threads=1)
            return np.asarray(found.keys).reshape(-1)

        engines.append(("usearch", exact))
    if simsimd and count == 1:
        engines.append(("simsimd", lambda: [np.asarray(simsimd.cdist(queries, rows, "hamming", dtype="bin8")).argmin()]))
    if n * count * dimension <= 1e9:
        engines.append(("numpy", numpy_nearest(rows, queries)))
    if torchhd and n * count * dimension <= 2e8:
        memory = torch.from_numpy(np.unpackbits(rows, axis=1)).bool().as_subclass(torchhd.BSCTensor)
        asked = torch.from_numpy(np.unpackbits(queries, axis=1)).bool().as_subclass(torchhd.BSCTensor)
        engines.append(("torchhd BSC", lambda: torchhd.hamming_similarity(asked, memory).argmax(-1).reshape(-1)))
        signs, asked_signs = (torchhd.MAPTensor(1 - 2.0 * bits.as_subclass(torch.Tensor)) for bits in (memory, asked))
        engines.append(("torchhd MAP", lambda: torchhd.dot_similarity(asked_signs, signs).argmax(-1).reshape(-1)))
    for name, call in engines:
        assert list(map(int, call())) == list(which), f"{name} found another row"
    contest(
        "search, 1 query" if count == 1 else f"search, {count} queries",
        n,
        [(name, dimension, count, call) for name, call in engines],
    )


def vectors():
    a, b = packed(2, WIDE)
    pairs = {"bind": [], "permute by 1": [], "permute by 4567": [], "hamming": []}
    words_a, words_b = a.view(np.uint16), b.view(np.uint16)
    pairs["bind"].append(("numpy", lambda: a ^ b))
    pairs["hamming"].append(("numpy", lambda: int(np.bitwise_count(words_a ^ words_b).sum())))
    for by in (1, 4567):
        pairs[f"permute by {by}"].append(("numpy", lambda by=by: np.packbits(np.roll(np.unpackbits(a), by))))
    if simsimd:
        pairs["hamming"].append(("simsimd", lambda: simsimd.hamming(a, b, "bin8")))
    for algebra in ("BSC", "MAP") if torchhd else ():
        x, y = torchhd.random(2, WIDE, algebra)
        pairs["bind"].append((f"torchhd {algebra}", lambda x=x, y=y: torchhd.bind(x, y)))
        similarity = torchhd.hamming_similarity if algebra == "BSC" else torchhd.dot_similarity
        pairs["hamming"].append((f"torchhd {algebra}", lambda x=x, y=y, s=similarity: s(x, y)))
        for by in (1, 4567):
            pairs[f"permute by {by}"].append((f"torchhd {algebra}", lambda x=x, by=by: torchhd.permute(x, shifts=by)))
    for work, engines in pairs.items():
        n = 1 if work.startswith("permute") else 2
        contest(work, n, [(name, WIDE, 1, call) for name, call in engines])


def bundle(count):
    rows = packed(count, WIDE)
    engines = [("numpy", lambda: np.packbits(2 * np.unpackbits(rows, axis=1).sum(axis=0, dtype=np.uint16) > count))]
    for algebra in ("BSC", "MAP") if torchhd else ():
        many = torchhd.random(count, WIDE, algebra)
        # MAP keeps the sum; the comparable result is quantised.
        finish = torchhd.normalize if algebra == "MAP" else lambda result: result
        engines.append((f"torchhd {algebra}", lambda many=many, finish=finish: finish(torchhd.multiset(many))))
    contest("bundle", count, [(name, WIDE, 1, call) for name, call in engines])


def record(features, dimension):
    """Level and position hypervectors, bound, bundled and quantised: torchhd's own way to encode a record."""
    engines = []
    for algebra in ("BSC", "MAP"):
        position = torchhd.embeddings.Random(features, dimension, vsa=algebra)
        value = torchhd.embeddings.Level(LEVELS, dimension, vsa=algebra)
        sample = torch.rand(features)
        batch = torch.rand(8, features)

        def encode(sample, position=position, value=value, algebra=algebra):
            result = torchhd.hash_table(position.weight, value(sample))
            return torchhd.normalize(result) if algebra == "MAP" else result

        engines.append((f"torchhd {algebra}", dimension, 1, lambda e=encode, s=sample: e(s)))
        engines.append((f"torchhd {algebra}, batch", dimension, 8, lambda e=encode, b=batch: e(b)))
    contest("encode record", features, engines)


def window(dimension):
    """4 channels, 256 steps, 4-grams."""
    engines = []
    for algebra in ("BSC", "MAP"):
        channels = torchhd.embeddings.Random(4, dimension, vsa=algebra)
        signal = torchhd.embeddings.Level(LEVELS, dimension, vsa=algebra)
        sample = torch.rand(256, 4)
        batch = torch.rand(16, 256, 4)

        def encode(sample, channels=channels, signal=signal, algebra=algebra):
            result = torchhd.ngrams(torchhd.multiset(torchhd.bind(signal(sample), channels.weight)), n=4)
            return torchhd.normalize(result) if algebra == "MAP" else result

        engines.append((f"torchhd {algebra}", dimension, 1, lambda e=encode, s=sample: e(s)))
        engines.append((f"torchhd {algebra}, batch", dimension, 16, lambda e=encode, b=batch: e(b)))
    contest("encode EMG window", 256, engines)


if __name__ == "__main__":
    vectors()
    for count in (3, 8, 21, 64, 200, 617):
        bundle(count)
    if torchhd:
        record(617, 10_048)
        record(617, 1024)
        window(1024)
    for dimension in (1024, WIDE):
        for n in (16, 100, 1000, 10_000, 100_000):
            search(dimension, n, 1)
            search(dimension, n, 64)
