-- a page
SELECT _t.`id` AS `id`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
WHERE _t.`at` >= {p0:DateTime64(6, 'UTC')} AND _t.`at` < {p1:DateTime64(6, 'UTC')}
ORDER BY _t.`id`
LIMIT {p2:UInt64} OFFSET {p3:UInt64}
-- {"p0": "2026-01-01 00:00:00.000000", "p1": "2026-02-01 00:00:00.000000", "p2": 101, "p3": 200}

-- as Arrow
SELECT _t.`id` AS `id`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
WHERE _t.`at` >= {p0:DateTime64(6, 'UTC')} AND _t.`at` < {p1:DateTime64(6, 'UTC')}
ORDER BY _t.`id`
-- {"p0": "2026-01-01 00:00:00.000000", "p1": "2026-02-01 00:00:00.000000"}
