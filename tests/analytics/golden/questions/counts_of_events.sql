SELECT kind, count()
FROM events
WHERE organization_id = {p0:UUID}
AND kind IN {p1:Array(String)}
GROUP BY kind
ORDER BY count() DESC, kind
LIMIT 100
-- {"p0": "01900000-0000-7000-8000-000000000001", "p1": ["a"], "p2": 60}

SELECT min(time), max(time)
FROM events
WHERE organization_id = {p0:UUID}
AND kind IN {p1:Array(String)}
-- {"p0": "01900000-0000-7000-8000-000000000001", "p1": ["a"], "p2": 60}

SELECT intDiv(toUnixTimestamp(time), {p2:UInt32}) * {p2:UInt32} AS at, count()
FROM events
WHERE organization_id = {p0:UUID}
AND kind IN {p1:Array(String)}
GROUP BY at
ORDER BY at
LIMIT 1000
-- {"p0": "01900000-0000-7000-8000-000000000001", "p1": ["a"], "p2": 60}
