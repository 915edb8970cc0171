DROP TABLE IF EXISTS `view_01900000000070008000000000000001_2`  SYNC
-- null

CREATE TABLE IF NOT EXISTS `view_01900000000070008000000000000001_2`  (interval DateTime('UTC'), k0 Nullable(String), k1 Nullable(String), k2 Nullable(String), number SimpleAggregateFunction(sum, UInt64), m0 AggregateFunction(count, Nullable(Float64)), version SimpleAggregateFunction(max, UInt64))
ENGINE = AggregatingMergeTree
ORDER BY (interval, k0, k1, k2)
SETTINGS allow_nullable_key = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1, old_parts_lifetime = 480, merge_with_ttl_timeout = 3600
-- null

INSERT INTO `view_01900000000070008000000000000001_2` SELECT toDateTime(intDiv(toUnixTimestamp(time), {p2:UInt32}) * {p2:UInt32}, 'UTC') AS interval, multiIf(JSONType(attributes, {p3:String}) = 'Null', NULL, JSONType(attributes, {p3:String}) = 'String', JSONExtractString(attributes, {p3:String}), JSONExtractRaw(attributes, {p3:String})) AS k0, multiIf(JSONType(attributes, {p4:String}) = 'Null', NULL, JSONType(attributes, {p4:String}) = 'String', JSONExtractString(attributes, {p4:String}), JSONExtractRaw(attributes, {p4:String})) AS k1, multiIf(JSONType(attributes, {p5:String}, {p6:String}) = 'Null', NULL, JSONType(attributes, {p5:String}, {p6:String}) = 'String', JSONExtractString(attributes, {p5:String}, {p6:String}), JSONExtractRaw(attributes, {p5:String}, {p6:String})) AS k2, count() AS number, countState(toNullable(toFloat64(1))) AS m0, {p9:UInt64} AS version
FROM events
WHERE organization_id = {p7:UUID}
AND batch <= {p0:UInt64}
AND batch NOT IN {p1:Array(UInt64)}
AND `kind` = {p8:String}
GROUP BY interval, k0, k1, k2
ORDER BY interval, k0, k1, k2
-- {"p0": 12, "p1": [10, 11], "p2": 3600, "p3": "pipeline_id", "p4": "pipeline", "p5": "failure", "p6": "code", "p7": "01900000-0000-7000-8000-000000000001", "p8": "thedata.run.failed", "p9": 7}

DROP TABLE IF EXISTS `view_01900000000070008000000000000001_1`  SYNC
-- null
