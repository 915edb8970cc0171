"""How the run engine keeps its promises about time: recovery, stops, starts, logs, and idleness."""
