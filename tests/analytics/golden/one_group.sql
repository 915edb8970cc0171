-- a page
SELECT min(_t.`at`) AS `min_at`, max(_t.`day`) AS `max_day`, avg(_t.`amount`) AS `avg_amount`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
LIMIT {p0:UInt64} OFFSET {p1:UInt64}
-- {"p0": 101, "p1": 200}

-- as Arrow
SELECT min(_t.`at`) AS `min_at`, max(_t.`day`) AS `max_day`, avg(_t.`amount`) AS `avg_amount`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
-- {}
