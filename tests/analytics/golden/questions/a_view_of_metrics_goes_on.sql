INSERT INTO `view_01900000000070008000000000000001_1` SELECT toDateTime(intDiv(toUnixTimestamp(time), {p1:UInt32}) * {p1:UInt32}, 'UTC') AS interval, if(mapContains(labels, {p2:String}), labels[{p2:String}], NULL) AS k0, if(mapContains(labels, {p3:String}), labels[{p3:String}], NULL) AS k1, count() AS number, sumState(toNullable(value)) AS m0, {p6:UInt64} AS version
FROM metric_points
WHERE organization_id = {p4:UUID}
AND batch IN {p0:Array(UInt64)}
AND `name` = {p5:String}
GROUP BY interval, k0, k1
ORDER BY interval, k0, k1
-- {"p0": [13], "p1": 10, "p2": "pipeline_id", "p3": "pipeline", "p4": "01900000-0000-7000-8000-000000000001", "p5": "thedata.rows_committed", "p6": 8}
