-- a page
SELECT _t.`country` AS `country`, _t.`amount` AS `amount`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
ORDER BY _t.`amount` DESC, _t.`country`, _t.`id`
LIMIT {p0:UInt64} OFFSET {p1:UInt64}
-- {"p0": 101, "p1": 200}

-- as Arrow
SELECT _t.`country` AS `country`, _t.`amount` AS `amount`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
ORDER BY _t.`amount` DESC, _t.`country`
-- {}
