SELECT id, kind, time, message, attributes
FROM events
WHERE organization_id = {p0:UUID}
AND ((JSONType(attributes, {p1:String}, {p2:String}) NOT IN ('String') OR JSONExtractString(attributes, {p1:String}, {p2:String}) != {p3:String}))
AND ((JSONType(attributes, {p4:String}) IN ('String')
AND JSONExtractString(attributes, {p4:String}) IN {p5:Array(String)}) OR (JSONType(attributes, {p4:String}) IN ('Int64', 'UInt64', 'Double')
AND JSONExtractFloat(attributes, {p4:String}) IN {p6:Array(Float64)}) OR (JSONType(attributes, {p4:String}) IN ('Bool')
AND JSONExtractBool(attributes, {p4:String}) IN {p7:Array(Bool)}))
AND ((JSONType(attributes, {p8:String}) IN ('String')
AND positionCaseInsensitiveUTF8(JSONExtractString(attributes, {p8:String}), {p9:String}) > 0))
AND JSONType(attributes, {p10:String}) = 'Null'
AND (time, id) < ({p11:DateTime64(6, 'UTC')}, {p12:UUID})
ORDER BY organization_id DESC, time DESC, id DESC
LIMIT {p13:UInt32}
-- {"p0": "01900000-0000-7000-8000-000000000001", "p1": "user", "p2": "name", "p3": "x') OR 1 = 1 --`{p0:UUID}", "p4": "n", "p5": ["1", "true", "x", "x"], "p6": [1], "p7": [true], "p8": "x') OR 1 = 1 --`{p0:UUID}", "p9": "x') OR 1 = 1 --`{p0:UUID}", "p10": "gone", "p11": "2026-01-02 00:00:00.000000", "p12": "01900000-0000-7000-8000-000000000001", "p13": 51}
