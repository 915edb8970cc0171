-- a page
SELECT fromUnixTimestamp64Micro(intDiv(toUnixTimestamp64Micro(_t.`at`) + {p1:Int64}, {p0:Int64}) * {p0:Int64} - {p1:Int64}, 'UTC') AS `interval`, _t.`country` AS `country`, sum(toFloat64(_t.`amount`)) / {p2:Float64} AS `rate_amount`, uniqExact(_t.`id`) AS `count_distinct_id`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
WHERE _t.`at` >= {p3:DateTime64(6, 'UTC')} AND _t.`at` < {p4:DateTime64(6, 'UTC')}
GROUP BY 1, 2
ORDER BY sum(toFloat64(_t.`amount`)) / {p2:Float64} DESC, fromUnixTimestamp64Micro(intDiv(toUnixTimestamp64Micro(_t.`at`) + {p1:Int64}, {p0:Int64}) * {p0:Int64} - {p1:Int64}, 'UTC'), _t.`country`
LIMIT {p5:UInt64} OFFSET {p6:UInt64}
-- {"p0": 3600000000, "p1": 2371680000000000, "p2": 3600.0, "p3": "2026-01-01 00:00:00.000000", "p4": "2026-02-01 00:00:00.000000", "p5": 101, "p6": 200}

-- as Arrow
SELECT fromUnixTimestamp64Micro(intDiv(toUnixTimestamp64Micro(_t.`at`) + {p1:Int64}, {p0:Int64}) * {p0:Int64} - {p1:Int64}, 'UTC') AS `interval`, _t.`country` AS `country`, sum(toFloat64(_t.`amount`)) / {p2:Float64} AS `rate_amount`, uniqExact(_t.`id`) AS `count_distinct_id`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
WHERE _t.`at` >= {p3:DateTime64(6, 'UTC')} AND _t.`at` < {p4:DateTime64(6, 'UTC')}
GROUP BY 1, 2
ORDER BY sum(toFloat64(_t.`amount`)) / {p2:Float64} DESC, fromUnixTimestamp64Micro(intDiv(toUnixTimestamp64Micro(_t.`at`) + {p1:Int64}, {p0:Int64}) * {p0:Int64} - {p1:Int64}, 'UTC'), _t.`country`
-- {"p0": 3600000000, "p1": 2371680000000000, "p2": 3600.0, "p3": "2026-01-01 00:00:00.000000", "p4": "2026-02-01 00:00:00.000000"}
