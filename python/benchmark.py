"""Pictures a second of reading one record on one core, by processor time, beside what else reads TFRecords without TensorFlow.

    PYTHONPATH=src python3 benchmark.py data/tfrecords/lab_images_0.tfrecord
"""

from __future__ import annotations

import random
import struct
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from koalarization_reader import Records, crc32c

sys.path.append(str(Path(__file__).resolve().parents[1] / "src/Koala/Demo"))


def main(path: str) -> None:
    records = Records(path)
    count = len(records)
    order = random.Random(1).sample(range(count), count)
    rows: dict[str, Callable[[], Iterable[Any]]] = {
        "Records, checksums": lambda: records,
        "Records, check=False": lambda: Records(path, check=False),
        "Records[i], in any order, checksums": lambda: (records[i] for i in order),
    }
    try:
        from koalarization_reader import RecordDataset

        data = RecordDataset(path)
        rows["RecordDataset[i], tensors, in any order, checksums"] = lambda: (data[i] for i in order)
    except ImportError:
        pass
    from read_records import read_pictures  # type: ignore[import]

    rows["read_records.py, checksums"] = lambda: read_pictures(path, check=True)
    rows["read_records.py"] = lambda: read_pictures(path)
    try:
        rows["protobuf's own Python classes"] = protobuf_reader(path)
    except ImportError:
        pass
    best = dict.fromkeys(rows, 0.0)
    for _ in range(3):  # in turns
        for name, read in rows.items():
            begin = time.process_time()
            found = sum(1 for _ in islice(read(), 100))
            best[name] = max(best[name], found / (time.process_time() - begin))
    for name, rate in best.items():
        print(f"{name}: {rate:.0f} pictures/s")
    block = np.random.default_rng(1).bytes(1_076_956)
    times = []
    for _ in range(200):
        begin = time.perf_counter()
        crc32c(block)
        times.append(time.perf_counter() - begin)
    print(f"crc32c of {len(block)} bytes: {min(times) * 1e6:.0f} us, {len(block) / min(times) / 1e9:.1f} GB/s")


def protobuf_reader(path: str) -> Callable[[], Iterator[Any]]:
    """tf.train.Example as a schema, read by the package protobuf. Without checksums: it has none."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(name="example.proto", package="t", syntax="proto3")

    def message(name: str, *fields: tuple[str, int, int, int, str]) -> Any:
        one = file.message_type.add(name=name)
        for field, number, kind, label, of in fields:
            one.field.add(name=field, number=number, type=kind, label=label, type_name=of)  # type: ignore[arg-type]
        return one

    message("BytesList", ("value", 1, 12, 3, ""))
    message("FloatList", ("value", 1, 2, 3, ""))
    message("Int64List", ("value", 1, 3, 3, ""))
    message("Feature", *((name, i, 11, 1, f".t.{kind}") for i, (name, kind) in enumerate(
        (("bytes_list", "BytesList"), ("float_list", "FloatList"), ("int64_list", "Int64List")), 1)))
    features = message("Features", ("feature", 1, 11, 3, ".t.Features.FeatureEntry"))
    entry = features.nested_type.add(name="FeatureEntry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, type=9, label=1)
    entry.field.add(name="value", number=2, type=11, label=1, type_name=".t.Feature")
    message("Example", ("features", 1, 11, 1, ".t.Features"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    descriptor = pool.FindMessageTypeByName("t.Example")
    if hasattr(message_factory, "GetMessageClass"):
        example_class = message_factory.GetMessageClass(descriptor)
    else:
        example_class = message_factory.MessageFactory(pool).GetPrototype(descriptor)

    def read() -> Iterator[Any]:
        with open(path, "rb") as records:
            while header := records.read(12):
                data = records.read(struct.unpack_from("<Q", header)[0])
                records.read(4)
                example = example_class.FromString(data)
                feature = example.features.feature
                yield [np.array(feature[name].float_list.value, np.float32) for name in ("image_l", "image_ab", "image_embedding")]

    return read


if __name__ == "__main__":
    main(sys.argv[1])
