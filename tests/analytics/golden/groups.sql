-- a page
SELECT _t.`country` AS `country`, _t.`paid` AS `paid`, count() AS `count`, sum(_t.`amount`) AS `sum_amount`, toFloat64(quantileTDigest(0.95)(toFloat64(_t.`amount`))) AS `p95_amount`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
GROUP BY 1, 2
ORDER BY _t.`country`, _t.`paid`
LIMIT {p0:UInt64} OFFSET {p1:UInt64}
-- {"p0": 101, "p1": 200}

-- as Arrow
SELECT _t.`country` AS `country`, _t.`paid` AS `paid`, count() AS `count`, sum(_t.`amount`) AS `sum_amount`, toFloat64(quantileTDigest(0.95)(toFloat64(_t.`amount`))) AS `p95_amount`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
GROUP BY 1, 2
ORDER BY _t.`country`, _t.`paid`
-- {}
