"""One fit and predict without bancada, with no copy too many. Usage: plain_fit.py KIND FILE."""

import sys

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from large_table import Means

kind, file = sys.argv[1:]
source = pq.ParquetFile(file)
names = [name for name in source.schema_arrow.names if name != "y"]
y = source.read(columns=["y"]).column("y").to_numpy()
values = np.empty((len(y), len(names)), order="F" if kind == "frames" else "C")
for position, name in enumerate(names):
    values[:, position] = source.read(columns=[name]).column(name).to_numpy()
X = pd.DataFrame(values, columns=names, copy=False) if kind == "frames" else values
train = np.sort(np.random.default_rng(0).permutation(len(y))[len(y) // 5 :])
part = X.iloc[train] if kind == "frames" else X[train]
sys.stdout.write(f"{Means().fit(part, y[train]).mean_}\n")
