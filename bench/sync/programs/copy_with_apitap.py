"""What runs in apitap's environment: source, destination, table and mode come as arguments."""

import sys

import apitap

from bench.sync.programs.starting_line import wait_for_go

wait_for_go()
source, destination, table, mode = sys.argv[1:]
merging = {"cursor": "updated_at"} if mode == "merge" else {}
apitap.transfer(source, destination, table=table, dest_table=table, mode=mode, **merging)
