SELECT array(labels[{p1:String}], labels[{p2:String}]) AS named, intDiv(toUnixTimestamp(time), {p0:UInt32}) * {p0:UInt32} AS at, avg(value) AS result
FROM metric_points
WHERE organization_id = {p3:UUID}
AND name = {p4:String}
AND time >= {p5:DateTime64(6, 'UTC')}
AND time < {p6:DateTime64(6, 'UTC')}
AND labels[{p7:String}] IN {p8:Array(String)}
AND NOT mapContains(labels, {p9:String})
GROUP BY named, at
ORDER BY named, at
LIMIT 200001
-- {"p0": 3600, "p1": "room", "p2": "x') OR 1 = 1 --`{p0:UUID}", "p3": "01900000-0000-7000-8000-000000000001", "p4": "heat", "p5": "2026-01-01 00:00:00.000000", "p6": "2026-01-02 00:00:00.000000", "p7": "room", "p8": ["a", "x') OR 1 = 1 --`{p0:UUID}"], "p9": "floor"}
