"""Forecasts, soil water and yields on measured fields: `python -m tests.benchmarks.measured --data DIR`.

DIR (or FIELDSTATION_DATA) holds one folder a field, each with its README; a field that is not there is
said to be skipped. `--only NAME` runs one.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tests.benchmarks.measured import drummondville, foggia, maricopa, wazihub

FIELDS = {
    "wazihub_senegal": wazihub.run,
    "drummondville_quebec": drummondville.run,
    "maricopa_cotton_2018": maricopa.run,
    "foggia_tomato": foggia.run,
}


def main() -> int:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--data", type=Path, default=os.environ.get("FIELDSTATION_DATA"))
    args.add_argument("--only", choices=sorted(FIELDS))
    options = args.parse_args()
    if options.data is None or not Path(options.data).is_dir():
        print("skipped: the measured data are not here (--data DIR or FIELDSTATION_DATA)")
        return 0
    for name, run in FIELDS.items():
        if options.only not in (None, name):
            continue
        folder = Path(options.data) / name
        if folder.is_dir():
            run(folder)
        else:
            print(f"{name}: skipped, {folder} is not here")
    return 0


if __name__ == "__main__":
    sys.exit(main())
