"""Creates a table and sends it a file; what to do comes as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from bench.sync.programs.starting_line import wait_for_go

SECONDS = 1800

work = json.loads(sys.argv[1])
settings = {"date_time_input_format": "best_effort", "bool_true_representation": "t", "bool_false_representation": "f"}
login = {"X-ClickHouse-User": work["user"], "X-ClickHouse-Key": work["password"]}
wait_for_go()
with urlopen(Request(work["url"], work["create"].encode(), login), timeout=SECONDS) as answer:
    answer.read()
path = Path(work["file"])
headers = {**login, "Content-Length": str(path.stat().st_size), "Content-Type": "application/octet-stream"}
url = f"{work['url']}?{urlencode({'query': work['insert'], **settings})}"
with path.open("rb") as file, urlopen(Request(url, file, headers), timeout=SECONDS) as answer:
    answer.read()
