SELECT name, argMax(labels, time), max(time), argMax(value, time)
FROM metric_points
WHERE organization_id = {p0:UUID}
AND batch IN {p1:Array(UInt64)}
AND name IN {p2:Array(String)}
GROUP BY name, series
ORDER BY name, series
LIMIT {p3:UInt32}
-- {"p0": "01900000-0000-7000-8000-000000000001", "p1": [1, 2], "p2": ["heat", "x') OR 1 = 1 --`{p0:UUID}"], "p3": 100}
