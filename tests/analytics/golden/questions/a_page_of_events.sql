SELECT id, kind, time, message, attributes
FROM events
WHERE organization_id = {p0:UUID}
AND kind IN {p1:Array(String)}
AND time >= {p2:DateTime64(6, 'UTC')}
AND time < {p3:DateTime64(6, 'UTC')}
AND (positionCaseInsensitiveUTF8(message, {p4:String}) > 0 OR positionCaseInsensitiveUTF8(attributes, {p4:String}) > 0)
AND (time, id) < ({p5:DateTime64(6, 'UTC')}, {p6:UUID})
ORDER BY organization_id DESC, time DESC, id DESC
LIMIT {p7:UInt32}
-- {"p0": "01900000-0000-7000-8000-000000000001", "p1": ["a", "x') OR 1 = 1 --`{p0:UUID}"], "p2": "2026-01-01 00:00:00.000000", "p3": "2026-01-02 00:00:00.000000", "p4": "x') OR 1 = 1 --`{p0:UUID}", "p5": "2026-01-02 00:00:00.000000", "p6": "01900000-0000-7000-8000-000000000001", "p7": 51}
