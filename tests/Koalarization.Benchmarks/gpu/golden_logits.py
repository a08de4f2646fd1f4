"""Compares the logits in a folder's records with those that TensorFlow gave: golden_logits.py RECORDS GOLDEN PRECISION"""

import sys
from pathlib import Path

import numpy as np
from koalarization_reader import Records

records, golden, precision = sys.argv[1:]
names = Path(golden, "names.txt").read_text().splitlines()
expected = np.fromfile(Path(golden, "embeddings_fast_dct.f32"), "<f4").reshape(len(names), 1001)
by_name = {Path(name).name: row for name, row in zip(names, expected)}
differences, cosines = [], []
for example in Records(records):
    logits, wanted = example.embedding.astype("f8"), by_name[Path(example.name).name].astype("f8")
    differences.append(abs(logits - wanted).max())
    cosines.append(logits @ wanted / np.sqrt((logits @ logits) * (wanted @ wanted)))
print(f"{precision}: {len(differences)} pictures, largest difference {max(differences):.2e}, smallest cosine {min(cosines):.7f}, logits reach {abs(expected).max():.1f}")
