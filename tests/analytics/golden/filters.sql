-- a page
SELECT _t.`id` AS `id`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
WHERE _t.`country` IN {p0:Array(String)} AND _t.`amount` >= {p1:Decimal(12, 2)} AND startsWith(_t.`country`, {p2:String}) AND positionCaseInsensitiveUTF8(_t.`extra`, {p3:String}) > 0 AND _t.`paid` IS NOT NULL
ORDER BY _t.`id`
LIMIT {p4:UInt64} OFFSET {p5:UInt64}
-- {"p0": ["NL", "DE"], "p1": "1.5", "p2": "N", "p3": "x", "p4": 101, "p5": 200}

-- as Arrow
SELECT _t.`id` AS `id`
FROM `t_01900000000070008000000000000001`.`orders` AS _t FINAL
WHERE _t.`country` IN {p0:Array(String)} AND _t.`amount` >= {p1:Decimal(12, 2)} AND startsWith(_t.`country`, {p2:String}) AND positionCaseInsensitiveUTF8(_t.`extra`, {p3:String}) > 0 AND _t.`paid` IS NOT NULL
ORDER BY _t.`id`
-- {"p0": ["NL", "DE"], "p1": "1.5", "p2": "N", "p3": "x"}
